"""A whole table: headings, and the rows below them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from server.intake import workbooks
from server.intake.delimited import read_delimited
from server.intake.encodings import decode
from server.intake.errors import TableColumnsMissing, TableTooLarge, TableUnreadable
from server.intake.mapping import TableMapping
from server.intake.rows import Row

LARGEST_BYTES = 50 * 1024 * 1024
# A title and a remark often stand above the headings, seldom more.
HEADINGS_WITHIN = 20


@dataclass(frozen=True)
class Table:
    """The headings and every row below them, blank ones left out."""

    headings: Row
    rows: Sequence[Row]


def read_table(path: Path, *, mapping: TableMapping) -> Table:
    """Read a CSV or XLSX file; the first row that has all the required headings begins the table.

    Which of the two it is, its first bytes say, not its name. Raises `TableTooLarge`,
    `TableUnreadable` or `TableColumnsMissing`.
    """
    return table_in(content_of(path), mapping=mapping)


def table_in(
    content: bytes,
    *,
    mapping: TableMapping,
    largest_unpacked: int | None = None,
) -> Table:
    """As `read_table`, of what a file holds; a workbook unpacks to no more than so many bytes."""
    if not content.strip():
        raise TableUnreadable()
    if content.startswith(workbooks.MARK):
        book = workbooks.read_workbook(content, largest_unpacked=largest_unpacked)
        headings, below = _split(book, mapping)
        width = len(headings.cells)
        return Table(headings, [row.padded(width).fitted(width) for row in below])

    text = decode(content)
    if "\0" in text[:1000]:
        raise TableUnreadable()
    rows = read_delimited(text, are_headings=mapping.names_all_required)
    headings, below = _split(rows, mapping)
    return Table(headings, [row.fitted(len(headings.cells)) for row in below])


def content_of(path: Path) -> bytes:
    """Return what a file holds; raises `TableTooLarge`, `TableUnreadable`."""
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise TableTooLarge(megabytes=LARGEST_BYTES // (1024 * 1024))
        content = path.read_bytes()
    except OSError as problem:
        raise TableUnreadable() from problem
    return content


def _split(rows: Iterable[Row], mapping: TableMapping) -> tuple[Row, Iterable[Row]]:
    remaining = iter(rows)
    for seen, row in enumerate(remaining, start=1):
        if mapping.names_all_required(row.cells):
            return row, remaining
        if seen == HEADINGS_WITHIN:
            break
    raise TableColumnsMissing(columns="、".join(mapping.required_headings))
