"""Writes tables of any length, row by row, into files that a spreadsheet opens."""

import csv
import os
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from server.intake.cells import protected

MOST_ROWS_OF_A_SHEET = 1_048_576

Cell = str | int | Decimal | None
Rows = Iterable[Sequence[Cell]]


class SheetFull(Exception):
    """A sheet of XLSX ends before the table does."""


def write_table(path: Path, headings: Sequence[str], rows: Rows) -> int:
    """Write CSV or XLSX, as the file's ending says, and return how many rows there were.

    The file appears whole or not at all, readable by its owner only; no cell can act as a formula.
    Raises `SheetFull`, and `OSError` where nothing can be written.
    """
    write = WRITERS[path.suffix.lower()]
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.unfinished")
    unfinished.touch(mode=0o600, exist_ok=False)
    try:
        number = write(unfinished, headings, rows)
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
    return number


def _write_csv(path: Path, headings: Sequence[str], rows: Rows) -> int:
    number = 0
    # Excel takes a CSV without the byte order mark for the system's old encoding.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([_harmless(heading) for heading in headings])
        for row in rows:
            writer.writerow([_harmless(cell) for cell in row])
            number += 1
    return number


def _write_xlsx(path: Path, headings: Sequence[str], rows: Rows) -> int:
    number = 0
    book = Workbook(write_only=True)
    try:
        sheet = book.create_sheet()
        sheet.freeze_panes = "A2"
        sheet.append([_harmless(heading) for heading in headings])
        for row in rows:
            number += 1
            if number >= MOST_ROWS_OF_A_SHEET:
                raise SheetFull
            sheet.append([_harmless(cell) for cell in row])
        with path.open("wb") as file:
            book.save(file)
    finally:
        book.close()
    return number


def _harmless(cell: Cell) -> Cell:
    if isinstance(cell, str):
        return protected(ILLEGAL_CHARACTERS_RE.sub("", cell))
    return cell


Writer = Callable[[Path, Sequence[str], Rows], int]
WRITERS: dict[str, Writer] = {".csv": _write_csv, ".xlsx": _write_xlsx}
