"""报名: take a place at a session or wait for one, leave again, and move up from the line.

Whoever writes an enrolment holds the session first; and whoever does not is refused by the
database, which counts the places itself.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session, col

from server import clock
from server.caregivers.models import Caregiver
from server.caregivers.queries import find_own
from server.caregivers.training.errors import (
    AlreadyEnrolled,
    CourseFull,
    CourseNotForYou,
    CourseNotSo,
    EnrolmentClosed,
)
from server.caregivers.training.models import (
    Course,
    CourseKind,
    CourseSession,
    Enrolment,
    EnrolmentState,
    Relation,
    SessionState,
)
from server.caregivers.training.telling import News, tell
from server.db.refusals import all_or_nothing, refusing
from server.db.sessions import actor_of, reaching_everywhere
from server.errors import NotFound

TAKES_PART = (EnrolmentState.ENROLLED, EnrolmentState.WAITING)
REFUSED = {
    "uq_enrolment_one_caregiver": AlreadyEnrolled(),
    "uq_enrolment_one_carer": AlreadyEnrolled(),
    "ck_course_session_enrolled_within_capacity": CourseFull(),
}


def lock_session(session: Session, session_id: int) -> CourseSession:
    """Return the session, held until the transaction ends; raises `NotFound`."""
    query = select(CourseSession).where(col(CourseSession.id) == session_id).with_for_update()
    held: CourseSession | None = session.execute(
        query, execution_options={"populate_existing": True}
    ).scalar_one_or_none()
    if held is None:
        raise NotFound()
    return held


@all_or_nothing
def enrol_caregivers(
    session: Session, session_id: int, caregiver_ids: Sequence[int]
) -> Sequence[Enrolment]:
    """Enrol these caregivers, in the order given; who has a place or waits already is left out.

    Raises `AlreadyEnrolled` where that leaves nobody, `CourseNotSo`, `EnrolmentClosed`, `NotFound`.
    """
    planned = _open(session, session_id)
    asked = select(Caregiver).where(col(Caregiver.id).in_(caregiver_ids))
    found = {one.id: one for one in session.execute(asked).scalars()}
    if not found or found.keys() != set(caregiver_ids):
        raise NotFound()
    there = set(
        session.execute(
            select(col(Enrolment.caregiver_id)).where(
                col(Enrolment.session_id) == session_id, col(Enrolment.state).in_(TAKES_PART)
            )
        ).scalars()
    )
    new = [found[one] for one in dict.fromkeys(caregiver_ids) if one not in there]
    if not new:
        raise AlreadyEnrolled()
    return _put(
        session,
        planned,
        [Enrolment(caregiver_id=one.id, name=one.name, **_by(session)) for one in new],
    )


def enrol_own(session: Session, session_id: int) -> Enrolment:
    """Enrol the caregiver whose phone this is.

    Raises `CourseNotForYou`, `AlreadyEnrolled`, `CourseNotSo`, `EnrolmentClosed`, `NotFound`.
    """
    _check_seen(session, session_id)
    caregiver = find_own(session, account_id=actor_of(session).account_id or 0)
    if caregiver is None:
        raise CourseNotForYou()
    return enrol_caregivers(session, session_id, [caregiver.id or 0])[0]


@all_or_nothing
def enrol_carer(
    session: Session, session_id: int, *, name: str, relation: Relation, resident_id: int
) -> Enrolment:
    """Enrol whoever looks after an elder, by the phone that acts for that elder.

    Raises `CourseNotForYou`, `AlreadyEnrolled`, `CourseNotSo`, `EnrolmentClosed`, `NotFound`.
    """
    _check_seen(session, session_id)
    planned, actor = _open(session, session_id), actor_of(session)
    course = session.get(Course, planned.course_id)
    if course is None or course.kind is not CourseKind.FAMILY:
        raise CourseNotForYou()
    if resident_id not in actor.resident_ids:
        raise NotFound()
    carer = Enrolment(
        account_id=actor.account_id, resident_id=resident_id, relation=relation,
        name=name.strip(), **_by(session),
    )  # fmt: skip
    return _put(session, planned, [carer])[0]


@all_or_nothing
def leave(session: Session, enrolment_id: int) -> Enrolment:
    """Give up a place, or the wait for one; doing it twice is as good as once.

    Raises `EnrolmentClosed`, `NotFound`.
    """
    enrolment = get_enrolment(session, enrolment_id)
    planned = lock_session(session, enrolment.session_id)
    session.refresh(enrolment)
    if enrolment.state not in TAKES_PART:
        return enrolment
    if planned.enrol_until <= clock.now():
        raise EnrolmentClosed(until=planned.enrol_until.isoformat())
    return _end(session, enrolment, EnrolmentState.LEFT)


@all_or_nothing
def remove(session: Session, enrolment_id: int) -> Enrolment:
    """Take somebody off the list before the session begins, and tell them.

    Raises `EnrolmentClosed`, `NotFound`.
    """
    enrolment = get_enrolment(session, enrolment_id)
    planned = lock_session(session, enrolment.session_id)
    session.refresh(enrolment)
    if enrolment.state not in TAKES_PART:
        return enrolment
    if planned.starts_at <= clock.now():
        raise EnrolmentClosed(until=planned.starts_at.isoformat())
    ended = _end(session, enrolment, EnrolmentState.REMOVED)
    tell(session, [enrolment_id], News.REMOVED)
    return ended


def move_up(session: Session, session_id: int) -> int:
    """Give free places to whoever waits longest, and tell them; returns how many moved.

    The caller holds the session. Who stands in the line may be another home's.
    """
    with reaching_everywhere(session):
        held = lock_session(session, session_id)
        free, now = held.capacity - held.enrolled, clock.now()
        if free <= 0 or held.state is not SessionState.PUBLISHED or held.starts_at <= now:
            return 0
        next_ones = (
            select(col(Enrolment.id))
            .where(
                col(Enrolment.session_id) == session_id,
                col(Enrolment.state) == EnrolmentState.WAITING,
            )
            .order_by(col(Enrolment.joined_at), col(Enrolment.id))
            .limit(free)
        )
        moved = session.execute(
            update(Enrolment)
            .where(col(Enrolment.id).in_(next_ones))
            .values(state=EnrolmentState.ENROLLED, moved_up_at=now)
            .returning(col(Enrolment.id)),
            execution_options={"synchronize_session": False},
        )
        people = moved.scalars().all()
    return tell(session, people, News.MOVED_UP) and len(people)


def get_enrolment(session: Session, enrolment_id: int) -> Enrolment:
    """Return an enrolment that the actor may see; raises `NotFound`."""
    query = select(Enrolment).where(col(Enrolment.id) == enrolment_id)
    enrolment: Enrolment | None = session.execute(query).scalar_one_or_none()
    if enrolment is None:
        raise NotFound()
    return enrolment


def _check_seen(session: Session, session_id: int) -> None:
    """A phone knows of no session that is not published."""
    if lock_session(session, session_id).state is SessionState.DRAFT:
        raise NotFound()


def _open(session: Session, session_id: int) -> CourseSession:
    planned = lock_session(session, session_id)
    if planned.state is not SessionState.PUBLISHED:
        raise CourseNotSo(state=planned.state.value)
    if planned.enrol_until <= clock.now():
        raise EnrolmentClosed(until=planned.enrol_until.isoformat())
    return planned


def _by(session: Session) -> dict[str, Any]:
    return {"enrolled_by": actor_of(session).staff_id, "joined_at": clock.now()}


def _put(
    session: Session, planned: CourseSession, people: Sequence[Enrolment]
) -> Sequence[Enrolment]:
    """The first take the places that are left, the others wait behind whoever waits already."""
    free = planned.capacity - planned.enrolled
    for number, one in enumerate(people):
        one.session_id = planned.id or 0
        one.state = EnrolmentState.ENROLLED if number < free else EnrolmentState.WAITING
    with refusing(session, REFUSED):
        session.add_all(people)
    for news, state in ((News.ENROLLED, TAKES_PART[0]), (News.WAITING, TAKES_PART[1])):
        tell(session, [one.id or 0 for one in people if one.state is state], news)
    return people


def _end(session: Session, enrolment: Enrolment, state: EnrolmentState) -> Enrolment:
    ended_at: datetime = clock.now()
    enrolment.state, enrolment.ended_at = state, ended_at
    session.flush()
    move_up(session, enrolment.session_id)
    return enrolment
