"""签到: at the door by the code that stands there, or from the sign-in list; then minutes count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import Session, col

from server import clock
from server.caregivers.training import door
from server.caregivers.training.errors import (
    DoorCodeWrong,
    DoorShut,
    ListClosed,
    NoMeetingNow,
    TooEarly,
    TooManyWrongCodes,
)
from server.caregivers.training.models import (
    CourseAttendance,
    CourseMeeting,
    CourseSession,
    Enrolment,
    EnrolmentState,
    SessionState,
    SignedBy,
)
from server.caregivers.training.rules import minutes_there
from server.db.refusals import all_or_nothing
from server.db.sessions import KeptRefusal, actor_of, reaching_everywhere
from server.db.tables import table_of
from server.errors import NotFound
from server.policies.queries import get_figures

MOST_WRONG_CODES = 10
# A second look at the door so soon is the same arrival; later it is leaving.
SAME_ARRIVAL = timedelta(minutes=10)
STAYS_OPEN = "training.list_stays_open_days"
OWN_DOORS = text(
    """
    SELECT e.id AS enrolment_id, e.wrong_codes, m.id AS meeting_id, m.starts_at, m.ends_at,
           m.closed_at
      FROM enrolment e
      JOIN course_session s ON s.id = e.session_id AND s.state = 'published'
      JOIN course_meeting m ON m.session_id = s.id
      LEFT JOIN caregiver c ON c.id = e.caregiver_id
     WHERE e.state = 'enrolled' AND :account IN (e.account_id, c.account_id)
       AND m.starts_at <= :now + :around AND m.ends_at >= :now - :around
     ORDER BY m.starts_at, m.id
    """
)
# Once for each meeting and caregiver, however often; a carer of a family has no yearly hours.
COUNT_HOURS = text(
    """
    INSERT INTO continuing_education (caregiver_id, attended_on, minutes, subject, told_by,
                                      meeting_id)
    SELECT e.caregiver_id, (m.starts_at AT TIME ZONE 'Asia/Shanghai')::date, a.minutes, o.name,
           NULL, m.id
      FROM course_meeting m
      JOIN course_session s ON s.id = m.session_id
      JOIN course o ON o.id = s.course_id
      JOIN course_attendance a ON a.meeting_id = m.id AND a.minutes > 0
      JOIN enrolment e ON e.id = a.enrolment_id AND e.caregiver_id IS NOT NULL
     WHERE m.id = ANY (:meetings)
     ORDER BY m.id, e.caregiver_id
    ON CONFLICT (meeting_id, caregiver_id) DO NOTHING RETURNING id
    """
)


@dataclass(frozen=True)
class Noted:
    """A line of the sign-in list; without `arrived_at` somebody was not there."""

    enrolment_id: int
    arrived_at: datetime | None = None
    left_at: datetime | None = None


def sign_at_door(session: Session, code: str) -> CourseAttendance:
    """Note that whoever holds this phone arrives at, or leaves, the meeting behind the door.

    A wrong code counts, also where it is refused. Raises `DoorCodeWrong`, `TooManyWrongCodes`,
    `NoMeetingNow`, `ListClosed`.
    """
    now = clock.now()
    account_id = actor_of(session).account_id
    values = {"account": account_id, "now": now, "around": door.OPEN_AROUND}
    doors = session.connection().execute(OWN_DOORS, values).all()
    if not doors:
        raise NoMeetingNow()
    if max(one.wrong_codes for one in doors) >= MOST_WRONG_CODES:
        raise TooManyWrongCodes()
    behind = [one for one in doors if door.is_good(code, one.meeting_id, now)]
    if not behind:
        _count_wrong(session, [one.enrolment_id for one in doors])
        raise KeptRefusal(DoorCodeWrong())
    if behind[0].closed_at is not None:
        raise ListClosed()
    return _sign(session, behind[0], now)


@all_or_nothing
def keep_list(session: Session, meeting_id: int, lines: Sequence[Noted]) -> int:
    """Note who was there by the sign-in list; returns how many lines changed.

    Raises `ListClosed`, `TooEarly`, `NotFound`.
    """
    meeting = get_meeting(session, meeting_id)
    if meeting.closed_at is not None:
        raise ListClosed()
    if meeting.starts_at > clock.now():
        raise TooEarly()
    _check_trainees(session, meeting, [one.enrolment_id for one in lines])
    if not lines:
        return 0
    table = table_of(CourseAttendance)
    noted_by = actor_of(session).staff_id
    new = upsert(table).values([_line(meeting, one) | {"noted_by": noted_by} for one in lines])
    changed = (table.c.minutes != new.excluded.minutes) | (
        table.c.arrived_at != new.excluded.arrived_at
    )
    written = session.execute(
        new.on_conflict_do_update(
            index_elements=["enrolment_id", "meeting_id"],
            set_={
                name: new.excluded[name]
                for name in ("arrived_at", "left_at", "minutes", "noted_by")
            },
            where=changed,
        ).returning(table.c.enrolment_id)
    )
    return len(written.all())


@all_or_nothing
def close_meeting(session: Session, meeting_id: int) -> None:
    """Let the list of a meeting stand, and its minutes count; twice is as good as once.

    Raises `TooEarly`, `NotFound`.
    """
    meeting = get_meeting(session, meeting_id)
    if meeting.ends_at > clock.now():
        raise TooEarly()
    _close(session, [meeting_id])


def close_lists_due(session: Session) -> int:
    """Close the lists that were open long enough; returns how many. Harmless twice."""
    today = clock.today()
    days = int(get_figures(session, [STAYS_OPEN], on=today)[STAYS_OPEN].value)
    before = datetime.combine(today - timedelta(days=days), time(), clock.CITY)
    due = (
        select(col(CourseMeeting.id))
        .join(CourseSession, col(CourseSession.id) == col(CourseMeeting.session_id))
        .where(
            col(CourseMeeting.closed_at).is_(None),
            col(CourseMeeting.ends_at) < before,
            col(CourseSession.state) == SessionState.PUBLISHED,
        )
        .order_by(col(CourseMeeting.id))
    )
    found = session.execute(due).scalars().all()
    _close(session, found)
    return len(found)


def get_meeting(session: Session, meeting_id: int) -> CourseMeeting:
    """Return a meeting, held until the transaction ends; raises `NotFound`."""
    query = select(CourseMeeting).where(col(CourseMeeting.id) == meeting_id).with_for_update()
    held: CourseMeeting | None = session.execute(
        query, execution_options={"populate_existing": True}
    ).scalar_one_or_none()
    if held is None:
        raise NotFound()
    return held


def show_door(session: Session, meeting: CourseMeeting) -> door.DoorCode:
    """Return the code that stands at the door now; raises `DoorShut`."""
    now = clock.now()
    if meeting.closed_at or not door.is_open(meeting.starts_at, meeting.ends_at, now):
        raise DoorShut()
    return door.code_of(meeting.id or 0, now)


def _sign(session: Session, at_door: Row[Any], now: datetime) -> CourseAttendance:
    key = (at_door.enrolment_id, at_door.meeting_id)
    _reset_wrong(session, at_door.enrolment_id)
    new = upsert(table_of(CourseAttendance)).values(
        enrolment_id=key[0], meeting_id=key[1], arrived_at=now, signed_by=SignedBy.CODE,
        minutes=minutes_there(at_door.starts_at, at_door.ends_at, now, None),
    )  # fmt: skip
    session.execute(new.on_conflict_do_nothing())
    row = session.get(CourseAttendance, key, with_for_update=True, populate_existing=True)
    assert row is not None, "it was there, or was just written"
    _note_look(row, at_door, now)
    session.flush()
    return row


def _note_look(row: CourseAttendance, at_door: Row[Any], now: datetime) -> None:
    """Whoever the list has as absent arrives now; a later look of anybody else is leaving."""
    if row.left_at == row.arrived_at:
        row.arrived_at, row.left_at = now, None
    elif now - row.arrived_at >= SAME_ARRIVAL:
        row.left_at = now
    else:
        return
    row.minutes = minutes_there(at_door.starts_at, at_door.ends_at, row.arrived_at, row.left_at)


def _line(meeting: CourseMeeting, noted: Noted) -> dict[str, Any]:
    arrived_at = noted.arrived_at or meeting.starts_at
    left_at = noted.left_at if noted.arrived_at else meeting.starts_at
    return {
        "enrolment_id": noted.enrolment_id,
        "meeting_id": meeting.id,
        "arrived_at": arrived_at,
        "left_at": left_at,
        "minutes": minutes_there(meeting.starts_at, meeting.ends_at, arrived_at, left_at),
        "signed_by": SignedBy.LIST,
    }


def _check_trainees(session: Session, meeting: CourseMeeting, enrolment_ids: Sequence[int]) -> None:
    query = select(col(Enrolment.id)).where(
        col(Enrolment.session_id) == meeting.session_id,
        col(Enrolment.state) == EnrolmentState.ENROLLED,
    )
    if not set(enrolment_ids) <= set(session.execute(query).scalars()):
        raise NotFound()


def _close(session: Session, meeting_ids: Sequence[int]) -> None:
    """What a trainee attended counts with their own home, which the teacher may not look into."""
    if not meeting_ids:
        return
    session.execute(
        update(CourseMeeting)
        .where(col(CourseMeeting.id).in_(meeting_ids), col(CourseMeeting.closed_at).is_(None))
        .values(closed_at=clock.now()),
        execution_options={"synchronize_session": False},
    )
    with reaching_everywhere(session):
        session.connection().execute(COUNT_HOURS, {"meetings": list(meeting_ids)})
    session.expire_all()


def _count_wrong(session: Session, enrolment_ids: Sequence[int]) -> None:
    counted = update(Enrolment).where(col(Enrolment.id).in_(enrolment_ids))
    session.execute(counted.values(wrong_codes=col(Enrolment.wrong_codes) + 1))


def _reset_wrong(session: Session, enrolment_id: int) -> None:
    query = update(Enrolment).where(
        col(Enrolment.id) == enrolment_id, col(Enrolment.wrong_codes) > 0
    )
    session.execute(query.values(wrong_codes=0))
