"""Courses, and sessions of them: put up, published, moved, given more places, called off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlmodel import Session, col

from server import clock
from server.caregivers.training.enrolling import lock_session, move_up
from server.caregivers.training.errors import (
    CourseIsPublished,
    CourseNotSo,
    FewerPlacesThanTrainees,
    MeetingsOverlap,
)
from server.caregivers.training.models import (
    Course,
    CourseMeeting,
    CourseSession,
    Enrolment,
    EnrolmentState,
    SessionState,
)
from server.caregivers.training.rules import follow_each_other
from server.caregivers.training.telling import News, hour, tell
from server.db.refusals import all_or_nothing, refusing
from server.db.sessions import actor_of, reaching_everywhere
from server.errors import NotFound

# What may be said otherwise of a course while people learn in it: they lose nothing by it.
TOUCHES_NOBODY = {"about"}
OPEN = (EnrolmentState.ENROLLED, EnrolmentState.WAITING)
Times = tuple[datetime, datetime]


@dataclass(frozen=True)
class Home:
    """Who keeps a course or session: the office of a division, or a site that lies there."""

    division_code: str
    site_id: int | None = None


def put_course(session: Session, home: Home, **facts: Any) -> Course:
    """Put a course up."""
    course = Course(
        division_code=home.division_code,
        site_id=home.site_id,
        created_at=clock.now(),
        created_by=actor_of(session).staff_id,
        **facts,
    )
    session.add(course)
    session.flush()
    return course


def change_course(session: Session, course: Course, **facts: Any) -> Course:
    """Say other things of a course; what it is for stays."""
    course.sqlmodel_update(facts)
    session.flush()
    return course


def edit_course(session: Session, course: Course, **facts: Any) -> Course:
    """Mend what a course says, all of it until a session of it is published.

    Raises `CourseIsPublished` for what the enrolled rely on: name, hours, attendance, costs.
    """
    with reaching_everywhere(session):
        session.refresh(course, with_for_update=True)
        changed = {name for name, value in facts.items() if getattr(course, name) != value}
        if changed - TOUCHES_NOBODY and is_published(session, course.id or 0):
            raise CourseIsPublished()
    course.sqlmodel_update(facts)
    session.flush()
    return course


def is_published(session: Session, course_id: int) -> bool:
    """True where a session of the course was published, by whoever holds it, and not called off."""
    published = exists().where(
        col(CourseSession.course_id) == course_id,
        col(CourseSession.state) == SessionState.PUBLISHED,
    )
    with reaching_everywhere(session):
        return bool(session.execute(select(published)).scalar_one())


@all_or_nothing
def put_session(
    session: Session, course: Course, home: Home, *, meetings: Sequence[Times], **facts: Any
) -> CourseSession:
    """Plan a session of a course with its meetings; raises `MeetingsOverlap`, `CourseNotSo`."""
    if not follow_each_other(meetings):
        raise MeetingsOverlap()
    if facts["enrol_until"] > min(meetings)[0]:
        raise MeetingsOverlap()
    planned = CourseSession(
        course_id=course.id or 0,
        division_code=home.division_code,
        site_id=home.site_id,
        starts_at=min(start for start, _ in meetings),
        ends_at=max(end for _, end in meetings),
        created_at=clock.now(),
        created_by=actor_of(session).staff_id,
        **facts,
    )
    session.add(planned)
    session.flush()
    session.add_all(
        CourseMeeting(session_id=planned.id or 0, starts_at=start, ends_at=end)
        for start, end in sorted(meetings)
    )
    session.flush()
    return planned


def publish(session: Session, session_id: int) -> CourseSession:
    """Let people enrol; raises `CourseNotSo`, `NotFound`."""
    planned = lock_session(session, session_id)
    if planned.state is not SessionState.DRAFT:
        raise CourseNotSo(state=planned.state.value)
    _hold_course(session, planned.course_id)
    planned.state = SessionState.PUBLISHED
    session.flush()
    return planned


@all_or_nothing
def cancel_session(session: Session, session_id: int, *, reason: str) -> CourseSession:
    """Call a session off before it ends, and tell everybody; raises `CourseNotSo`, `NotFound`."""
    planned = lock_session(session, session_id)
    if planned.state is SessionState.CANCELLED or planned.ends_at <= clock.now():
        raise CourseNotSo(state=planned.state.value)
    people = _people(session, session_id, *OPEN)
    planned.state, planned.cancel_reason = SessionState.CANCELLED, reason.strip()
    planned.cancelled_at = clock.now()
    session.flush()
    tell(session, people, News.CANCELLED, facts={"reason": planned.cancel_reason})
    return planned


@all_or_nothing
def change_places(session: Session, session_id: int, *, capacity: int) -> CourseSession:
    """Give more places, which the line takes at once, or fewer; raises
    `FewerPlacesThanTrainees`, `CourseNotSo`, `NotFound`."""
    planned = lock_session(session, session_id)
    if planned.state is SessionState.CANCELLED:
        raise CourseNotSo(state=planned.state.value)
    too_few = FewerPlacesThanTrainees(enrolled=planned.enrolled)
    with refusing(session, {"ck_course_session_enrolled_within_capacity": too_few}):
        planned.capacity = capacity
    move_up(session, session_id)
    session.refresh(planned)
    return planned


@all_or_nothing
def move_meeting(
    session: Session, meeting_id: int, *, starts_at: datetime, ends_at: datetime
) -> None:
    """Move a meeting that has not begun, and tell whoever has a place.

    Raises `MeetingsOverlap`, `CourseNotSo`, `NotFound`.
    """
    moved = session.get(CourseMeeting, meeting_id)
    if moved is None:
        raise NotFound()
    planned = lock_session(session, moved.session_id)
    now = clock.now()
    if planned.state is SessionState.CANCELLED or min(moved.starts_at, starts_at) <= now:
        raise CourseNotSo(state=planned.state.value)
    before = hour(moved.starts_at)
    _fit(session, planned, moved, (starts_at, ends_at))
    people = _people(session, planned.id or 0, EnrolmentState.ENROLLED)
    facts = {"before": before, "time": hour(starts_at)}
    tell(session, people, News.MOVED, subject=f":{meeting_id}", facts=facts)


def note_costs(session: Session, session_id: int, **fens: int) -> CourseSession:
    """Say what a session cost; raises `NotFound`."""
    planned = lock_session(session, session_id)
    planned.sqlmodel_update(fens)
    session.flush()
    return planned


def _fit(session: Session, planned: CourseSession, moved: CourseMeeting, becomes: Times) -> None:
    """A session runs from its first meeting to its last; enrolling ends before it at the latest."""
    query = select(CourseMeeting).where(col(CourseMeeting.session_id) == planned.id)
    others = [one for one in session.execute(query).scalars() if one.id != moved.id]
    times = [*((one.starts_at, one.ends_at) for one in others), becomes]
    if not follow_each_other(times):
        raise MeetingsOverlap()
    moved.starts_at, moved.ends_at = becomes
    planned.starts_at = min(start for start, _ in times)
    planned.ends_at = max(end for _, end in times)
    planned.enrol_until = min(planned.enrol_until, planned.starts_at)
    session.flush()


def _hold_course(session: Session, course_id: int) -> None:
    """What the course says stays until the session is published."""
    query = select(col(Course.id)).where(col(Course.id) == course_id).with_for_update(read=True)
    with reaching_everywhere(session):
        session.execute(query).scalar_one()


def _people(session: Session, session_id: int, *states: EnrolmentState) -> Sequence[int]:
    query = select(col(Enrolment.id)).where(
        col(Enrolment.session_id) == session_id, col(Enrolment.state).in_(states)
    )
    with reaching_everywhere(session):
        return session.execute(query.order_by(col(Enrolment.id))).scalars().all()
