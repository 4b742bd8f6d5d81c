"""A list of deaths and moves becomes reports: understood first, then each person looked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sqlmodel import Session

from server.errors import DomainError, NotFound
from server.intake.checking import Checked, Record, check_table
from server.intake.findings import Complaint, error, notice, warning
from server.intake.mapping import Target, read_mapping
from server.intake.rows import Row
from server.intake.tables import read_table
from server.residents.cells import Identity, NotUsable, all_here, hide_people, identity_in
from server.residents.departures import queries
from server.residents.departures.models import DepartureKind
from server.residents.departures.reports import Report
from server.residents.departures.rules import Outcome
from server.residents.meant import Named, find_meant, settle

MAPPING = Path(__file__).parents[1] / "mappings" / "departures.yaml"
REVERSED = "reversed"
TARGETS = {
    "kind": Target(("only_term",), choices=frozenset({*DepartureKind, REVERSED})),
    "happened_on": Target(("day",)),
    "name": Target(longest=60),
    "id_number": Target(longest=40),
    "born_on": Target(("day",)),
    "reference": Target(longest=80),
    "reason": Target(longest=400),
    "source": Target(longest=40),
}
TOLD: Mapping[Outcome, Complaint] = {
    Outcome.REVERSED_BEFORE: warning("departure-was-reversed"),
    Outcome.CONTRADICTS: error("departure-contradicts"),
    Outcome.IMPOSSIBLE_DAY: error("departure-day-impossible"),
}


@dataclass(frozen=True)
class FeedRow:
    """What one row says: of whom, and what."""

    row: Row
    kind: str
    happened_on: date | None
    name: str
    identity: Identity
    reference: str | None
    reason: str | None


@dataclass
class UnderstoodFeed:
    """What a list holds: rows that say something of somebody, and all that was noticed.

    `reports` are those whose person was found, with the row each comes from.
    """

    checked: Checked
    source: str
    rows: list[FeedRow] = field(default_factory=list)
    reports: list[tuple[Row, Report]] = field(default_factory=list)
    repeated: int = 0

    @property
    def reversals(self) -> list[FeedRow]:
        """The rows that take a report back."""
        return [row for row in self.rows if row.kind == REVERSED]

    def tell_unknown(self, found: Sequence[FeedRow]) -> None:
        """Note which reversals take back a report that neither the register nor the list has."""
        own = {report.reference for _, report in self.reports}
        for row in self.reversals:
            if row not in found and row.reference not in own:
                self.checked.note(row.row, "reference", "", error("departure-unknown"))

    def tell(self, outcomes: Sequence[Outcome]) -> None:
        """Note what became of each of `reports`, where somebody should know."""
        for (row, _), outcome in zip(self.reports, outcomes, strict=True):
            if outcome in TOLD:
                self.checked.note(row, "happened_on", "", TOLD[outcome])


def understand_departures(path: Path, *, mapping_path: Path = MAPPING) -> UnderstoodFeed:
    """Read and check every row of the file; nobody is looked for yet, and nothing written.

    Raises the errors of `server.intake` where the file as a whole, or the mapping, is unusable.
    """
    mapping = read_mapping(mapping_path, targets=TARGETS)
    table = read_table(path, mapping=mapping)
    checked = check_table(table, mapping=mapping, scope=all_here, scope_field="name")
    understood = UnderstoodFeed(checked, mapping.constants.get("source", path.name[:40]))
    first: dict[Any, Record] = {}
    for record in checked.records:
        try:
            row = _understood(record)
        except NotUsable as problem:
            cell = str(record.values.get(problem.field) or "")
            checked.note(record.row, problem.field, cell, problem.complaint)
            continue
        if _is_first(understood, record, first):
            understood.rows.append(row)
    hide_people(checked)
    return understood


def find_people(session: Session, understood: UnderstoodFeed) -> None:
    """Turn rows into `reports`, each about the one resident in reach whom it can only mean.

    A person whom the register does not hold is noted; one of several is never guessed.
    """
    rows = [row for row in understood.rows if row.kind != REVERSED]
    named = [Named(row.name, row.identity.digest, row.identity.born_on) for row in rows]
    found = find_meant(session, named)
    for row, one, matches in zip(rows, named, found, strict=True):
        try:
            resident_id = settle(one, matches)
        except DomainError as refusal:
            understood.checked.note(row.row, "name", "", _complaint_about(refusal))
        else:
            understood.reports.append((row.row, _report(understood, row, resident_id)))


def find_reversals(session: Session, understood: UnderstoodFeed) -> list[tuple[FeedRow, int]]:
    """Return the rows that take a known report back, each with its departure."""
    rows = understood.reversals
    references = [row.reference for row in rows if row.reference is not None]
    known = queries.find_by_references(session, source=understood.source, references=references)
    ids = {reference: departure.id for reference, departure in known.items()}
    return [(row, ids[row.reference] or 0) for row in rows if row.reference in ids]


def _understood(record: Record) -> FeedRow:
    values = record.values
    identity = identity_in(values)
    if values["kind"] == REVERSED:
        if values.get("reference") is None:
            raise NotUsable("reference", error("required"))
    elif values.get("happened_on") is None:
        raise NotUsable("happened_on", error("required"))
    elif identity.number is None and identity.born_on is None:
        raise NotUsable("id_number", error("nobody-named"))
    return FeedRow(
        record.row,
        values["kind"],
        values.get("happened_on"),
        values["name"],
        identity,
        values.get("reference"),
        values.get("reason"),
    )


def _is_first(understood: UnderstoodFeed, record: Record, first: dict[Any, Record]) -> bool:
    """False for a row that is in the list already, which is noted."""
    values = record.values
    is_reversal = values["kind"] == REVERSED
    key = (is_reversal, values.get("reference") or tuple(map(str, values.values())))
    before = first.setdefault(key, record)
    if before is record:
        return True
    if before.values == values:
        understood.repeated += 1
        complaint = notice("repeats-row", row=before.row.number)
    else:
        complaint = error("contradicts-row", row=before.row.number)
    understood.checked.note(record.row, "name", values["name"], complaint)
    return False


def _complaint_about(refusal: DomainError) -> Complaint:
    """Most of a city's dead are in no register of the elderly: that is no mistake of the list."""
    if isinstance(refusal, NotFound):
        return notice("person-not-in-register")
    return error(refusal.code, **refusal.facts)


def _report(understood: UnderstoodFeed, row: FeedRow, resident_id: int) -> Report:
    assert row.happened_on is not None, "a row without a day stayed outside"
    return Report(
        resident_id, DepartureKind(row.kind), row.happened_on, understood.source, row.reference
    )
