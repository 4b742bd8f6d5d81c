"""A list of elderly people becomes rows of the register: understood first, then written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from server.intake.checking import Checked, Record, check_table
from server.intake.findings import error, notice, warning
from server.intake.mapping import Target, read_mapping
from server.intake.rows import Row
from server.intake.tables import read_table
from server.people.errors import ContactPhoneUnusable
from server.people.papers import read_contact_phone
from server.places.rules import Said
from server.places.villages import VillageFinder
from server.residents.cells import Identity, NotUsable, all_here, hide_people, identity_in
from server.residents.models import HardshipTier, Sex

MAPPING = Path(__file__).parent / "mappings" / "residents.yaml"
TARGETS = {
    "name": Target(longest=60),
    "sex": Target(("only_term",), choices=frozenset(Sex)),
    "born_on": Target(("day",)),
    "id_number": Target(longest=40),
    "phone": Target(("phone",), longest=60),
    "village_code": Target(("digits",), longest=12),
    "village": Target(longest=60),
    "address": Target(("text", "name", "address"), longest=300),
    "hardship_tier": Target(("only_term",), choices=frozenset(HardshipTier)),
    "hardship_since": Target(("day",)),
}


@dataclass(frozen=True)
class Person:
    """One row of the list, ready for the register; what the list does not say is None."""

    row: Row
    name: str
    identity: Identity
    village_code: str
    address: str | None
    phone: str | None
    tier: HardshipTier | None
    since: date | None

    @property
    def key(self) -> str:
        """What the same person is found by when the list comes again."""
        if self.identity.digest is not None:
            return self.identity.digest.hex()
        return f"{self.name}|{self.identity.born_on}|{self.village_code}"


@dataclass
class UnderstoodPeople:
    """What a list holds: people ready to be written, and all that was noticed."""

    checked: Checked
    people: list[Person] = field(default_factory=list)
    repeated: int = 0


@dataclass(frozen=True)
class Villages:
    """The city's divisions by code, and a way to find a village by the words of an address."""

    names: Mapping[str, str]
    finder: VillageFinder

    @classmethod
    def of(cls, names: Mapping[str, str]) -> "Villages":
        return cls(names, VillageFinder(names))


def understand_people(
    path: Path, *, villages: Villages, today: date, mapping_path: Path = MAPPING
) -> UnderstoodPeople:
    """Read and check every row of the file; nothing is written.

    Two rows of one person are one, or contradict each other; two that only look like one go in and
    are noted. Raises the errors of `server.intake` where file or mapping is unusable as a whole.
    """
    mapping = read_mapping(mapping_path, targets=TARGETS)
    table = read_table(path, mapping=mapping)
    checked = check_table(table, mapping=mapping, scope=all_here, scope_field="name")
    understood = UnderstoodPeople(checked)
    first: dict[str, Record] = {}
    for record in checked.records:
        try:
            person = _person(checked, record, villages, today=today)
        except NotUsable as problem:
            cell = str(record.values.get(problem.field) or "")
            checked.note(record.row, problem.field, cell, problem.complaint)
            continue
        if _is_first(understood, person, record, first):
            understood.people.append(person)
    _note_look_alikes(understood)
    hide_people(checked)
    return understood


def _person(checked: Checked, record: Record, villages: Villages, *, today: date) -> Person:
    values = record.values
    identity = identity_in(values)
    for name in ("born_on", "sex"):
        if getattr(identity, name) is None:
            raise NotUsable(name, error("required"))
    if identity.born_on is not None and identity.born_on > today:
        raise NotUsable("born_on", error("not-born-yet"))
    tier, since = _hardship(values, today=today)
    return Person(
        record.row,
        values["name"],
        identity,
        _village_code(values, villages),
        values.get("address"),
        _phone(checked, record),
        tier,
        since,
    )


def _village_code(values: Mapping[str, Any], villages: Villages) -> str:
    code = values.get("village_code")
    if code is not None:
        if len(code) != 12 or code not in villages.names:
            raise NotUsable("village_code", error("village-unknown"))
        return str(code)
    words = " ".join(filter(None, (values.get("address"), values.get("village"))))
    found = villages.finder.find(words)
    if found.code is None:
        several = found.said is Said.SEVERAL
        where = "address" if values.get("address") else "village"
        raise NotUsable(where, error("villages-several" if several else "village-not-found"))
    return found.code


def _hardship(values: Mapping[str, Any], *, today: date) -> tuple[HardshipTier | None, date | None]:
    tier, since = values.get("hardship_tier"), values.get("hardship_since")
    if tier in (None, HardshipTier.NONE):
        return None, None
    if since is None:
        raise NotUsable("hardship_since", error("required"))
    if not date(1900, 1, 1) <= since <= today:
        raise NotUsable("hardship_since", error("not-begun"))
    return HardshipTier(tier), since


def _phone(checked: Checked, record: Record) -> str | None:
    """The number in the form the register keeps; one that nobody can be called under is noted."""
    given = record.values.get("phone")
    if given is None:
        return None
    try:
        return read_contact_phone(given)
    except ContactPhoneUnusable:
        checked.note(record.row, "phone", given, warning("not-a-phone-number"))
        return None


def _is_first(
    understood: UnderstoodPeople, person: Person, record: Record, first: dict[str, Record]
) -> bool:
    before = first.setdefault(person.key, record)
    if before is record:
        return True
    if before.values == record.values:
        understood.repeated += 1
        complaint = notice("repeats-row", row=before.row.number)
    else:
        complaint = error("contradicts-row", row=before.row.number)
    understood.checked.note(person.row, "name", person.name, complaint)
    return False


def _note_look_alikes(understood: UnderstoodPeople) -> None:
    """Note who shares name and birthday, and phone or village, with somebody further up."""
    seen: dict[tuple[Any, ...], Person] = {}
    for person in understood.people:
        who = (person.name, person.identity.born_on)
        marks = [
            ("village", person.village_code),
            *([("phone", person.phone)] if person.phone else []),
        ]
        before = [seen[(*who, mark)] for mark in marks if (*who, mark) in seen]
        if before:
            complaint = warning("looks-like-row", row=before[0].row.number)
            understood.checked.note(person.row, "name", person.name, complaint)
        for mark in marks:
            seen.setdefault((*who, mark), person)
