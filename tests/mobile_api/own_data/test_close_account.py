"""closeAccount"""

import pytest
from sqlalchemy import text

from server.residents.grants import let_sign_in
from tests.factories.meals import make_canteen, make_sitting
from tests.factories.people import make_account, make_sign_in
from tests.mobile_api.conftest import Phone
from tests.mobile_api.refusals import refusal

STATES = text("SELECT status FROM booking ORDER BY id")
MESSAGES = text("SELECT kind FROM message ORDER BY id")


def close(phone, bookings="keep"):
    return phone.post("/v1/me/closing", {"bookings": bookings})


@pytest.mark.parametrize(("wish", "status"), [("keep", "booked"), ("cancel", "cancelled")])
def test_bookings_are_kept_or_cancelled_as_wished(phone, session, resident, wish, status):
    phone.book(make_sitting(session, make_canteen(session)), resident)

    assert close(phone, wish).status_code == 204

    session.commit()
    assert session.execute(STATES).scalars().all() == [status]


def test_every_device_is_signed_out(phone, app, session, account):
    other = Phone(app.test_client(), session, make_sign_in(session, account=account))

    close(phone)

    assert refusal(phone.get("/v1/me")) == (401, "sign-in-needed")
    assert refusal(other.get("/v1/me")) == (401, "sign-in-needed")


def test_it_is_told_by_message(phone, session):
    close(phone)

    session.commit()
    assert session.execute(MESSAGES).scalars().all() == ["identity.account_closed"]


def test_others_of_the_resident_go_on(phone, app, session, resident):
    spouse = make_account(session, resident)
    other = Phone(app.test_client(), session, make_sign_in(session, account=spouse))

    close(phone)

    assert other.get("/v1/me").json["residents"][0]["id"] == resident.id


def test_the_phone_comes_back_with_an_account_anew(phone, session, resident, account):
    close(phone)
    session.commit()

    given = let_sign_in(session, resident.id, phone=account.phone)

    assert given.account_id != account.id
    accounts = text("SELECT count(*), count(closed_at) FROM account WHERE phone = :phone")
    assert session.execute(accounts, {"phone": account.phone}).one() == (2, 1)


def test_no_code_is_sent_to_a_closed_account(phone, stranger, session, account):
    close(phone)

    stranger.post("/v1/sign-in-codes", {"phone": account.phone})

    session.commit()
    assert session.execute(MESSAGES).scalars().all() == ["identity.account_closed"]


@pytest.mark.parametrize("body", [{}, {"bookings": "maybe"}, {"bookings": "keep", "why": "x"}])
def test_what_cannot_be_is_refused(phone, body):
    assert refusal(phone.post("/v1/me/closing", body)) == (422, "input-unusable")
