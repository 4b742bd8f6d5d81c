"""A list of the people in beds is understood: who, which bed, since when. No database.

A row that names nobody is an empty bed of the template, and is passed over.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from server.facilities.models import BedKind
from server.intake.checking import Checked, Record, check_table
from server.intake.findings import error, notice
from server.intake.mapping import TableMapping, Target, read_mapping
from server.intake.rows import Row
from server.intake.tables import Table, content_of, table_in
from server.residents.cells import Identity, NotUsable, all_here, hide_people, identity_in

MAPPING = Path(__file__).parent / "mappings" / "occupants.yaml"
TARGETS = {
    "site": Target(longest=120),
    "room": Target(longest=20),
    "label": Target(longest=30),
    "kind": Target(("only_term",), choices=frozenset(BedKind)),
    "name": Target(longest=60),
    "id_number": Target(longest=40),
    "admitted_on": Target(("day",)),
    "note": Target(longest=200),
}
# Where none of these stands, nobody is named.
OF_A_PERSON = ("name", "id_number", "admitted_on", "note")


@dataclass(frozen=True)
class Occupant:
    """One row of the list: a person, the bed as the list calls it, and since when."""

    row: Row
    site: str | None
    name: str
    identity: Identity
    room: str | None
    label: str
    kind: BedKind | None
    admitted_on: date
    note: str


@dataclass
class Occupants:
    """What a list holds: people whose rows can be read, and all that was noticed."""

    checked: Checked
    people: list[Occupant] = field(default_factory=list)
    repeated: int = 0

    @property
    def is_sound(self) -> bool:
        """True when no row has to stay outside."""
        return not self.checked.rejected_rows


def understand_list(path: Path, *, today: date, mapping_path: Path = MAPPING) -> Occupants:
    """Read and check every row of a file; nothing is written.

    Raises the errors of `server.intake` where file or mapping is unusable as a whole.
    """
    return understand(content_of(path), today=today, mapping_path=mapping_path)


def understand(
    content: bytes,
    *,
    today: date,
    mapping_path: Path = MAPPING,
    largest_unpacked: int | None = None,
) -> Occupants:
    """As `understand_list`, of what somebody sent; `largest_unpacked` bytes of a workbook."""
    mapping = read_mapping(mapping_path, targets=TARGETS)
    table = table_in(content, mapping=mapping, largest_unpacked=largest_unpacked)
    table = _with_people(table, mapping)
    occupants = Occupants(check_table(table, mapping=mapping, scope=all_here, scope_field="name"))
    first: dict[bytes | None, Record] = {}
    for record in occupants.checked.records:
        try:
            person = _occupant(record, today=today)
        except NotUsable as problem:
            cell = str(record.values.get(problem.field) or "")
            occupants.checked.note(record.row, problem.field, cell, problem.complaint)
            continue
        if _is_first(occupants, person, record, first):
            occupants.people.append(person)
    return occupants


def hide(occupants: Occupants) -> None:
    """Mask the people in what findings quote, once everything was noticed."""
    hide_people(occupants.checked)


def _with_people(table: Table, mapping: TableMapping) -> Table:
    places = mapping.places_in(table.headings.cells)
    named = [places[name] for name in OF_A_PERSON if name in places]
    rows = [row for row in table.rows if row.torn or any(row.cells[at].strip() for at in named)]
    return replace(table, rows=rows)


def _occupant(record: Record, *, today: date) -> Occupant:
    values = record.values
    identity = identity_in({"id_number": values["id_number"]})
    _check_day(values["admitted_on"], identity, today=today)
    return Occupant(
        record.row,
        values.get("site"),
        values["name"],
        identity,
        values.get("room"),
        values["label"],
        _kind(values),
        values["admitted_on"],
        values.get("note") or "",
    )


def _kind(values: Mapping[str, Any]) -> BedKind | None:
    return BedKind(values["kind"]) if values.get("kind") else None


def _check_day(admitted_on: date, identity: Identity, *, today: date) -> None:
    if admitted_on > today:
        raise NotUsable("admitted_on", error("not-begun"))
    if identity.born_on is None or admitted_on < identity.born_on:
        raise NotUsable("admitted_on", error("before-birth"))


def _is_first(
    occupants: Occupants,
    person: Occupant,
    record: Record,
    first: dict[bytes | None, Record],
) -> bool:
    before = first.setdefault(person.identity.digest, record)
    if before is record:
        return True
    if before.values == record.values:
        occupants.repeated += 1
        complaint = notice("repeats-row", row=before.row.number)
    else:
        complaint = error("person-on-row", row=before.row.number)
    occupants.checked.note(person.row, "id_number", person.identity.number or "", complaint)
    return False
