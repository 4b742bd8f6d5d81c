"""Totals by programme and month, by facility, and the lines beneath; as known on a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, or_, select, true
from sqlmodel import Session, col

from server import clock
from server.db.tables import as_wide_as_any, table_of
from server.errors import NotFound
from server.findings.models import Finding, FindingState
from server.policies.programmes.models import PolicyVersion
from server.subsidies.approvals.models import SubsidyHeldLine
from server.subsidies.checks.checks import BY_KIND
from server.subsidies.checks.models import FindingLine
from server.subsidies.desk.models import SubsidySum
from server.subsidies.models import (
    RunKind,
    RunStage,
    SubsidyFact,
    SubsidyLine,
    SubsidyRun,
)

MONTHS = 12
TRUE = (FindingState.TRUE, FindingState.RECOVERING, FindingState.CLOSED)

RUN, SUM = table_of(SubsidyRun), table_of(SubsidySum)
LINE, FACT = table_of(SubsidyLine), table_of(SubsidyFact)
FINDING, NAMED = table_of(Finding), table_of(FindingLine)
HELD = table_of(SubsidyHeldLine)


@dataclass(frozen=True)
class Looked:
    """From which month on, for a year; and as it was known at the end of which day."""

    first_month: date
    known_on: date | None = None

    @property
    def months(self) -> Sequence[date]:
        """The twelve months, the earliest first."""
        return [_month_after(self.first_month, number) for number in range(MONTHS)]

    @property
    def known_until(self) -> datetime | None:
        """The first instant that is not known any more."""
        if self.known_on is None:
            return None
        return datetime.combine(self.known_on + timedelta(days=1), time(), clock.CITY)


def find_totals(session: Session, looked: Looked) -> Sequence[Row[Any]]:
    """Return (programme, month, fen, lines, refused, summed_at) of twelve months."""
    return session.execute(
        select(
            RUN.c.programme,
            SUM.c.month,
            func.sum(SUM.c.fen).label("fen"),
            func.sum(SUM.c.lines).label("lines"),
            func.sum(SUM.c.refused).label("refused"),
            func.max(SUM.c.summed_at).label("summed_at"),
        )
        .join(SUM, SUM.c.run_id == RUN.c.id)
        .where(_counts(looked), _in_year(SUM.c.month, looked))
        .group_by(RUN.c.programme, SUM.c.month)
        .order_by(RUN.c.programme, SUM.c.month)
    ).all()


def find_held(session: Session, looked: Looked) -> Sequence[Row[Any]]:
    """Return (programme, month, lines, fen) of what is in these totals and held out of payment."""
    of_line = and_(LINE.c.run_id == HELD.c.run_id, LINE.c.number == HELD.c.number)
    return session.execute(
        select(
            RUN.c.programme,
            LINE.c.month,
            func.count().label("lines"),
            func.sum(LINE.c.amount_fen).label("fen"),
        )
        .select_from(HELD.join(LINE, of_line).join(RUN, RUN.c.id == LINE.c.run_id))
        .where(_counts(looked), _in_year(LINE.c.month, looked), _held_by(looked))
        .group_by(RUN.c.programme, LINE.c.month)
        .order_by(RUN.c.programme, LINE.c.month)
    ).all()


def find_sites(
    session: Session, looked: Looked, programme: str, month: date | None
) -> Sequence[Row[Any]]:
    """Return (site_id, fen, lines, refused, findings) of a programme, the most paid first."""
    when = _in_year(SUM.c.month, looked) if month is None else SUM.c.month == month
    doubted = (
        select(LINE.c.site_id, func.count(func.distinct(NAMED.c.finding_id)).label("findings"))
        .join(NAMED, and_(NAMED.c.run_id == LINE.c.run_id, NAMED.c.number == LINE.c.number))
        .join(FINDING, FINDING.c.id == NAMED.c.finding_id)
        .join(RUN, RUN.c.id == LINE.c.run_id)
        .where(
            RUN.c.programme == programme,
            FINDING.c.state.in_((FindingState.OPEN, *TRUE)),
            _found_by(looked),
            _in_year(LINE.c.month, looked) if month is None else LINE.c.month == month,
        )
        .group_by(LINE.c.site_id)
        .subquery()
    )
    fen = func.sum(SUM.c.fen).label("fen")
    return session.execute(
        select(
            SUM.c.site_id,
            fen,
            func.sum(SUM.c.lines).label("lines"),
            func.sum(SUM.c.refused).label("refused"),
            func.coalesce(func.max(doubted.c.findings), 0).label("findings"),
        )
        .join(RUN, RUN.c.id == SUM.c.run_id)
        .outerjoin(doubted, doubted.c.site_id == SUM.c.site_id)
        .where(RUN.c.programme == programme, _counts(looked), when)
        .group_by(SUM.c.site_id)
        .order_by(fen.desc(), SUM.c.site_id)
    ).all()


def check_reach(session: Session, site_id: int) -> None:
    """Raise `NotFound` for a facility that is not of the reader's office."""
    if not session.execute(select(or_(func.sees_all(), func.is_kept_here(site_id)))).scalar_one():
        raise NotFound()


