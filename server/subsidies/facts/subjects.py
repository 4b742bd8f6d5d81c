"""The rows that cases rest on, as people call them: whose stay in which bed, which month of which
canteen. A case knows them by a kind and a number alone, `stay:12`."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import ARRAY, BigInteger, bindparam, text
from sqlmodel import Session

KINDS = (
    "stay", "site", "bed_licence", "home_bed", "meal_settlement", "care_allowance",
    "caregiver_entitlement", "caregiver", "enrolment", "renovation",
)  # fmt: skip
FIND = text(Path(__file__).with_suffix(".sql").read_text()).bindparams(
    *(bindparam(kind, type_=ARRAY(BigInteger)) for kind in KINDS)
)


@dataclass(frozen=True)
class Subject:
    """A row of the table `kind`. `person` is a whole name: faces mask it."""

    kind: str
    key: int
    person: str | None = None
    called: str | None = None
    on_day: date | None = None


def find_subjects(session: Session, subjects: Iterable[str]) -> Mapping[str, Subject]:
    """Return what cases rest on by `kind:key`; of what the actor does not see, that alone."""
    found = {one: _read(one) for one in set(subjects)}
    keys: dict[str, list[int]] = defaultdict(list)
    for one in found.values():
        keys[one.kind].append(one.key)
    if any(kind in KINDS for kind in keys):
        rows = session.connection().execute(FIND, {kind: keys[kind] for kind in KINDS})
        found |= {f"{row.kind}:{row.key}": Subject(*row) for row in rows}
    return found


def _read(subject: str) -> Subject:
    kind, _colon, key = subject.rpartition(":")
    return Subject(kind, int(key))
