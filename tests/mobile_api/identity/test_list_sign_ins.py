"""listSignIns: where an account is signed in."""

from datetime import timedelta

import pytest
import time_machine

from server import clock
from tests.factories.people import make_sign_in
from tests.mobile_api.conftest import Phone
from tests.mobile_api.refusals import refusal


@pytest.fixture
def tablet(app, session, account):
    return Phone(app.test_client(), session, make_sign_in(session, account=account))


def shown(phone):
    return {one["is_current"]: one for one in phone.get("/v1/sign-ins").json["items"]}


def test_this_phone_is_told_from_the_others(phone, tablet):
    here, there = shown(phone), shown(tablet)

    assert set(here) == {True, False}
    assert here[True]["id"] == there[False]["id"]


def test_a_device_is_listed_with_its_last_use_to_the_hour(phone, tablet):
    before = shown(phone)[False]["last_used_at"]
    with time_machine.travel(clock.now() + timedelta(hours=2), tick=False):
        tablet.get("/v1/me")
        after = shown(phone)[False]["last_used_at"]
    assert after > before


def test_of_another_account_nothing_is_listed(phone, neighbours_phone):
    assert len(phone.get("/v1/sign-ins").json["items"]) == 1


def test_an_expired_device_is_not_listed(phone, tablet, session):
    with time_machine.travel(clock.now() + timedelta(hours=25), tick=False):
        assert refusal(phone.get("/v1/sign-ins")) == (401, "sign-in-needed")
