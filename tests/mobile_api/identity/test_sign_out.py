"""signOut"""

from datetime import timedelta

import time_machine
from sqlmodel import select

from server import clock
from server.identity.models import SignIn
from tests.factories.people import make_sign_in
from tests.mobile_api.conftest import Phone
from tests.mobile_api.refusals import refusal


def test_the_token_opens_nothing_any_more(phone):
    response = phone.send("DELETE", "/v1/sign-ins/current")

    assert (response.status_code, response.data) == (204, b"")
    assert refusal(phone.get("/v1/me")) == (401, "sign-in-needed")


def test_another_device_of_the_account_stays_signed_in(app, session, phone, account):
    tablet = Phone(app.test_client(), session, make_sign_in(session, account=account))

    phone.send("DELETE", "/v1/sign-ins/current")

    assert tablet.get("/v1/me").status_code == 200


def test_an_expired_token_is_asked_to_sign_in(phone):
    with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        assert refusal(phone.send("DELETE", "/v1/sign-ins/current")) == (401, "sign-in-needed")


def test_the_sign_in_is_kept_with_its_end(phone, session, account):
    phone.send("DELETE", "/v1/sign-ins/current")
    session.commit()

    [sign_in] = session.exec(select(SignIn).where(SignIn.account_id == account.id))
    assert sign_in.revoked_at is not None
