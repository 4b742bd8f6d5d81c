"""Hold a run against what the registers and policies say today, case by case.

What a case had is its line and every difference since; what it should have had is reckoned anew by
the version that is in force for its month now. Facts that the registers keep without a day are
taken as they were frozen: what is so today says nothing of then.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Row, select, text
from sqlalchemy.sql.elements import TextClause
from sqlmodel import Session, col

from server.caregivers.allowances.days import months_after
from server.policies.programmes.models import PolicyVersion
from server.policies.programmes.reckoning import Facts, Outcome, reckon
from server.policies.programmes.schema import Programme
from server.policies.programmes.terms import Beneficiary
from server.policies.programmes.vocabulary import SOURCES
from server.subsidies.differences.models import DifferenceKind
from server.subsidies.models import SubsidyRun
from server.subsidies.reckoning.cells import facts_from
from server.subsidies.reckoning.patience import PATIENT

FOLDER = Path(__file__).parent
A_BATCH = 5_000
# Credit, how a site is registered, and a caregiver's account are kept without days.
UNDATED = ("is_dishonest", "is_non_profit")
UNDATED_OF_CAREGIVERS = (*UNDATED, "has_payee")
PAID = text((FOLDER / "paid.sql").read_text())


@dataclass(frozen=True)
class InForce:
    """The version by which a month is reckoned now, and whether it is another than the run's."""

    version_id: int
    programme: Programme
    is_other: bool


@dataclass(frozen=True)
class Difference:
    """A case with what it had and should have had; never the same."""

    case: Row[Any]
    kind: DifferenceKind
    before_fen: int
    now_fen: int
    facts: Facts
    trace: Mapping[str, Any]
    version_id: int | None


@dataclass
class _Person:
    """What one person had of the families that matter, and what moved while they are looked at."""

    number: int
    paid: Sequence[Row[Any]]
    moved: list[tuple[date, int]] = field(default_factory=list)


def find_versions(session: Session, run: SubsidyRun) -> dict[date, InForce]:
    """Return the version of each month of the run as things stand.

    The run's own stays where it still covers a day of the month; else the one of its first day.
    """
    versions = session.execute(
        select(PolicyVersion).where(col(PolicyVersion.programme) == run.programme)
    ).scalars()
    known = [(one, Programme.model_validate(one.content)) for one in versions]
    found: dict[date, InForce] = {}
    for month in months_of(run):
        holding = [
            (version, programme)
            for version, programme in known
            if programme.is_on and _covers(version, month, months_after(month, 1))
        ]
        own = [one for one in holding if one[0].id == run.version_id]
        first = [one for one in holding if _covers(one[0], month, month)]
        for version, programme in (own or first or holding)[:1]:
            found[month] = InForce(version.id or 0, programme, version.id != run.version_id)
    return found


def months_of(run: SubsidyRun) -> list[date]:
    return [months_after(run.first_month, number) for number in range(run.months)]


def compare(session: Session, run: SubsidyRun) -> Iterator[Difference]:
    """Yield every case of the run that would come out otherwise today, person by person."""
    frozen_by = Programme.model_validate(session.get_one(PolicyVersion, run.version_id).content)
    in_force = find_versions(session, run)
    found = session.connection().execute(
        _candidates(_source(frozen_by, in_force)), _asked(run, frozen_by, in_force)
    )
    person = _Person(0, ())
    for batch in found.partitions():
        paid = _paid(session, run, _families(frozen_by, in_force), batch)
        for case in batch:
            is_same = case.beneficiary_id == person.number
            person = _Person(
                case.beneficiary_id,
                paid.get(case.beneficiary_id, ()),
                person.moved if is_same else [],
            )
            difference = _differs(case, run, in_force.get(case.month), frozen_by, person)
            if difference is not None:
                person.moved.append((case.month, difference.now_fen - difference.before_fen))
                yield difference


def _covers(version: PolicyVersion, first: date, until: date) -> bool:
    """True where the version holds on a day of the span; of an empty one, on its first."""
    starts_before_end = version.starts_on < until or version.starts_on <= first
    return starts_before_end and (version.ends_on is None or version.ends_on > first)


def _source(frozen_by: Programme, in_force: Mapping[date, InForce]) -> str:
    return next((one.programme.facts for one in in_force.values()), frozen_by.facts)


def _asked(
    run: SubsidyRun, frozen_by: Programme, in_force: Mapping[date, InForce]
) -> dict[str, Any]:
    programmes = [one.programme for one in in_force.values()] or [frozen_by]
    source = SOURCES[_source(frozen_by, in_force)]
    return {
        "run": run.id,
        "programme": run.programme,
        "claimant": programmes[0].claimant,
        "first": run.first_month,
        "until": months_after(run.first_month, run.months),
        "division": run.division_code,
        "pays_sites": source.payee is Beneficiary.SITE,
        "undated": list(_undated(source.beneficiary)),
        "superseded": [
            month
            for month in months_of(run)
            if month not in in_force or in_force[month].is_other
        ],
        # A cap over a year or a life moves with every other payment: then each case is reckoned.
        "asks_all": any(cap.per != "line" for one in programmes for cap in one.caps),
    }  # fmt: skip


