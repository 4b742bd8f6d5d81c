"""XLSX: the first sheet that holds anything, its cells turned into the text a reader sees."""

import io
import warnings
import zipfile
from datetime import date, datetime, time
from typing import Any

from openpyxl import load_workbook

from server.intake.errors import TableTooLarge, TableUnreadable
from server.intake.rows import Row

MARK = b"PK\x03\x04"
# What a workbook may grow to when unpacked: a small file can hold gigabytes of nothing.
LARGEST_UNPACKED_BYTES = 400 * 1024 * 1024
# A cell in the last column costs the file nothing, and its reader all the cells before it.
WIDEST_ROW = 1_000


def read_workbook(content: bytes, *, largest_unpacked: int | None = None) -> list[Row]:
    """Return the rows of the first sheet that has any, numbered as the spreadsheet numbers them.

    Trailing empty cells are left out, since a workbook does not store them. Raises
    `TableUnreadable`, or `TableTooLarge` before anything large is unpacked.
    """
    most = largest_unpacked or LARGEST_UNPACKED_BYTES
    try:
        unpacked = _unpacked_size(content)
        if unpacked <= most:
            return _rows_of(content)
    except Exception as problem:  # A damaged workbook makes openpyxl raise nearly anything.
        raise TableUnreadable() from problem
    raise TableTooLarge(megabytes=most // (1024 * 1024))


def _unpacked_size(content: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return sum(member.file_size for member in archive.infolist())


def _rows_of(content: bytes) -> list[Row]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl speaks of styles and validations it leaves out.
        workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheets = (_rows_of_sheet(sheet) for sheet in workbook.worksheets)
        rows = next((rows for rows in sheets if rows), [])
        workbook.close()
    return rows


def _rows_of_sheet(sheet: Any) -> list[Row]:
    sheet.reset_dimensions()  # Some programs write a wrong extent; the cells know better.
    rows = (
        Row(number, _narrow(_without_trailing_blanks([_as_text(cell) for cell in cells])))
        for number, cells in enumerate(sheet.values, start=1)
        if any(cell is not None for cell in cells)
    )
    return [row for row in rows if not row.is_blank]


def _narrow(cells: tuple[str, ...]) -> tuple[str, ...]:
    if len(cells) > WIDEST_ROW:
        raise ValueError("a row of a list is not so wide")
    return cells


def _as_text(cell: Any) -> str:
    """As the sheet shows it, but for number formats: 300.0 reads 300, a day is an ISO day."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)


def _without_trailing_blanks(cells: list[str]) -> tuple[str, ...]:
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)