def list_lines(
    session: Session,
    looked: Looked,
    programme: str,
    site_id: int,
    *,
    month: date | None = None,
    after: tuple[int, int] | None = None,
    limit: int,
) -> Sequence[Row[Any]]:
    """Return the lines of a facility in a programme, run by run."""
    order = (LINE.c.run_id, LINE.c.number)
    query = (
        select(
            *(LINE.c[one] for one in ("run_id", "number", "resident_id", "caregiver_id")),
            *(LINE.c[one] for one in ("month", "outcome", "amount_fen")),
            RUN.c.kind,
            RUN.c.stage,
            select(func.count())
            .select_from(NAMED.join(FINDING, FINDING.c.id == NAMED.c.finding_id))
            .where(NAMED.c.run_id == LINE.c.run_id, NAMED.c.number == LINE.c.number)
            .where(_found_by(looked))
            .scalar_subquery()
            .label("findings"),
        )
        .join(RUN, RUN.c.id == LINE.c.run_id)
        .where(RUN.c.programme == programme, LINE.c.site_id == site_id, _counts(looked))
        .where(_in_year(LINE.c.month, looked) if month is None else LINE.c.month == month)
    )
    if after is not None:
        run_id, number = after
        query = query.where(
            or_(LINE.c.run_id > run_id, and_(LINE.c.run_id == run_id, LINE.c.number > number))
        )
    return session.execute(query.order_by(*order).limit(limit)).all()


def get_line(session: Session, run_id: int, number: int) -> Row[Any]:
    """Return a line with its frozen fact, its run and the policy it rests on; or `NotFound`."""
    row = session.execute(
        select(
            *LINE.c,
            FACT.c.on_day,
            FACT.c.subject,
            FACT.c.facts,
            *(RUN.c[one] for one in ("programme", "version_id", "kind", "stage", "made_at")),
            *(RUN.c[one] for one in ("computed_at", "approved_at", "discarded_at")),
            col(PolicyVersion.content).label("policy"),
            col(PolicyVersion.starts_on).label("policy_from"),
        )
        .join(FACT, and_(FACT.c.run_id == LINE.c.run_id, FACT.c.number == LINE.c.number))
        .join(RUN, RUN.c.id == LINE.c.run_id)
        .join(table_of(PolicyVersion), col(PolicyVersion.id) == RUN.c.version_id)
        .where(LINE.c.run_id == run_id, LINE.c.number == as_wide_as_any(number))
    ).one_or_none()
    if row is None:
        raise NotFound()
    return row


def is_known(line: Row[Any], looked: Looked) -> bool:
    """True where a line of `get_line` was reckoned by the end of the day, and not let go yet."""
    until = looked.known_until
    if until is None:
        return True
    is_reckoned = line.computed_at is not None and line.computed_at < until
    return is_reckoned and (line.discarded_at is None or line.discarded_at >= until)


def list_corrections(
    session: Session, run_id: int, number: int, looked: Looked
) -> Sequence[Row[Any]]:
    """Return the difference lines that correct a line, of runs that were known."""
    return session.execute(
        select(LINE.c.run_id, LINE.c.number, LINE.c.amount_fen, RUN.c.stage, RUN.c.computed_at)
        .join(RUN, RUN.c.id == LINE.c.run_id)
        .where(LINE.c.of_run_id == run_id, LINE.c.of_number == number)
        .where(_counts(looked))
        .order_by(LINE.c.run_id)
    ).all()


def list_findings_of(
    session: Session, run_id: int, number: int, looked: Looked
) -> Sequence[Row[Any]]:
    """Return the findings that speak of a line and were there."""
    return session.execute(
        select(FINDING.c.id, FINDING.c.kind, FINDING.c.state, FINDING.c.found_at)
        .join(NAMED, NAMED.c.finding_id == FINDING.c.id)
        .where(NAMED.c.run_id == run_id, NAMED.c.number == number, _found_by(looked))
        .order_by(FINDING.c.id)
    ).all()


def sum_findings(session: Session) -> Mapping[str, Row[Any]]:
    """Return by kind how many findings there are in which state, and what is in question."""
    state, amount = FINDING.c.state, FINDING.c.evidence["amount_fen"].as_integer()
    rows = session.execute(
        select(
            FINDING.c.kind,
            func.count().filter(state == FindingState.OPEN).label("open"),
            func.count().filter(state.in_(TRUE)).label("true"),
            func.count().filter(state == FindingState.FALSE_ALARM).label("false_alarm"),
            func.sum(case((state.in_((FindingState.OPEN, *TRUE)), amount))).label("fen"),
            func.sum(FINDING.c.recover_fen).label("recover_fen"),
        )
        .where(FINDING.c.kind.in_(sorted(BY_KIND)), state != FindingState.WITHDRAWN)
        .group_by(FINDING.c.kind)
    )
    return {row.kind: row for row in rows}


def _counts(looked: Looked) -> ColumnElement[bool]:
    """A run that is computed and not discarded, so far as was known on the day; no trial."""
    real = RUN.c.kind != RunKind.WHAT_IF
    until = looked.known_until
    if until is None:
        unfinished = (RunStage.GATHERING, RunStage.COMPUTING, RunStage.DISCARDED)
        return and_(real, RUN.c.stage.not_in(unfinished))
    return and_(
        real,
        RUN.c.computed_at < until,
        or_(RUN.c.discarded_at.is_(None), RUN.c.discarded_at >= until),
    )


def _found_by(looked: Looked) -> ColumnElement[bool]:
    until = looked.known_until
    return true() if until is None else FINDING.c.found_at < until


def _held_by(looked: Looked) -> ColumnElement[bool]:
    until = looked.known_until
    if until is None:
        return HELD.c.put_back_at.is_(None)
    still = or_(HELD.c.put_back_at.is_(None), HELD.c.put_back_at >= until)
    return and_(HELD.c.held_at < until, still)


def _in_year(month: ColumnElement[date], looked: Looked) -> ColumnElement[bool]:
    return and_(month >= looked.first_month, month <= looked.months[-1])


def _month_after(first: date, number: int) -> date:
    years, month = divmod(first.month - 1 + number, 12)
    return date(first.year + years, month + 1, 1)
