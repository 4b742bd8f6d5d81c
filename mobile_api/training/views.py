"""Courses open to me, my place and my turn, the door, and what I learned."""

from datetime import timedelta
from typing import Any

from flask import Response, request
from sqlmodel import Session

from mobile_api.training.schemas import (
    CourseAttendanceSchema,
    CourseSessionInFullSchema,
    CoursesSchema,
    EnrolInCourseSchema,
    LearningSchema,
    SignInAtCourseSchema,
)
from server import clock
from server.caregivers.queries import find_own
from server.caregivers.training import certifying, queries
from server.caregivers.training.attending import sign_at_door
from server.caregivers.training.enrolling import enrol_carer, enrol_own, get_enrolment, leave
from server.caregivers.training.own import learning_of
from server.db.sessions import actor_of
from server.errors import NotFound
from server.settings import settings
from server.web.access import reads, writes
from server.web.blueprints import StrictBlueprint
from server.web.certificate_paper import MOUNT, certificate_pdf

blueprint = StrictBlueprint(
    "training", __name__, url_prefix="/v1", description="Courses, and what one learned there."
)
PERMISSION = "caregivers.learn"
SHOWN_AFTER = timedelta(days=30)
PDF = "application/pdf"


def nobody() -> None:
    """Whoever learns does so for themselves; the elder they care for is only named."""


@blueprint.get("/courses")
@reads(PERMISSION)
@blueprint.response(200, CoursesSchema)
@blueprint.doc(operationId="listCourses")
def list_courses(*, session: Session) -> dict[str, Any]:
    """List the courses one has a place at, and those one may enrol for"""
    caregiver_id = _caregiver_id(session)
    rows = queries.list_of_phone(session, **_own(session), since=clock.now() - SHOWN_AFTER)
    return {"is_caregiver": caregiver_id is not None, "items": [row._mapping for row in rows]}


@blueprint.get("/courses/<int:session_id>")
@reads(PERMISSION)
@blueprint.response(200, CourseSessionInFullSchema)
@blueprint.doc(operationId="getCourse")
def get_course(*, session_id: int, session: Session) -> dict[str, Any]:
    """Show one of these with its classes"""
    return _shown(session, session_id)


@blueprint.post("/courses/<int:session_id>/enrolment")
@writes(PERMISSION, for_resident=nobody)
@blueprint.arguments(EnrolInCourseSchema)
@blueprint.response(201, CourseSessionInFullSchema)
@blueprint.doc(operationId="enrolInCourse")
def enrol_in_course(
    command: dict[str, Any], *, session_id: int, session: Session
) -> dict[str, Any]:
    """Take a place at a course, or wait for one; a family carer says for whom"""
    if command["carer"] is None:
        enrol_own(session, session_id)
    else:
        enrol_carer(session, session_id, **command["carer"])
    return _shown(session, session_id)


@blueprint.post("/enrolments/<int:enrolment_id>/cancellation")
@writes(PERMISSION, for_resident=nobody)
@blueprint.response(204)
@blueprint.doc(operationId="leaveCourse")
def leave_course(*, enrolment_id: int, session: Session) -> None:
    """Give up a place, or the wait for one; doing it twice is as good as once"""
    get_enrolment(session, enrolment_id)
    leave(session, enrolment_id)


@blueprint.post("/course-attendances")
@writes(PERMISSION, for_resident=nobody)
@blueprint.arguments(SignInAtCourseSchema)
@blueprint.response(201, CourseAttendanceSchema)
@blueprint.doc(operationId="signInAtCourse")
def sign_in_at_course(command: dict[str, Any], *, session: Session) -> dict[str, Any]:
    """Sign in to the class one stands at the door of; ten minutes later, sign out"""
    signed = sign_at_door(session, command["code"])
    names = ("meeting_id", "arrived_at", "left_at", "minutes")
    return {name: getattr(signed, name) for name in names}


@blueprint.get("/learning")
@reads(PERMISSION)
@blueprint.response(200, LearningSchema)
@blueprint.doc(operationId="getLearning")
def get_learning(*, session: Session) -> dict[str, Any]:
    """Show one's hours of this year, results, certificates and contests"""
    learned = learning_of(session, **_own(session), today=clock.today(), now=clock.now())
    contests = [{**row._mapping, "level": row.level.value} for row in learned.contests]
    return {
        "minutes": learned.minutes,
        "hours": learned.hours,
        "runs": [_run(row) for row in learned.runs],
        "contests": contests,
    }


@blueprint.get("/completion-certificates/<int:certificate_id>/paper")
@reads(PERMISSION)
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type=PDF)
@blueprint.doc(operationId="getCertificatePaper")
def get_certificate_paper(*, certificate_id: int, session: Session) -> Response:
    """Hand out one's certificate of completion as a PDF"""
    paper = certifying.get_paper(session, certificate_id)
    response = Response(certificate_pdf(paper, _base()), content_type=PDF)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _run(row: Any) -> dict[str, Any]:
    address = f"{_base()}{MOUNT}/{row.check_code}" if row.check_code else None
    return {**row._mapping, "check_address": address}


def _base() -> str:
    return settings().origin or request.host_url.rstrip("/")


def _caregiver_id(session: Session) -> int | None:
    found = find_own(session, account_id=actor_of(session).account_id or 0)
    return found.id if found else None


def _own(session: Session) -> dict[str, Any]:
    account_id = actor_of(session).account_id or 0
    return {"account_id": account_id, "caregiver_id": _caregiver_id(session)}


def _shown(session: Session, session_id: int) -> dict[str, Any]:
    since = clock.now() - SHOWN_AFTER
    rows = queries.list_of_phone(session, **_own(session), since=since, session_id=session_id)
    if not rows:
        raise NotFound()
    meetings = [row._mapping for row in queries.list_meetings(session, session_id)]
    return {**rows[0]._mapping, "meetings": meetings}
