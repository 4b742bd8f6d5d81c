"""Courses, sessions and meetings as lists show them, and who could be enrolled."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select, text
from sqlmodel import Session, col

from server import clock
from server.caregivers.models import Caregiver, Employment
from server.caregivers.queries import employed_on
from server.caregivers.training.models import (
    Course,
    CourseAttendance,
    CourseKind,
    CourseMeeting,
    CourseSession,
    Enrolment,
    EnrolmentState,
    SessionState,
)
from server.db.tables import table_of
from server.errors import NotFound
from server.identity.roles import Reach
from server.places.models import Division
from server.providers.models import Site
from server.providers.queries import within

SHOWN_AT_MOST = 1000
# What a phone shows of courses: its own, and what it may still enrol for.
OF_A_PHONE = text(
    """
    SELECT s.id, o.name, o.kind, o.level, o.minutes, o.about, o.has_exam, o.gives_certificate,
           s.place, s.teacher, s.capacity, s.enrolled, s.enrol_until, s.starts_at, s.ends_at,
           s.state, s.cancel_reason, e.id AS enrolment_id, e.state AS enrolment_state,
           coalesce(p.phone, '') AS phone, turn_for_course(e.id) AS turn
      FROM course_session s
      JOIN course o ON o.id = s.course_id
      LEFT JOIN site p ON p.id = s.site_id
      LEFT JOIN enrolment e ON e.session_id = s.id AND e.state IN ('enrolled', 'waiting')
                           AND (e.caregiver_id = :caregiver OR e.account_id = :account)
     WHERE s.state <> 'draft'
       AND CASE WHEN e.id IS NULL
                THEN s.state = 'published' AND s.enrol_until > :now
                     AND (o.kind = 'family' OR CAST(:caregiver AS bigint) IS NOT NULL)
                ELSE s.ends_at > :since END
       AND (CAST(:session AS bigint) IS NULL OR s.id = :session)
     ORDER BY e.id IS NULL, s.starts_at, s.id
     LIMIT 200
    """
)


def kept_in(table: type[Course] | type[CourseSession], reach: Reach) -> ColumnElement[bool]:
    """A course or session of the offices, or the sites, within reach."""
    sites = col(table.site_id).in_(reach.site_ids)
    lies = (col(table.division_code).startswith(one, autoescape=True) for one in reach.prefixes)
    return or_(sites, *lies)


def list_courses(session: Session, reach: Reach) -> Sequence[Row[Any]]:
    """Return the courses that are kept within reach, offered ones first."""
    table = table_of(Course)
    return session.execute(
        select(*table.c, col(Site.name).label("site_name"), col(Division.name).label("division"))
        .outerjoin(Site, col(Site.id) == table.c.site_id)
        .join(Division, col(Division.code) == table.c.division_code)
        .where(kept_in(Course, reach))
        .order_by(table.c.is_offered.desc(), table.c.kind, table.c.name, table.c.id)
        .limit(SHOWN_AT_MOST)
    ).all()


def get_course(session: Session, course_id: int, reach: Reach) -> Course:
    """Return a course that is kept within reach; raises `NotFound`."""
    query = select(Course).where(col(Course.id) == course_id, kept_in(Course, reach))
    found: Course | None = session.execute(query).scalar_one_or_none()
    if found is None:
        raise NotFound()
    return found


def list_sessions(
    session: Session,
    reach: Reach,
    *,
    kind: CourseKind | None = None,
    state: SessionState | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Sequence[Row[Any]]:
    """Return the sessions kept within reach and the published ones of others, by their begin."""
    kept = kept_in(CourseSession, reach)
    query = _sessions(kept).where(or_(kept, col(CourseSession.state) == SessionState.PUBLISHED))
    for condition in (
        None if kind is None else col(Course.kind) == kind,
        None if state is None else col(CourseSession.state) == state,
        None if since is None else col(CourseSession.ends_at) >= since,
        None if until is None else col(CourseSession.starts_at) < until,
    ):
        query = query if condition is None else query.where(condition)
    ordered = query.order_by(col(CourseSession.starts_at), col(CourseSession.id))
    return session.execute(ordered.limit(SHOWN_AT_MOST)).all()


def get_session(session: Session, session_id: int, reach: Reach) -> Row[Any]:
    """Return a session kept within reach, or a published one, with `is_kept`; raises `NotFound`."""
    kept = kept_in(CourseSession, reach)
    query = _sessions(kept).where(
        col(CourseSession.id) == session_id,
        or_(kept, col(CourseSession.state) != SessionState.DRAFT),
    )
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound()
    return row


def get_kept_session(session: Session, session_id: int, reach: Reach) -> Row[Any]:
    """Return a session that is kept within reach; raises `NotFound`."""
    row = get_session(session, session_id, reach)
    if not row.is_kept:
        raise NotFound()
    return row


def get_session_of_meeting(session: Session, meeting_id: int, reach: Reach) -> Row[Any]:
    """Return the session, kept within reach, of a meeting; raises `NotFound`."""
    query = select(col(CourseMeeting.session_id)).where(col(CourseMeeting.id) == meeting_id)
    return get_kept_session(session, session.execute(query).scalar_one_or_none() or 0, reach)


def list_meetings(session: Session, session_id: int) -> Sequence[Row[Any]]:
    """Return the meetings of a session, the first first."""
    table = table_of(CourseMeeting)
    query = select(table).where(table.c.session_id == session_id)
    return session.execute(query.order_by(table.c.starts_at)).all()


def list_attendance(session: Session, session_id: int) -> Sequence[Row[Any]]:
    """Return who was at which meeting of a session, as far as the actor may see."""
    table = table_of(CourseAttendance)
    query = (
        select(table)
        .join(CourseMeeting, col(CourseMeeting.id) == table.c.meeting_id)
        .where(col(CourseMeeting.session_id) == session_id)
    )
    return session.execute(query.order_by(table.c.enrolment_id, table.c.meeting_id)).all()


def list_caregivers(session: Session, reach: Reach, *, on: date) -> Sequence[Row[Any]]:
    """Return who works within reach on the day, by site and name; for choosing from."""
    return session.execute(
        select(col(Caregiver.id), col(Caregiver.name), col(Site.name).label("site_name"))
        .join(Employment, col(Employment.caregiver_id) == col(Caregiver.id))
        .join(Site, col(Site.id) == col(Employment.site_id))
        .where(employed_on(on), within(reach.prefixes, reach.site_ids))
        .distinct()
        .order_by(col(Site.name), col(Caregiver.name), col(Caregiver.id))
        .limit(SHOWN_AT_MOST)
    ).all()


def list_enrolled_caregivers(session: Session, session_id: int) -> set[int]:
    """Return the caregivers in sight who have a place at the session or wait for one."""
    query = select(col(Enrolment.caregiver_id)).where(
        col(Enrolment.session_id) == session_id,
        col(Enrolment.caregiver_id).is_not(None),
        col(Enrolment.state).in_((EnrolmentState.ENROLLED, EnrolmentState.WAITING)),
    )
    return set(session.execute(query).scalars())


def list_of_phone(
    session: Session,
    *,
    account_id: int,
    caregiver_id: int | None,
    since: datetime,
    session_id: int | None = None,
) -> Sequence[Row[Any]]:
    """Return the sessions of a phone, one's own first, then those one may enrol for."""
    values = {
        "account": account_id,
        "caregiver": caregiver_id,
        "now": clock.now(),
        "since": since,
        "session": session_id,
    }
    return session.connection().execute(OF_A_PHONE, values).all()


def _sessions(kept: ColumnElement[bool]) -> Select[Any]:
    table = table_of(CourseSession)
    waiting = (
        select(func.count())
        .where(
            col(Enrolment.session_id) == table.c.id,
            col(Enrolment.state) == EnrolmentState.WAITING,
        )
        .scalar_subquery()
    )
    return (
        select(
            *table.c,
            col(Course.name).label("course_name"),
            *(col(getattr(Course, name)) for name in (
                "kind", "level", "minutes", "least_percent", "has_exam", "pass_mark",
                "gives_certificate", "issuer", "cost_fen", "about",
            )),
            col(Site.name).label("site_name"),
            col(Division.name).label("division"),
            waiting.label("waiting"),
            kept.label("is_kept"),
        )
        .join(Course, col(Course.id) == table.c.course_id)
        .join(Division, col(Division.code) == table.c.division_code)
        .outerjoin(Site, col(Site.id) == table.c.site_id)
    )  # fmt: skip
