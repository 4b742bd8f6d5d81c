"""Lines of a run: listed within what somebody's offices reach, summed, and one with its facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlmodel import Session, col

from server.caregivers.models import Caregiver
from server.db.tables import as_wide_as_any, table_of
from server.errors import NotFound
from server.policies.programmes.models import PolicyVersion
from server.policies.programmes.schema import Programme
from server.providers.models import Site
from server.residents.models import Resident
from server.subsidies.models import Outcome, SubsidyFact, SubsidyLine, SubsidyRun
from server.subsidies.reckoning.bands import BANDS
from server.subsidies.reckoning.explaining import Case
from server.subsidies.reckoning.figures import programme_of

LINE, FACT, RUN = table_of(SubsidyLine), table_of(SubsidyFact), table_of(SubsidyRun)
MOST = 500
MOST_EXPORTED = 100_000

Scope = ColumnElement[bool]


@dataclass(frozen=True)
class LineWanted:
    """Which lines of a run are asked for; `after` is the number behind which a page begins."""

    outcome: Outcome | None = None
    reason: str | None = None
    band: int | None = None
    site_id: int | None = None
    after: int = 0


def list_lines(
    session: Session, run_id: int, within: Scope, wanted: LineWanted, *, most: int | None = MOST
) -> Sequence[Row[Any]]:
    """Return lines by their numbers, with the names of whom and where they are about."""
    asked = _named(run_id, within).where(LINE.c.number > wanted.after)
    for condition in _conditions(wanted):
        asked = asked.where(condition)
    return session.execute(asked.order_by(LINE.c.number).limit(most)).all()


def get_line(session: Session, run_id: int, number: int, within: Scope) -> Row[Any]:
    """Return a line with its frozen facts; raises `NotFound`, also where it is out of reach."""
    asked = (
        _named(run_id, within)
        .where(LINE.c.number == as_wide_as_any(number))
        .join(FACT, and_(FACT.c.run_id == LINE.c.run_id, FACT.c.number == LINE.c.number))
        .add_columns(FACT.c.facts, FACT.c.on_day, FACT.c.subject)
    )
    found = session.execute(asked).one_or_none()
    if found is None:
        raise NotFound
    return found


def list_others(session: Session, line: Row[Any], within: Scope) -> Sequence[Row[Any]]:
    """Return the other lines of the same family about the same beneficiary, the latest first."""
    asked = (
        select(
            LINE.c.run_id, LINE.c.number, LINE.c.month, LINE.c.part, LINE.c.outcome,
            LINE.c.amount_fen, RUN.c.stage, RUN.c.kind,
        )
        .join_from(LINE, RUN, RUN.c.id == LINE.c.run_id)
        .join(Site, col(Site.id) == LINE.c.site_id)
        .where(within, LINE.c.family_no == line.family_no)
        .where(LINE.c.beneficiary_id == line.beneficiary_id, LINE.c.outcome == Outcome.DUE)
        .where(or_(LINE.c.run_id != line.run_id, LINE.c.number != line.number))
        .order_by(LINE.c.month.desc(), LINE.c.run_id.desc())
        .limit(MOST)
    )  # fmt: skip
    return session.execute(asked).all()


def case_of(session: Session, line: Row[Any]) -> Case:
    """Return what a line is explained from; a correction goes by the version its month has now."""
    run = session.get_one(SubsidyRun, line.run_id)
    by_now = line.trace.get("versions", [None])[-1]
    version_id = by_now or run.version_id
    version = session.get_one(PolicyVersion, version_id)
    return Case(
        programme_of(version.content, run.changes), version_id, version.starts_on, line.on_day,
        line.facts, line.outcome, line.amount_fen, line.trace, run.changes,
    )  # fmt: skip


def programme_of_run(session: Session, run: SubsidyRun) -> Programme:
    """Return the programme by which a run is reckoned, changed figures and all."""
    version = session.get_one(PolicyVersion, run.version_id)
    return programme_of(version.content, run.changes)


@dataclass(frozen=True)
class Sums:
    """What a run came to within somebody's reach: lines and fen by outcome, reason, band, site."""

    outcomes: Mapping[Outcome, tuple[int, int]]
    reasons: Sequence[tuple[str, int]]
    bands: Sequence[tuple[int, int, int]]
    sites: Sequence[Row[Any]]

    @property
    def lines(self) -> int:
        return sum(count for count, _ in self.outcomes.values())

    @property
    def total_fen(self) -> int:
        return sum(fen for _, fen in self.outcomes.values())


