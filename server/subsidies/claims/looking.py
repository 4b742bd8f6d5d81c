"""What the platform knows of a claim's cases now, and what they come to.

The facts are those of `facts_of_<source>`, reckoned as a run would reckon them. Where the database
has no such function, the lines of the latest run of the same months are taken instead.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from itertools import groupby
from typing import Any

import orjson
from sqlalchemy import Row, text
from sqlmodel import Session

from server.db.sessions import reaching_everywhere
from server.policies.programmes.reckoning import Outcome, reckon
from server.policies.programmes.schema import Programme
from server.subsidies.claims.models import Claimant, LookedAt
from server.subsidies.claims.rules import Stretch
from server.subsidies.reckoning.cells import facts_from

COLUMN: Mapping[Claimant, str] = {
    Claimant.SITE: "site_id",
    Claimant.RESIDENT: "resident_id",
    Claimant.CAREGIVER: "caregiver_id",
}
HAS_FACTS = text("SELECT to_regprocedure(:name) IS NOT NULL")
# What was paid before of the same family, and of others in these months.
PAID = text(
    """
    SELECT l.beneficiary_id, l.month, l.family_no, f.code, sum(l.amount_fen)::bigint AS fen
      FROM subsidy_line l JOIN subsidy_family f ON f.id = l.family_no
     WHERE l.beneficiary_id = ANY (:ids) AND l.outcome = 'due' AND l.holds = 0 AND l.month < :until
       AND (f.code = :family AND l.month < :first OR f.code <> :family AND l.month >= :first)
     GROUP BY l.beneficiary_id, l.month, l.family_no, f.code
    """
)
# Names that are no parameters come from the vocabulary and the table above, never from outside.
FACTS = """
    SELECT f.* FROM facts_of_{source}(:first, :until) f WHERE f.{column} = ANY (:ids)
     ORDER BY f.month, f.part, f.subject, f.beneficiary_id
"""
LINES = """
    SELECT l.beneficiary_id, l.resident_id, l.caregiver_id, l.site_id, l.month, l.part, f.subject,
           l.amount_fen, l.trace, f.facts, f.on_day
      FROM subsidy_line l JOIN subsidy_fact f USING (run_id, number)
     WHERE l.{column} = ANY (:ids) AND l.month >= :first AND l.month < :until
       AND l.run_id IN (
           SELECT DISTINCT ON (r.first_month, r.division_code) r.id FROM subsidy_run r
            WHERE r.programme = :programme AND r.kind = 'regular'
              AND r.stage NOT IN ('gathering', 'computing', 'discarded')
              AND r.first_month >= :first AND r.first_month < :until
            ORDER BY r.first_month, r.division_code, r.id DESC)
     ORDER BY l.month, l.part, f.subject, l.beneficiary_id
"""


@dataclass(frozen=True)
class Wanted:
    """Whose cases are looked at, of which programme, for which months."""

    programme: Programme
    claimant: Claimant
    claimant_id: int
    stretch: Stretch


@dataclass(frozen=True)
class How:
    """How one case came about: what `explain` takes."""

    on_day: date
    facts: Mapping[str, Any]
    amount_fen: int
    trace: Mapping[str, Any]


@dataclass(frozen=True)
class Look:
    """`how` are the same cases in the same order; only what was found of them is ever kept."""

    looked_at: LookedAt
    cases: Sequence[Mapping[str, Any]]
    how: Sequence[How] = ()

    @property
    def total_fen(self) -> int:
        return sum(one["fen"] for one in self.cases)

    @property
    def digest(self) -> bytes:
        """The same cases have the same digest, on any day."""
        return sha256(orjson.dumps(list(self.cases), option=orjson.OPT_SORT_KEYS)).digest()


Case = tuple[Row[Any], How]


def look(session: Session, wanted: Wanted) -> Look:
    """Return what the platform knows of one claim's cases."""
    return look_at_all(session, [wanted])[0]


def look_at_all(session: Session, wanted: Sequence[Wanted]) -> list[Look]:
    """Return the same for many, by few statements for each programme and period among them."""
    found: dict[int, Look] = {}
    numbered = sorted(enumerate(wanted), key=lambda pair: (_together(pair[1]), pair[0]))
    with reaching_everywhere(session):
        for _, group in groupby(numbered, key=lambda pair: _together(pair[1])):
            found |= _look_together(session, list(group))
    return [found[number] for number in range(len(wanted))]


