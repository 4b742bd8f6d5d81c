"""The same key and body give the same answer, once done; every change of the API keeps to it."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import text

from server import clock
from server.meals.models import Meal
from tests.factories.meals import make_canteen, make_sitting
from tests.factories.people import make_sign_in
from tests.mobile_api.conftest import Phone
from tests.mobile_api.refusals import refusal, sentences, standing

KEY = "7f2c8f0e-5b44-4a53-8a0b-5f4f2b6f8c11"


@pytest.fixture
def sitting(session):
    return make_sitting(session)


@pytest.mark.parametrize("key", [None, "", " ", "x" * 65, "a\tb"])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/v1/bookings"),
        ("POST", "/v1/bookings/1/cancellation"),
        ("PUT", "/v1/residents/1/usual-canteen"),
        ("PATCH", "/v1/me"),
        ("DELETE", "/v1/sign-ins/current"),
    ],
)
def test_a_change_without_a_usable_key_is_refused(phone, session, method, path, key):
    before = standing(session)
    headers = phone._headers({} if key is None else {"Idempotency-Key": key})

    response = phone.client.open(path, method=method, json={}, headers=headers)

    assert refusal(response) == (400, "idempotency-key-missing")
    assert standing(session) == before


def test_the_reader_is_told_that_nothing_was_done(phone):
    def send():
        return phone.client.post("/v1/bookings", json={}, headers=phone._headers({}))

    assert sentences(phone, send) == [
        "请求里缺少 Idempotency-Key，为避免重复办理，没有执行。请更新应用后再试。",
        "The request carries no Idempotency-Key. To avoid doing things twice, nothing was done."
        " Please update the app and try again.",
    ]


def test_the_same_again_is_answered_alike_and_done_once(phone, sitting, resident, session):
    first = phone.book(sitting, resident, key=KEY)
    once = standing(session)
    second = phone.book(sitting, resident, key=KEY)

    assert (second.status_code, second.json) == (201, first.json)
    assert second.content_type == "application/json"
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert standing(session) == once


def test_another_language_does_not_make_another_request(phone, sitting, resident):
    phone.book(sitting, resident, key=KEY)
    phone.language = "en"

    assert phone.book(sitting, resident, key=KEY).status_code == 201


def test_every_change_can_be_sent_twice(phone, sitting, resident, session):
    booking = phone.book(sitting, resident).json
    canteen = make_canteen(session)
    changes = (
        ("PATCH", "/v1/me", {"language": "en"}),
        ("PUT", f"/v1/residents/{resident.id}/usual-canteen", {"canteen_id": canteen.site_id}),
        ("POST", f"/v1/bookings/{booking['id']}/cancellation", {"reason": "雨"}),
    )
    for number, change in enumerate(changes):
        first = phone.send(*change, key=f"{KEY}{number}")
        second = phone.send(*change, key=f"{KEY}{number}")

        assert (second.status_code, second.json) == (first.status_code, first.json)
        assert second.headers["Idempotency-Replayed"] == "true"


def test_the_key_with_another_body_is_refused(phone, sitting, resident, session):
    phone.book(sitting, resident, key=KEY)
    dinner = make_sitting(session, meal=Meal.DINNER)
    once = standing(session)

    response = phone.book(dinner, resident, key=KEY)

    assert refusal(response) == (409, "idempotency-key-reused")
    assert sentences(phone, lambda: phone.book(dinner, resident, key=KEY)) == [
        "这个 Idempotency-Key 已经用在另一个请求上，没有执行。请刷新后再试。",
        "This Idempotency-Key was used for another request, so nothing was done."
        " Please refresh and try again.",
    ]
    assert standing(session) == once


def test_the_key_at_another_address_is_refused(phone, sitting, resident):
    booking = phone.book(sitting, resident, key=KEY).json

    response = phone.post(f"/v1/bookings/{booking['id']}/cancellation", key=KEY)

    assert refusal(response) == (409, "idempotency-key-reused")


def test_another_persons_same_key_is_another_key(
    phone, neighbours_phone, sitting, resident, neighbour, session
):
    mine = phone.book(sitting, resident, key=KEY)
    theirs = neighbours_phone.book(sitting, neighbour, key=KEY)

    assert theirs.status_code == 201
    assert theirs.json["id"] != mine.json["id"]
    assert standing(session)["places"] == 2


def test_another_device_of_the_same_account_shares_the_key(
    app, phone, account, sitting, resident, session
):
    tablet = Phone(app.test_client(), session, make_sign_in(session, account=account))
    first = phone.book(sitting, resident, key=KEY)

    assert tablet.book(sitting, resident, key=KEY).json == first.json


def test_a_refusal_is_not_kept(phone, sitting, resident, session):
    session.execute(text("UPDATE sitting SET closed_at = :now"), {"now": clock.now()})
    assert refusal(phone.book(sitting, resident, key=KEY)) == (409, "sitting-closed")
    assert standing(session)["answers"] == 0
    session.execute(text("UPDATE sitting SET closed_at = NULL"))

    response = phone.book(sitting, resident, key=KEY)

    assert response.status_code == 201
    assert "Idempotency-Replayed" not in response.headers


def test_after_a_day_the_key_is_free_again(phone, resident, session):
    first = make_sitting(session, in_days=3)
    second = make_sitting(session, in_days=4)
    booked = phone.book(first, resident, key=KEY).json
    now = clock.now()

    with time_machine.travel(now + timedelta(hours=23), tick=False):
        assert phone.book(first, resident, key=KEY).json == booked
        assert refusal(phone.book(second, resident, key=KEY)) == (409, "idempotency-key-reused")
    session.execute(text("UPDATE sign_in SET expires_at = expires_at + INTERVAL '1 day'"))
    with time_machine.travel(now + timedelta(hours=24, minutes=1), tick=False):
        response = phone.book(second, resident, key=KEY)
        again = phone.book(second, resident, key=KEY)

    assert response.status_code == 201, response.text
    assert "Idempotency-Replayed" not in response.headers
    assert again.json == response.json
    assert standing(session)["answers"] == 1


def test_the_kept_answer_is_sealed(phone, sitting, resident, session):
    booking = phone.book(sitting, resident, key=KEY).json
    session.commit()

    kept = bytes(session.execute(text("SELECT answer_cipher FROM idempotency_key")).scalar_one())

    assert booking["resident_name"].encode() not in kept
    assert booking["code"].encode() not in kept