def sum_up(session: Session, run_id: int, within: Scope) -> Sums:
    """Return the sums of a run's lines that the scope reaches."""
    return Sums(
        _by_outcome(session, run_id, within), _by_reason(session, run_id, within),
        _by_band(session, run_id, within), _by_site(session, run_id, within),
    )  # fmt: skip


def _by_outcome(session: Session, run_id: int, within: Scope) -> dict[Outcome, tuple[int, int]]:
    asked = _of(run_id, within, LINE.c.outcome, func.count(), _fen())
    rows = session.execute(asked.group_by(LINE.c.outcome)).all()
    return {row[0]: (row[1], row[2]) for row in rows}


def _by_reason(session: Session, run_id: int, within: Scope) -> Sequence[tuple[str, int]]:
    told = func.jsonb_array_elements_text(LINE.c.trace["reasons"]).table_valued("value").lateral()
    asked = _of(run_id, within, told.c.value, func.count()).join(told, true())
    refused = asked.where(LINE.c.outcome == Outcome.REFUSED).group_by(told.c.value)
    rows = session.execute(refused.order_by(func.count().desc(), told.c.value)).all()
    return [(row[0], row[1]) for row in rows]


def _by_band(session: Session, run_id: int, within: Scope) -> Sequence[tuple[int, int, int]]:
    band = _band()
    asked = _of(run_id, within, band, func.count(), _fen())
    due = asked.where(LINE.c.outcome == Outcome.DUE).group_by(band).order_by(band)
    return [(row[0], row[1], row[2]) for row in session.execute(due).all()]


def _by_site(session: Session, run_id: int, within: Scope) -> Sequence[Row[Any]]:
    is_due = LINE.c.outcome == Outcome.DUE
    total = _fen()
    asked = _of(
        run_id, within, LINE.c.site_id, col(Site.name).label("site_name"),
        func.count().label("lines"), func.count().filter(is_due).label("due"),
        total.label("total_fen"),
    )  # fmt: skip
    by_site = asked.group_by(LINE.c.site_id, col(Site.name)).order_by(total.desc(), LINE.c.site_id)
    return session.execute(by_site).all()


def _band() -> ColumnElement[int]:
    """The lower bound of the band an amount lies in; several to a run, none for a recovery."""
    tests = [(LINE.c.amount_fen >= literal(bound), literal(bound)) for bound in reversed(BANDS)]
    return case(*tests, else_=literal(-1))


def _fen() -> ColumnElement[int]:
    return cast(func.sum(LINE.c.amount_fen), BigInteger)


def _of(run_id: int, within: Scope, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(LINE)
        .join(Site, col(Site.id) == LINE.c.site_id)
        .where(LINE.c.run_id == run_id, within)
    )


def _named(run_id: int, within: Scope) -> Select[Any]:
    return (
        _of(
            run_id, within, LINE, col(Site.name).label("site_name"),
            func.coalesce(col(Resident.name), col(Caregiver.name)).label("person_name"),
        )
        .outerjoin(Resident, col(Resident.id) == LINE.c.resident_id)
        .outerjoin(Caregiver, col(Caregiver.id) == LINE.c.caregiver_id)
    )  # fmt: skip


def _conditions(wanted: LineWanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.outcome is not None:
        found.append(LINE.c.outcome == wanted.outcome)
    if wanted.reason is not None:
        found.append(LINE.c.trace["reasons"].contains([wanted.reason]))
    if wanted.band is not None:
        found += [LINE.c.outcome == Outcome.DUE, _band() == wanted.band]
    if wanted.site_id is not None:
        found.append(LINE.c.site_id == wanted.site_id)
    return found
