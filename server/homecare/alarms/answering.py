"""Somebody takes an alarm in hand, and says how it ended; and whom to call is written down."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlmodel import Session, col

from server import clock
from server.db.sessions import actor_of
from server.errors import NotAllowed, NotFound
from server.homecare.alarms.errors import AlarmNotSo, AlarmTaken, CalleesUnusable
from server.homecare.alarms.models import (
    AlarmOutcome,
    AlarmState,
    AlarmStep,
    CalleeKind,
    HomeAlarm,
    HomeCallee,
)
from server.homecare.models import HomeBed
from server.identity.queries import get_staff
from server.identity.roles import reach_of

ANSWER, RUN = "homecare.answer-alarms", "homecare.run"
MOST_CALLED = 9
SHORTEST_PHONE = 3


@dataclass(frozen=True)
class Callee:
    """Somebody to call; 120 has no phone here, since no message goes there."""

    kind: CalleeKind
    name: str
    phone: str


def take_in_hand(session: Session, alarm_id: int) -> HomeAlarm:
    """我来处理: nobody else is called any more. Doing it twice is as good as once.

    Raises `AlarmTaken` where a colleague was first, `AlarmNotSo`, `NotAllowed`, `NotFound`.
    """
    alarm = _hold(session, alarm_id)
    mine = actor_of(session).staff_id
    if alarm.acknowledged_by is not None and alarm.acknowledged_by != mine:
        raise AlarmTaken(name=get_staff(session, alarm.acknowledged_by).display_name)
    if alarm.state is AlarmState.CLOSED:
        raise AlarmNotSo(state=alarm.state.value)
    if alarm.acknowledged_by is None:
        alarm.state, alarm.next_at = AlarmState.ACKNOWLEDGED, None
        alarm.acknowledged_at, alarm.acknowledged_by = clock.now(), mine
        _note(session, alarm)
    return alarm


def close_alarm(
    session: Session, alarm_id: int, *, outcome: AlarmOutcome, note: str = ""
) -> HomeAlarm:
    """Say how it ended, whoever took it in hand; whatever comes after is another alarm.

    Raises `AlarmNotSo` before anybody took it in hand and after it was closed, `NotAllowed`,
    `NotFound`.
    """
    alarm = _hold(session, alarm_id)
    if alarm.state is not AlarmState.ACKNOWLEDGED:
        raise AlarmNotSo(state=alarm.state.value)
    alarm.state, alarm.closed_at = AlarmState.CLOSED, clock.now()
    alarm.outcome, alarm.note = outcome, note
    _note(session, alarm, note=note)
    return alarm


def write_callees(session: Session, home_bed_id: int, callees: Sequence[Callee]) -> None:
    """Keep whom to call for a bed, in this order; none leaves it to what is known.

    Raises `CalleesUnusable`, `NotAllowed`, `NotFound`.
    """
    query = select(HomeBed).where(col(HomeBed.id) == home_bed_id).with_for_update(key_share=True)
    bed: HomeBed | None = session.execute(query).scalar_one_or_none()
    if bed is None:
        raise NotFound()
    _check_mine(session, bed.site_id, RUN)
    _check_usable(callees)
    session.execute(delete(HomeCallee).where(col(HomeCallee.home_bed_id) == home_bed_id))
    session.add_all(
        HomeCallee(home_bed_id=home_bed_id, place=place, **vars(one))
        for place, one in enumerate(callees, start=1)
    )
    session.flush()


def _check_usable(callees: Sequence[Callee]) -> None:
    def is_whole(one: Callee) -> bool:
        digits = sum(sign.isdigit() for sign in one.phone)
        is_emergency = one.kind is CalleeKind.EMERGENCY
        return one.phone == "" if is_emergency else digits >= SHORTEST_PHONE

    if len(callees) > MOST_CALLED or not all(map(is_whole, callees)):
        raise CalleesUnusable()


def _hold(session: Session, alarm_id: int) -> HomeAlarm:
    query = select(HomeAlarm).where(col(HomeAlarm.id) == alarm_id).with_for_update(key_share=True)
    held = session.execute(query.execution_options(populate_existing=True))
    alarm: HomeAlarm | None = held.scalar_one_or_none()
    if alarm is None:
        raise NotFound()
    _check_mine(session, alarm.site_id, ANSWER)
    return alarm


def _check_mine(session: Session, site_id: int | None, permission: str) -> None:
    actor = actor_of(session)
    if not actor.is_service and site_id not in reach_of(actor, permission).site_ids:
        raise NotAllowed()


def _note(session: Session, alarm: HomeAlarm, *, note: str = "") -> None:
    at = alarm.closed_at or alarm.acknowledged_at or clock.now()
    who = actor_of(session).staff_id
    session.add(
        AlarmStep(alarm_id=alarm.id or 0, state=alarm.state, at=at, staff_id=who, note=note)
    )
    session.flush()
