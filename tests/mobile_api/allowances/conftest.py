"""The phone of a caregiver of whom everything is known, in July, when claims are taken."""

import pytest
import time_machine

from mobile_api.app import create_app
from tests.factories.allowances import IN_JULY, make_complete
from tests.factories.people import make_account, make_sign_in
from tests.mobile_api.conftest import Phone


@pytest.fixture
def in_july():
    with time_machine.travel(IN_JULY):
        yield


@pytest.fixture
def caregiver(session, in_july):
    return make_complete(session, name="赵秀兰")


@pytest.fixture
def caregivers_phone(session, caregiver):
    account = make_account(session)
    caregiver.account_id = account.id
    session.flush()
    return Phone(create_app().test_client(), session, make_sign_in(session, account=account))
