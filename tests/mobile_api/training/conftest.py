"""A caregiver with a phone, and a course whose class begins now."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from server import clock
from server.caregivers.training import door
from server.caregivers.training.attending import close_meeting
from server.caregivers.training.certifying import issue_certificates
from server.caregivers.training.enrolling import enrol_caregivers
from server.caregivers.training.queries import list_meetings
from server.identity.models import Account
from tests.factories.caregivers import make_caregiver, make_employment
from tests.factories.people import make_account, make_sign_in
from tests.factories.training import make_session
from tests.mobile_api.conftest import Phone


@pytest.fixture
def course(session):
    return make_session(session, capacity=1, starts_in=timedelta(hours=2), meetings=1)


@pytest.fixture
def meeting(session, course):
    return list_meetings(session, course.id)[0]


@pytest.fixture
def caregiver(session):
    made = make_caregiver(session, account_id=make_account(session).id)
    make_employment(session, made)
    return made


@pytest.fixture
def own_phone(app, session, caregiver):
    account = session.get(Account, caregiver.account_id)
    return Phone(app.test_client(), session, make_sign_in(session, account=account))


@pytest.fixture
def enrolled(session, course, caregiver):
    [enrolment] = enrol_caregivers(session, course.id, [caregiver.id])
    return enrolment


@pytest.fixture
def at_the_door(enrolled, meeting, time_machine):
    time_machine.move_to(meeting.starts_at, tick=False)
    return door.code_of(meeting.id, clock.now())


@pytest.fixture
def certified(session, at_the_door, own_phone, meeting, course, time_machine):
    own_phone.post("/v1/course-attendances", {"code": at_the_door.typed})
    time_machine.move_to(meeting.ends_at + timedelta(minutes=1))
    close_meeting(session, meeting.id)
    issue_certificates(session, course.id)
    return session.execute(text("SELECT id, check_code FROM completion_certificate")).one()
