"""A file of bed returns becomes lines for the database, as many as there are; a bad one stays out.

Three years of a thousand homes are a million rows: each different cell is understood once, and
whether the figures fit together is asked in the database, set by set (see `loading`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from server.facilities.models import BedKind
from server.intake import workbooks
from server.intake.cells import cleaned
from server.intake.columns import Column
from server.intake.delimited import read_delimited
from server.intake.encodings import decode
from server.intake.errors import TableColumnsMissing, TableTooLarge, TableUnreadable
from server.intake.findings import Level, error
from server.intake.mapping import TableMapping, Target, read_mapping
from server.intake.parsers import PARSERS, Parsed
from server.intake.rows import Row
from server.intake.tables import HEADINGS_WITHIN

MAPPING = Path(__file__).parent / "mappings" / "returns.yaml"
LARGEST_BYTES = 200 * 1024 * 1024
FIELDS = ("site", "kind", "day", "licensed", "usable", "occupied", "on_leave", "nursing_occupied")
TARGETS = {
    "site": Target(longest=120),
    "kind": Target(("only_term",), choices=frozenset(BedKind)),
    "day": Target(("day",)),
    **{name: Target(("count",)) for name in FIELDS[3:]},
}
# A row number, a value for each of `FIELDS`, and why the row stays outside, if it does.
Line = tuple[Any, ...]


@dataclass(frozen=True)
class ReturnsFile:
    """The rows of a file, read as they are asked for, and which cell is which field."""

    headings: Row
    rows: Iterator[Row]
    mapping: TableMapping

    def lines(self) -> Iterator[Line]:
        """Yield every row as a line; of one that cannot be read, the number and the complaint.

        What a cell means is asked of the mapping's parser once for each different cell.
        """
        places = self.mapping.places_in(self.headings.cells)
        cells = [_Cells(self.mapping.columns[name], places[name]) if name in places else None
                 for name in FIELDS]  # fmt: skip
        width = max(places.values()) + 1
        for row in self.rows:
            yield _line(row, cells, width)


class _Cells:
    """One column of the file, and what each different cell of it means."""

    def __init__(self, column: Column, place: int) -> None:
        self.column = column
        self.place = place
        self.known: dict[str, Parsed] = {"": _parsed("", column)}

    def read(self, cell: str) -> Parsed:
        """Return the value of a cell, or why it has none."""
        found = self.known.get(cell)
        if found is None:
            found = self.known[cell] = _parsed(cleaned(cell), self.column)
        return found


def _parsed(cell: str, column: Column) -> Parsed:
    if not cell or column.says_not_known(cell):
        return Parsed(None, error("required") if column.required else None)
    return PARSERS[column.parser](cell, column)


def _line(row: Row, cells: Sequence[_Cells | None], width: int) -> Line:
    if row.torn or len(row.cells) < width:
        return (row.number, *[None] * len(FIELDS), "row-torn")
    values: list[Any] = []
    complaint = None
    for one in cells:
        parsed = one.read(row.cells[one.place]) if one is not None else Parsed()
        values.append(parsed.value)
        if parsed.complaint is not None and parsed.complaint.level >= Level.ERROR:
            complaint = complaint or parsed.complaint.code
    return (row.number, *values, complaint)


def open_returns(path: Path, *, mapping_path: Path = MAPPING) -> ReturnsFile:
    """Open a CSV or XLSX file of returns; its rows are read later.

    Raises `TableTooLarge`, `TableUnreadable`, `TableColumnsMissing`, `MappingUnusable`.
    """
    mapping = read_mapping(mapping_path, targets=TARGETS)
    content = _content_of(path)
    if content.startswith(workbooks.MARK):
        rows: Iterator[Row] = iter(workbooks.read_workbook(content))
    else:
        rows = read_delimited(decode(content), are_headings=mapping.names_all_required)
    for seen, row in enumerate(rows, start=1):
        if mapping.names_all_required(row.cells):
            return ReturnsFile(row, rows, mapping)
        if seen == HEADINGS_WITHIN:
            break
    raise TableColumnsMissing(columns="、".join(mapping.required_headings))


def _content_of(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise TableTooLarge(megabytes=LARGEST_BYTES // (1024 * 1024))
        content = path.read_bytes()
    except OSError as problem:
        raise TableUnreadable() from problem
    if not content.strip() or (b"\0" in content[:1000] and not content.startswith(workbooks.MARK)):
        raise TableUnreadable()
    return content
