"""Every row of a table checked against its mapping, before anything is written."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from server.intake.cells import cleaned, hides_characters, is_damaged
from server.intake.columns import Column
from server.intake.findings import Complaint, Finding, Level, error, notice, reject
from server.intake.mapping import TableMapping
from server.intake.parsers import PARSERS, Parsed
from server.intake.rows import Row
from server.intake.tables import Table


class Belongs(Enum):
    """Whether a row is about the city that is being worked for."""

    HERE = "here"
    ELSEWHERE = "elsewhere"
    UNCLEAR = "unclear"


Scope = Callable[[Mapping[str, str]], Belongs]


@dataclass(frozen=True)
class Record:
    """A row that was understood: a value for each field of the mapping, `None` where not known."""

    row: Row
    values: Mapping[str, Any]


@dataclass
class Checked:
    """What a table holds: usable records, how many rows were whose, and everything noticed."""

    table: Table
    headings: Mapping[str, str]
    records: list[Record] = field(default_factory=list)
    here: int = 0
    elsewhere: int = 0
    unclear: int = 0
    torn: int = 0
    findings: list[Finding] = field(default_factory=list)

    def note(self, row: Row, field_name: str, value: str, complaint: Complaint) -> None:
        """Add a finding about a field of a row, under the heading the file gives that field."""
        heading = self.headings.get(field_name, "")
        self.findings.append(Finding(row.number, heading, value, complaint))

    @property
    def rejected_rows(self) -> list[Row]:
        """The rows that stay outside, as they stand in the file and in its order."""
        numbers = {finding.row for finding in self.findings if finding.level >= Level.ERROR}
        return [row for row in self.table.rows if row.number in numbers]

    @property
    def findings_in_order(self) -> list[Finding]:
        """All findings by row, within a row the gravest first."""
        return sorted(self.findings, key=lambda finding: (finding.row, -finding.level))


def check_table(table: Table, *, mapping: TableMapping, scope: Scope, scope_field: str) -> Checked:
    """Read every row; rows that do not belong `HERE` are counted and looked at no further.

    A row with any finding of level error is not among the records.
    """
    places = mapping.places_in(table.headings.cells)
    headings = {name: cleaned(table.headings.cells[at]) for name, at in places.items()}
    checked = Checked(table, headings)
    _note_unused_columns(checked, places.values())
    for row in table.rows:
        if row.torn:
            checked.torn += 1
            checked.note(row, "", _glimpse(row), _torn(row, table))
            continue
        cells = {name: cleaned(row.cells[at]) for name, at in places.items()}
        belongs = scope(cells)
        if belongs is Belongs.HERE:
            checked.here += 1
            _check_row(checked, row, cells, mapping=mapping, places=places)
        elif belongs is Belongs.ELSEWHERE:
            checked.elsewhere += 1
        else:
            checked.unclear += 1
            checked.note(row, scope_field, cells.get(scope_field, ""), error("place-unclear"))
    return checked


def _check_row(
    checked: Checked,
    row: Row,
    cells: Mapping[str, str],
    *,
    mapping: TableMapping,
    places: Mapping[str, int],
) -> None:
    values = dict(mapping.constants)
    is_usable = True
    for name, cell in cells.items():
        parsed = _parse(cell, mapping.columns[name])
        values[name] = parsed.value
        if parsed.complaint:
            checked.note(row, name, cell, parsed.complaint)
            is_usable = is_usable and parsed.complaint.level < Level.ERROR
        elif hides_characters(row.cells[places[name]]):
            checked.note(row, name, cell, notice("invisible-characters"))
    if is_usable:
        checked.records.append(Record(row, values))


def _parse(cell: str, column: Column) -> Parsed:
    if is_damaged(cell):
        return Parsed(None, error("damaged-characters"))
    if not cell:
        return Parsed(None, error("required") if column.required else None)
    if column.says_not_known(cell):
        return Parsed(None, error("required") if column.required else notice("not-known"))
    return PARSERS[column.parser](cell, column)


def _note_unused_columns(checked: Checked, used: Iterable[int]) -> None:
    unused = set(range(len(checked.table.headings.cells))) - set(used)
    for at in sorted(unused):
        heading = cleaned(checked.table.headings.cells[at])
        if heading:
            headings = checked.table.headings
            checked.findings.append(
                Finding(headings.number, heading, "", notice("column-not-used"))
            )


def _torn(row: Row, table: Table) -> Complaint:
    filled = sum(1 for cell in row.cells if cell.strip())
    return reject("torn-row", filled=filled, wanted=len(table.headings.cells))


def _glimpse(row: Row) -> str:
    """The beginning of a row that cannot be read cell by cell."""
    return cleaned(",".join(row.cells).strip(", "))[:40]


def count_by_level(findings: Sequence[Finding]) -> dict[Level, int]:
    """Return how many findings there are of each level, none left out."""
    return {level: sum(finding.level is level for finding in findings) for level in Level}
