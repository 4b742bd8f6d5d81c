"""Who has not filed is reminded, told when it is late, and nudged by the office over it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, or_, select
from sqlmodel import Session, col

from server import clock
from server.facilities.returns.queries import Scope, list_standing
from server.facilities.returns.rules import TIMES, Times
from server.identity.models import Role, Staff, StaffRole
from server.notifications.models import Channel
from server.notifications.service import Asked, ask_for_messages
from server.policies.queries import get_figures

REMINDER = "facilities.return_reminder"
OVERDUE = "facilities.return_overdue"
NUDGE = "facilities.return_nudge"
END_OF_DAY = time(23, 59)
# Pressed twice within an hour, a nudge is one message.
NUDGED_AT_MOST = timedelta(hours=1)


@dataclass(frozen=True)
class Nudged:
    """How many operators have a phone to be told by, and how many messages are new."""

    operators: int
    asked: int


def chase_returns(session: Session) -> int:
    """Tell operators of homes that have not filed today: before the deadline, and when late.

    Each is told once of either, however often this runs. Homes that keep their stays here, and
    homes without an operator who left a phone, are not written to. Returns how many messages.
    """
    now = clock.now()
    times = get_times(session, on=clock.today())
    kind, due_at = _kind_now(times, now)
    if kind is None:
        return 0
    missing = list_missing(session, Scope(prefixes=[""]), on=clock.today())
    operators = list_operators(session, [row.id for row in missing])
    return _ask(session, kind, missing, operators, due_at=due_at, times=times)


def get_times(session: Session, *, on: date) -> Times:
    """Return when returns of the day are reminded of, due and late."""
    return Times.of(get_figures(session, [TIMES], on=on)[TIMES].value, city=clock.CITY)


def nudge_operators(session: Session, home: Row[Any]) -> Nudged:
    """Ask the operators of one home, a row of `list_standing`, to file today's return."""
    times = get_times(session, on=clock.today())
    operators = list_operators(session, [home.id])
    now = clock.now()
    hour = now - (now - datetime.min.replace(tzinfo=now.tzinfo)) % NUDGED_AT_MOST
    asked = _ask(session, NUDGE, [home], operators, due_at=hour, times=times)
    return Nudged(len(operators), asked)


def list_missing(session: Session, scope: Scope, *, on: date) -> Sequence[Row[Any]]:
    """Return the open homes that should have filed for the day and have not."""
    homes = list_standing(session, scope, on=on)
    return [row for row in homes if not row.keeps_beds and row.last_day != on]


def list_operators(session: Session, site_ids: Sequence[int]) -> Sequence[Row[Any]]:
    """Return (site_id, staff_id, phone, language) of these homes' operators who left a phone."""
    today = clock.today()
    query: Any = (
        select(
            col(StaffRole.site_id),
            col(Staff.id).label("staff_id"),
            col(Staff.phone),
            col(Staff.language),
        )
        .join(Staff, col(Staff.id) == col(StaffRole.staff_id))
        .where(
            col(StaffRole.role) == Role.FACILITY_OPERATOR,
            col(StaffRole.site_id).in_(site_ids),
            col(StaffRole.starts_on) <= today,
            or_(col(StaffRole.ends_on).is_(None), col(StaffRole.ends_on) > today),
            col(Staff.disabled_at).is_(None),
            col(Staff.phone).is_not(None),
        )
        .order_by(col(StaffRole.site_id), col(Staff.id))
    )
    rows: Sequence[Row[Any]] = session.execute(query).all()
    return rows


def _kind_now(times: Times, now: datetime) -> tuple[str | None, datetime]:
    today = clock.day_of(now)
    if now >= times.late_from(today):
        return OVERDUE, times.late_from(today)
    if now >= times.reminder_of(today):
        return REMINDER, times.reminder_of(today)
    return None, now


def _ask(
    session: Session,
    kind: str,
    homes: Sequence[Row[Any]],
    operators: Sequence[Row[Any]],
    *,
    due_at: datetime,
    times: Times,
) -> int:
    names: Mapping[int, str] = {home.id: home.name for home in homes}
    today = clock.today()
    messages = [
        Asked(
            phone=one.phone,
            language=one.language,
            channel=Channel.SMS,
            kind=kind,
            subject=f"bed_return:{one.site_id}:{today}",
            facts={"site": names[one.site_id], "time": f"{times.due_at:%H:%M}"},
            due_at=due_at,
            expires_at=datetime.combine(today, END_OF_DAY, clock.CITY),
        )
        for one in operators
    ]
    return ask_for_messages(session, messages)
