"""A caregiver with a phone, and a course whose class begins now."""

from datetime import timedelta

import pytest

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
