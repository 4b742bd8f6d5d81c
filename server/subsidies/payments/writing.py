"""The table a bank is given, as bytes: every cell a word, none a formula; count and sum with it."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from server.intake.cells import protected
from server.subsidies.payments.layouts import BankLayout, FileColumn

CSV, XLSX = "csv", "xlsx"


@dataclass(frozen=True)
class Paid:
    """A payment as it stands in a bank's file."""

    number: str
    holder: str
    bank: str
    account: str
    fen: int
    purpose: str


def write(layout: BankLayout, ending: str, payments: Sequence[Paid]) -> bytes:
    """Return the file, with a row of count and sum where the bank wants it."""
    rows = [[_cell(one, column, row) for column in layout.columns]
            for row, one in enumerate(payments, start=1)]  # fmt: skip
    headings, totals = [column.heading for column in layout.columns], _totals(layout, payments)
    above = [totals, headings] if layout.file.totals == "first" else [headings]
    table = [*above, *rows, *([totals] if layout.file.totals == "last" else [])]
    if ending == XLSX:
        return _xlsx(table)
    return _csv(table).encode(layout.file.encoding, errors="replace")


def in_yuan(fen: int) -> str:
    """Return an amount as banks write it, exact to the fen."""
    return f"{Decimal(fen).scaleb(-2):.2f}"


def _totals(layout: BankLayout, payments: Sequence[Paid]) -> list[str]:
    total = sum(one.fen for one in payments)
    in_fen = any(column.value == "fen" for column in layout.columns)
    said = ["合计", f"{len(payments)}笔", str(total) if in_fen else in_yuan(total)]
    return said + [""] * (len(layout.columns) - len(said))


def _cell(one: Paid, column: FileColumn, row: int) -> str:
    match column.value:
        case "row":
            return str(row)
        case "yuan":
            return in_yuan(one.fen)
        case "fen":
            return str(one.fen)
    return protected(str(getattr(one, column.value)))


def _csv(table: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(table)
    return text.getvalue()


def _xlsx(table: Iterable[Sequence[str]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in table:
        sheet.append([_as_word(sheet, cell) for cell in row])
    content = io.BytesIO()
    book.save(content)
    book.close()
    return content.getvalue()


def _as_word(sheet: Any, value: str) -> Any:
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"
    return cell
