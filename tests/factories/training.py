"""Courses with sessions of some meetings, and people who learn there."""

from datetime import timedelta

from server import clock
from server.caregivers.training.enrolling import enrol_caregivers
from server.caregivers.training.keeping import Home, publish, put_course, put_session
from server.caregivers.training.models import (
    CompletionCertificate,
    ContestEntrant,
    ContestLevel,
    CourseAttendance,
    CourseKind,
    Enrolment,
    EnrolmentState,
    ExamResult,
    SignedBy,
    SkillsContest,
    TrainingSubsidy,
)
from server.caregivers.training.queries import list_meetings
from tests.factories.caregivers import make_caregiver, make_employment
from tests.factories.meals import make_site
from tests.factories.people import make_staff

AN_HOUR = timedelta(hours=1)


def home_of(site):
    """A site that teaches: its county's office sees it too."""
    return Home(site.division_code[:6], site.id)


def make_course(session, home=None, *, kind=CourseKind.SAFETY, **given):
    values = {
        "name": "消防与急救",
        "kind": kind,
        "level": 5 if kind is CourseKind.SKILL else None,
        "minutes": 240,
        "least_percent": 80,
        "has_exam": False,
        "pass_mark": None,
    } | given
    return put_course(session, home or home_of(make_site(session)), **values)


def make_session(session, course=None, *, starts_in=timedelta(days=3), meetings=2, **given):
    """A published session of some meetings of two hours, one a day."""
    course = course or make_course(session)
    first = (clock.now() + starts_in).replace(microsecond=0)
    is_published = given.pop("is_published", True)
    values = {
        "place": "市养老服务实训基地 201",
        "teacher": "王老师",
        "capacity": 20,
        "enrol_until": first - AN_HOUR,
    } | given
    made = put_session(
        session,
        course,
        Home(course.division_code, course.site_id),
        meetings=[
            (first + timedelta(days=day), first + timedelta(days=day) + 2 * AN_HOUR)
            for day in range(meetings)
        ],
        **values,
    )
    return publish(session, made.id) if is_published else made


def make_trainees(session, course_session, number, site=None):
    """Enrol so many caregivers of a site; the first take the places, the others wait."""
    site = site or make_site(session)
    people = [make_caregiver(session, site) for _ in range(number)]
    for one in people:
        make_employment(session, one)
    return enrol_caregivers(session, course_session.id, [one.id for one in people])


def make_completion(session, caregiver, **given):
    """The certificate of a session that the caregiver completed."""
    place = _put(session, Enrolment(
        session_id=make_session(session, is_published=False).id, caregiver_id=caregiver.id,
        joined_at=clock.now(), name=caregiver.name, state=EnrolmentState.ENROLLED,
    ))  # fmt: skip
    values = {
        "enrolment_id": place.id,
        "number": f"PX{place.id:08d}",
        "check_code": f"{place.id:022d}",
        "issued_on": clock.today(),
    } | given
    return _put(session, CompletionCertificate(**values))


def make_everything(session, site, sign, caregiver=None):
    """A row in every table of courses at the site, named by the sign; returns a key for each.

    The session is not published: what is published is for everybody to enrol for.
    """
    county, now = site.division_code[:6], clock.now()
    course = make_course(session, home_of(site), name=f"{sign}的课", has_exam=True, pass_mark=60)
    run = make_session(session, course, is_published=False, place=f"{sign}教室")
    if caregiver is None:
        caregiver = make_caregiver(session, site, name=f"{sign}护理")
        make_employment(session, caregiver)
    place = _put(session, Enrolment(
        session_id=run.id, caregiver_id=caregiver.id, joined_at=now, name=caregiver.name,
        state=EnrolmentState.ENROLLED,
    ))  # fmt: skip
    [meeting, _] = list_meetings(session, run.id)
    _put(session, CourseAttendance(
        enrolment_id=place.id, meeting_id=meeting.id, minutes=60, arrived_at=meeting.starts_at,
        signed_by=SignedBy.LIST,
    ))  # fmt: skip
    officer = make_staff(session, "county_officer", division_code=county)
    _put(session, ExamResult(enrolment_id=place.id, sat_on=clock.today(), score=90,
                             is_passed=True, entered_by=officer.id, entered_at=now))  # fmt: skip
    certificate = _put(session, CompletionCertificate(
        enrolment_id=place.id, number=f"PX{place.id:08d}", check_code=f"{place.id:022d}",
        issued_on=clock.today(),
    ))  # fmt: skip
    _put(session, TrainingSubsidy(
        enrolment_id=place.id, session_id=run.id, caregiver_id=caregiver.id, division_code=county,
        year=clock.today().year, scheme="none", amount_fen=0, reasons=["not_subsidised"], basis={},
        frozen_at=now,
    ))  # fmt: skip
    contest = _put(session, SkillsContest(
        name=f"{sign}大赛", level=ContestLevel.COUNTY, division_code=county, held_on=clock.today(),
        place="体育馆", organiser="民政局", created_at=now,
    ))  # fmt: skip
    _put(session, ContestEntrant(
        contest_id=contest.id, caregiver_id=caregiver.id, name=caregiver.name
    ))  # fmt: skip
    return {
        "course_id": course.id,
        "session_id": run.id,
        "meeting_id": meeting.id,
        "enrolment_id": place.id,
        "certificate_id": certificate.id,
        "contest_id": contest.id,
    }


def _put(session, row):
    session.add(row)
    session.flush()
    return row
