"""How far a run has come, where its next slice ends, and what stands beside it."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Integer, Select, cast, func, literal, or_, select
from sqlmodel import Session, col

from server.db.tables import table_of
from server.policies.programmes.models import SubsidyFamily
from server.policies.programmes.schema import Programme
from server.subsidies.models import RunKind, RunStage, SubsidyFact, SubsidyRun, SubsidySlice
from server.subsidies.reckoning.gathering import whose
from server.subsidies.reckoning.months import month_after

FACT, RUN, SLICE = table_of(SubsidyFact), table_of(SubsidyRun), table_of(SubsidySlice)
A_YEAR = 12  # A run is a year at most: nothing before that can reach into another.


@dataclass(frozen=True)
class Done:
    """The slices of a run so far. `was_cut`: they are of different length, as where one ended
    before somebody's second case."""

    slices: int
    last_no: int
    was_cut: bool


def find_progress(session: Session, run_id: int) -> Done:
    """Return how far a run has come."""
    length = SLICE.c.last_no - SLICE.c.first_no
    row = session.execute(
        select(
            func.count(), func.coalesce(func.max(SLICE.c.last_no), 0), func.min(length),
            func.max(length),
        ).where(SLICE.c.run_id == run_id)
    ).one()  # fmt: skip
    return Done(row[0], row[1], row[2] != row[3])


def last_of_slice(
    session: Session, run: SubsidyRun, programme: Programme, first_no: int, size: int
) -> int:
    """Return where a slice ends: after so many cases, or before somebody's second one."""
    last_no = min(first_no + size - 1, run.facts)
    cases = select(FACT.c.number, *whose(FACT.c, programme)).where(
        FACT.c.run_id == run.id, FACT.c.number.between(first_no, last_no)
    )
    case = cases.subquery()
    of_one = whose(case.c, programme)
    twice = select(literal(1)).select_from(case).group_by(*of_one).having(func.count() > 1)
    if session.execute(twice.limit(1)).first() is None:
        return last_no
    turn = func.row_number().over(partition_by=of_one, order_by=case.c.number).label("turn")
    turned = select(case.c.number, turn).subquery()
    second = select(func.min(turned.c.number)).where(turned.c.turn > 1)
    return int(session.execute(second).scalar_one()) - 1


def families_by_code(session: Session, programme: Programme) -> Mapping[str, int]:
    """Return the numbers of the families that keep a programme away; one nobody pays is 0."""
    named = [one.family for one in programme.excludes]
    found = select(SubsidyFamily).where(col(SubsidyFamily.code).in_(named))
    numbers = {one.code: one.id or 0 for one in session.scalars(found)}
    return {name: numbers.get(name, 0) for name in named}


def pays_meanwhile(session: Session, run: SubsidyRun, until: int | None) -> bool:
    """Return whether another run may have paid of the family for some of the run's months."""
    others = _overlapping(run.first_month, month_after(run.first_month, run.months)).where(
        RUN.c.family_no == run.family_no, RUN.c.id != run.id
    )
    before = others if until is None else others.where(RUN.c.id < until)
    return session.execute(before.limit(1)).first() is not None


def corrected_families(session: Session, run: SubsidyRun, families: Set[int]) -> Set[int]:
    """Return which of the families have corrections of some of the run's months."""
    until = month_after(run.first_month, run.months)
    found = _overlapping(run.first_month, until, RunKind.DIFFERENCE)
    asked = found.where(RUN.c.family_no.in_(families)).with_only_columns(RUN.c.family_no)
    return frozenset(session.execute(asked.distinct()).scalars())


def find_overlapping(
    session: Session, programme: str, first: date, until: date, division_code: str
) -> int | None:
    """Return a live run of the programme over some of the months, above or below the division."""
    code = literal(division_code)
    over = or_(code.startswith(RUN.c.division_code), RUN.c.division_code.startswith(division_code))
    found = _overlapping(first, until).where(RUN.c.programme == programme, over)
    return session.execute(found.order_by(RUN.c.id).limit(1)).scalar()


def _overlapping(first: date, until: date, kind: RunKind = RunKind.REGULAR) -> Select[tuple[int]]:
    ends = RUN.c.first_month + func.make_interval(0, cast(RUN.c.months, Integer))
    return select(RUN.c.id).where(
        RUN.c.kind == kind,
        RUN.c.stage != RunStage.DISCARDED,
        RUN.c.first_month.between(month_after(first, -A_YEAR), until),
        RUN.c.first_month < until,
        ends > first,
    )
