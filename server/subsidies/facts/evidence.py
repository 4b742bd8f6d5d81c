"""The rows that a case was counted from: nights, visits with their proof, meals with their
collection. What they say is as the registers have it now; the case itself is frozen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.sql.elements import TextClause
from sqlmodel import Session, col, select

from server.caregivers.allowances.days import months_after
from server.errors import NotFound
from server.policies.programmes.models import PolicyVersion
from server.policies.programmes.vocabulary import SOURCES
from server.subsidies.models import SubsidyFact, SubsidyRun

FOLDER = Path(__file__).parent / "beneath"
A_PAGE = 50


@dataclass(frozen=True)
class Evidence:
    """A row of the table `kind`; its page is found by `place`, its life in the trail by `key`."""

    kind: str
    key: int
    place: int
    on_day: date
    site_id: int
    told: Mapping[str, Any]


@dataclass(frozen=True)
class Beneath:
    """A page of what a case rests on; `total` counts all pages."""

    rows: Sequence[Evidence]
    total: int


def get_case(session: Session, run_id: int, number: int) -> tuple[str, SubsidyFact]:
    """Return a frozen case with the source it came from; raises `NotFound`."""
    found = session.exec(
        select(PolicyVersion.content, SubsidyFact)
        .join(SubsidyRun, col(SubsidyRun.version_id) == col(PolicyVersion.id))
        .join(SubsidyFact, col(SubsidyFact.run_id) == col(SubsidyRun.id))
        .where(col(SubsidyRun.id) == run_id, col(SubsidyFact.number) == number)
    ).one_or_none()
    if found is None:
        raise NotFound
    content, fact = found
    return str(content["facts"]), fact


def list_beneath(
    session: Session, source: str, fact: SubsidyFact, *, offset: int = 0, limit: int = A_PAGE
) -> Beneath:
    """Return what a case of the source rests on, the earliest day first, in one statement."""
    of_case = {
        "resident": fact.resident_id,
        "caregiver": fact.caregiver_id,
        "site": fact.site_id,
        "part": fact.part,
        "subject": int(fact.subject.rpartition(":")[2]),
        "month": fact.month,
        "until": months_after(fact.month, 1),
    }
    rows = session.connection().execute(
        _statement(source), {**of_case, "limit": limit, "offset": offset}
    )
    found = rows.all()
    shown = [
        Evidence(row.kind, row.key, row.place, row.on_day, fact.site_id, row.told) for row in found
    ]
    return Beneath(shown, found[0].total if found else 0)


@cache
def _statement(source: str) -> TextClause:
    assert source in SOURCES
    beneath = (FOLDER / f"{source}.sql").read_text()
    return text(
        f"SELECT b.*, count(*) OVER () AS total FROM ({beneath}) b"
        " ORDER BY b.on_day, b.kind, b.key LIMIT :limit OFFSET :offset"
    )
