"""Class hours beside shifts and visits: planted, and harmless neighbours."""

from datetime import datetime, time, timedelta

import pytest

from server import clock
from server.caregivers.models import AttendanceDay
from server.caregivers.training.attending import Noted, keep_list
from server.caregivers.training.enrolling import enrol_caregivers
from server.caregivers.training.queries import list_meetings
from server.findings.models import FindingKind
from server.homecare.training_checks import service
from server.homecare.training_checks.checks import CHECKS
from tests.factories.caregivers import make_caregiver, make_employment
from tests.factories.street import Street
from tests.factories.training import make_session

SHIFT, VISIT = CHECKS
MINUTE = timedelta(minutes=1)
# A class of the morning: both of its hours fall on one day.
EIGHT = time(8)


class Classroom:
    """A caregiver who is also a care worker of the street, and signed for a class of two hours."""

    def __init__(self, session, time_machine):
        time_machine.move_to(datetime.combine(clock.today(), EIGHT, clock.CITY))
        self.session, self.street = session, Street(session)
        self.caregiver = make_caregiver(session, self.street.site, staff_id=self.street.worker.id)
        make_employment(session, self.caregiver)
        run = make_session(session, starts_in=timedelta(hours=2), meetings=1)
        [enrolment] = enrol_caregivers(session, run.id, [self.caregiver.id])
        [self.meeting] = list_meetings(session, run.id)
        self.subject = f"class:{enrolment.id}:{self.meeting.id}"
        time_machine.move_to(self.meeting.ends_at + 60 * MINUTE)
        keep_list(session, self.meeting.id, [Noted(enrolment.id, self.meeting.starts_at)])

    def punch(self, begins, ends):
        """On duty from and to so many minutes after the class began."""
        at = self.meeting.starts_at
        self.session.add(
            AttendanceDay(
                caregiver_id=self.caregiver.id,
                site_id=self.street.site.id,
                day=clock.day_of(at + begins * MINUTE),
                arrived_at=at + begins * MINUTE,
                left_at=None if ends is None else at + ends * MINUTE,
            )
        )
        self.session.flush()

    def visit(self, begins, minutes):
        at = self.meeting.starts_at + begins * MINUTE
        return self.street.proved(minutes=minutes, starts_at=at, on=None)

    def found(self, check):
        today = clock.day_of(self.meeting.starts_at)
        return [one.subject for one in service.find(self.session, check, today, until=today)]


@pytest.fixture
def classroom(session, time_machine):
    return Classroom(session, time_machine)


@pytest.mark.parametrize(
    ("begins", "ends", "is_found"),
    [(-60, 60, True), (30, 40, False), (30, 41, True), (-200, 5, False), (-60, None, True)],
)
def test_a_shift_in_class_hours_is_found(classroom, begins, ends, is_found):
    classroom.punch(begins, ends)

    site = classroom.street.site.id
    assert classroom.found(SHIFT) == ([f"{classroom.subject}:{site}"] if is_found else [])


@pytest.mark.parametrize(("begins", "is_found"), [(30, True), (-55, False), (130, False)])
def test_a_visit_in_class_hours_is_found(classroom, begins, is_found):
    visit = classroom.visit(begins, 60)

    expected = [f"{classroom.subject}:visit:{visit.id}"] if is_found else []
    assert classroom.found(VISIT) == expected


def test_it_is_put_down_once(session, classroom):
    classroom.punch(0, 60)
    classroom.visit(30, 60)

    assert [service.check_lately(session), service.check_lately(session)] == [2, 0]


def test_every_check_is_of_its_kind():
    assert {check.kind for check in CHECKS} == {
        FindingKind.TRAINEE_ON_SHIFT, FindingKind.TRAINEE_SERVED_ELSEWHERE,
    }  # fmt: skip
