"""Courses with sessions of some meetings, and people who learn there."""

from datetime import timedelta

from server import clock
from server.caregivers.training.enrolling import enrol_caregivers
from server.caregivers.training.keeping import Home, publish, put_course, put_session
from server.caregivers.training.models import CourseKind
from tests.factories.caregivers import make_caregiver, make_employment
from tests.factories.meals import make_site

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