def _undated(beneficiary: Beneficiary) -> Sequence[str]:
    return UNDATED_OF_CAREGIVERS if beneficiary is Beneficiary.CAREGIVER else UNDATED


@cache
def _candidates(source: str) -> TextClause:
    assert source in SOURCES
    told = (FOLDER / "candidates.sql").read_text()
    statement = text(told.replace("{source}", f"facts_of_{source}"))
    return statement.execution_options(stream_results=True, yield_per=A_BATCH, **PATIENT)


def _families(frozen_by: Programme, in_force: Mapping[date, InForce]) -> set[str]:
    excluded = {
        exclusion.family for one in in_force.values() for exclusion in one.programme.excludes
    }
    return {frozen_by.family} | excluded


def _paid(
    session: Session, run: SubsidyRun, families: set[str], batch: Sequence[Row[Any]]
) -> Mapping[int, Sequence[Row[Any]]]:
    asked = {
        "run": run.id,
        "families": sorted(families),
        "people": sorted({case.beneficiary_id for case in batch}),
        "until": months_after(run.first_month, run.months),
    }
    rows: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in session.connection().execute(PAID, asked):
        rows[row.beneficiary_id].append(row)
    return rows


def _differs(
    case: Row[Any], run: SubsidyRun, now: InForce | None, frozen_by: Programme, person: _Person
) -> Difference | None:
    facts = _known(case, frozen_by)
    outcome = _reckoned(case, facts, now, frozen_by.family, person)
    if outcome.amount_fen == case.before_fen:
        return None
    return Difference(
        case=case,
        kind=_kind(case, now, frozen_by),
        before_fen=case.before_fen,
        now_fen=outcome.amount_fen,
        facts=facts,
        trace=_trace(case, run, outcome, now, facts),
        version_id=now.version_id if now else None,
    )


def _known(case: Row[Any], frozen_by: Programme) -> dict[str, Any]:
    """The facts of today, but those without a day as they were frozen; none where it is gone."""
    if case.fresh is None:
        return {}
    kept = _undated(SOURCES[frozen_by.facts].beneficiary) if case.frozen else ()
    known: dict[str, Any] = case.fresh | {
        name: case.frozen[name] for name in kept if name in case.frozen
    }
    return known


def _reckoned(
    case: Row[Any], facts: Facts, now: InForce | None, family: str, person: _Person
) -> Outcome:
    if case.fresh is None:
        return Outcome(0, reasons=["gone"])
    if now is None:
        return Outcome(0, reasons=["not_in_force"])
    if _is_paid_elsewhere(case, family, person.paid):
        return Outcome(case.before_fen, reasons=["paid_elsewhere"])
    return reckon(
        now.programme,
        facts_from(facts),
        on=case.on_day,
        paid=_paid_before(case, family, person),
        also_paid=sorted({
            row.family for row in person.paid
            if row.family != family and row.month == case.month and row.fen > 0
        }),
    )  # fmt: skip


def _is_paid_elsewhere(case: Row[Any], family: str, paid: Sequence[Row[Any]]) -> bool:
    """True where another run, or this one by another site, has the month paid as yet."""
    others: list[int] = [
        row.fen for row in paid
        if row.family == family and (row.month, row.part) == (case.month, case.part)
        and not (row.is_of_run and case.whose in (0, row.site_id))
    ]  # fmt: skip
    return sum(others) > 0


def _paid_before(case: Row[Any], family: str, person: _Person) -> dict[str, int]:
    """What was paid of the family in months before, and by now would have been."""
    sums = {"year": 0, "ever": 0}
    had = [(row.month, row.fen) for row in person.paid if row.family == family]
    for month, fen in [*had, *person.moved]:
        if month < case.month:
            sums["ever"] += fen
            sums["year"] += fen if month.year == case.month.year else 0
    return sums


def _kind(case: Row[Any], now: InForce | None, frozen_by: Programme) -> DifferenceKind:
    if case.fresh is None:
        return DifferenceKind.GONE
    if case.frozen is None:
        return DifferenceKind.NEW
    if now is None or (now.is_other and not _changed(case, _known(case, frozen_by))):
        return DifferenceKind.POLICY
    return DifferenceKind.FACTS


def _changed(case: Row[Any], facts: Facts) -> dict[str, list[Any]]:
    before = case.frozen or {}
    names = sorted(set(before) | set(facts))
    return {
        name: [before.get(name), facts.get(name)]
        for name in names
        if before.get(name) != facts.get(name)
    }


def _trace(
    case: Row[Any], run: SubsidyRun, outcome: Outcome, now: InForce | None, facts: Facts
) -> dict[str, Any]:
    return {
        "base_fen": outcome.base_fen,
        "count": list(outcome.count),
        "rows": dict(outcome.rows),
        "factors": dict(outcome.factors),
        "capped": list(outcome.capped),
        "reasons": list(outcome.reasons),
        "before_fen": case.before_fen,
        "now_fen": outcome.amount_fen,
        "changed": _changed(case, facts) if case.frozen else {},
        "versions": [run.version_id, now.version_id if now else None],
    }
