"""Tables as files that a spreadsheet opens without running anything in them."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from flask import Response
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from sqlmodel import Session

from server import clock
from server.db.sessions import actor_of
from server.identity.queries import get_staff
from server.intake.cells import protected
from server.residents.exporting import watermark

CSV, XLSX = "csv", "xlsx"
MIMETYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
BYTE_ORDER_MARK = "\ufeff"  # Excel takes a CSV without it for the system's old encoding.

Rows = Iterable[Sequence[Any]]


def export(ending: str, name: str, headings: Sequence[str], rows: Rows) -> Response:
    """Return the table as a download; the file's name carries the minute it is as of."""
    write = _csv if ending == CSV else _xlsx
    stamp = f"{clock.now().astimezone(clock.CITY):%Y-%m-%d-%H%M}"
    plain = f"export-{stamp}.{ending}"
    file_name = f"{name}-{stamp}.{ending}"
    return download(write(headings, rows), MIMETYPES[ending], file_name, plain=plain)


def download(
    content: str | bytes, content_type: str, file_name: str, *, plain: str = "paper.pdf"
) -> Response:
    """Return a file to be kept; `plain` is its name for whoever reads no Chinese names."""
    response = Response(content, content_type=content_type)
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name)}"
    )
    return response


def mark_of(session: Session, reason: str) -> Callable[[int], str]:
    """Return what stands at the end of a list of people: who took so many rows along, and why."""
    staff_id = actor_of(session).staff_id
    who = "" if staff_id is None else get_staff(session, staff_id).display_name
    at = clock.now().astimezone(clock.CITY)
    return lambda number: watermark(number, who=who, reason=reason, at=at, is_masked=True)


def in_yuan(fen: int | None) -> Decimal | None:
    """Return an amount as a number that a spreadsheet can sum, exact to the fen."""
    return None if fen is None else Decimal(fen).scaleb(-2)


def harmless(value: Any) -> Any:
    """Return the value as a cell that stays a word, however it begins."""
    return protected(value) if isinstance(value, str) else value


def _csv(headings: Sequence[str], rows: Rows) -> str:
    text = io.StringIO()
    text.write(BYTE_ORDER_MARK)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([harmless(_plain(value)) for value in row] for row in rows)
    return text.getvalue()


def _xlsx(headings: Sequence[str], rows: Rows) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, heading, bold=True) for heading in headings])
    for row in rows:
        sheet.append([_cell(sheet, _plain(value)) for value in row])
    content = io.BytesIO()
    book.save(content)
    book.close()
    return content.getvalue()


def _cell(sheet: Any, value: Any, *, bold: bool = False) -> WriteOnlyCell:
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", value)
    cell = WriteOnlyCell(sheet, value=harmless(value))
    if isinstance(value, str):
        cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _plain(value: Any) -> Any:
    """What is not known is an empty cell; an instant is the time on the city's wall."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value.astimezone(clock.CITY):%Y-%m-%d %H:%M}"
    return value