def _together(one: Wanted) -> tuple[str, str, date, int]:
    return (
        one.programme.programme, one.claimant.value, one.stretch.first_month, one.stretch.months
    )  # fmt: skip


def _look_together(session: Session, group: Sequence[tuple[int, Wanted]]) -> dict[int, Look]:
    first = group[0][1]
    ids = [one.claimant_id for _, one in group]
    looked_at, cases = _cases(session, first, ids)
    of_each: dict[int, list[Case]] = defaultdict(list)
    for case in cases:
        of_each[getattr(case[0], COLUMN[first.claimant])].append(case)
    return {number: _look(looked_at, of_each[one.claimant_id]) for number, one in group}


def _look(looked_at: LookedAt, cases: Sequence[Case]) -> Look:
    if not cases:
        return Look(_empty(looked_at), [])
    return Look(looked_at, [_case(row, how) for row, how in cases], [how for _, how in cases])


def _empty(looked_at: LookedAt) -> LookedAt:
    return LookedAt.FACTS if looked_at is LookedAt.FACTS else LookedAt.NOTHING


def _cases(session: Session, one: Wanted, ids: Sequence[int]) -> tuple[LookedAt, list[Case]]:
    connection, source = session.connection(), one.programme.facts
    asked: dict[str, Any] = {
        "first": one.stretch.first_month, "until": one.stretch.until, "ids": list(ids),
    }  # fmt: skip
    named = {"source": source, "column": COLUMN[one.claimant]}
    if connection.execute(HAS_FACTS, {"name": f"facts_of_{source}(date,date)"}).scalar():
        rows = connection.execute(text(FACTS.format(**named)), asked).all()
        return LookedAt.FACTS, _reckoned(session, one, rows)
    asked |= {"programme": one.programme.programme}
    rows = connection.execute(text(LINES.format(**named)), asked).all()
    told = [(row, How(row.on_day, row.facts, row.amount_fen, row.trace)) for row in rows]
    return LookedAt.RUN, told


def _reckoned(session: Session, one: Wanted, rows: Sequence[Row[Any]]) -> list[Case]:
    """Each case as a run would reckon it, what was paid before taken into account."""
    paid, also = _paid(session, one, sorted({row.beneficiary_id for row in rows}))
    cases: list[Case] = []
    for row in rows:
        before = paid[row.beneficiary_id]
        year = sum(fen for month, fen in before if month.year == row.month.year)
        outcome = reckon(
            one.programme, facts_from(row.facts), on=row.on_day,
            paid={"year": year, "ever": sum(fen for _, fen in before)},
            also_paid=sorted(also[row.beneficiary_id, row.month]),
        )  # fmt: skip
        before.append((row.month, outcome.amount_fen))
        cases.append((row, How(row.on_day, row.facts, outcome.amount_fen, _traced(outcome))))
    return cases


def _paid(
    session: Session, one: Wanted, ids: Sequence[int]
) -> tuple[dict[int, list[tuple[date, int]]], dict[tuple[int, date], set[str]]]:
    asked = {
        "ids": list(ids), "family": one.programme.family,
        "first": one.stretch.first_month, "until": one.stretch.until,
    }  # fmt: skip
    paid: dict[int, list[tuple[date, int]]] = defaultdict(list)
    also: dict[tuple[int, date], set[str]] = defaultdict(set)
    for row in session.connection().execute(PAID, asked):
        if row.code == one.programme.family:
            paid[row.beneficiary_id].append((row.month, row.fen))
        else:
            also[row.beneficiary_id, row.month].add(row.code)
    return paid, also


def _traced(outcome: Outcome) -> dict[str, Any]:
    """As a run keeps it."""
    if outcome.reasons:
        return {"reasons": list(outcome.reasons)}
    return {
        "base_fen": outcome.base_fen, "count": list(outcome.count), "rows": dict(outcome.rows),
        "factors": dict(outcome.factors), "capped": list(outcome.capped),
    }  # fmt: skip


def _case(row: Row[Any], how: How) -> dict[str, Any]:
    """Whom it is about is a number: names stand in the register alone."""
    return {
        "subject": row.subject,
        "month": f"{row.month:%Y-%m}",
        "part": row.part,
        "fen": how.amount_fen,
        "reasons": list(how.trace.get("reasons", [])),
        "resident_id": row.resident_id,
        "caregiver_id": row.caregiver_id,
    }
