"""cancelBooking"""

import pytest
import time_machine
from sqlalchemy import text

from server import clock
from tests.factories.meals import make_sitting
from tests.factories.people import make_sign_in
from tests.mobile_api.refusals import faulty_fields, refusal, sentences, standing


@pytest.fixture
def sitting(session):
    return make_sitting(session)


@pytest.fixture
def booking(phone, sitting, resident):
    return phone.book(sitting, resident).json


def cancel(phone, booking, body=None):
    return phone.post(f"/v1/bookings/{booking['id']}/cancellation", body)


def places(session):
    return standing(session)["places"]


def test_it_gives_the_place_back(phone, booking, session):
    response = cancel(phone, booking, {"reason": "去女儿家"})

    assert response.status_code == 200, response.text
    assert response.json["status"] == "cancelled"
    assert (response.json["code"], response.json["qr_modules"]) == (None, None)
    assert response.json["can_cancel"] is False
    assert places(session) == 0
    kept = session.execute(text("SELECT cancel_reason FROM booking")).scalar_one()
    assert kept == "去女儿家"


def test_without_a_body_it_is_understood_too(phone, booking, session):
    response = phone.send_bytes("POST", f"/v1/bookings/{booking['id']}/cancellation", b"")

    assert response.status_code == 200, response.text


def test_twice_is_as_good_as_once(phone, booking, session):
    first = cancel(phone, booking).json
    second = cancel(phone, booking)

    assert (second.status_code, second.json) == (200, first)
    assert places(session) == 0


def test_the_place_can_be_booked_again(phone, booking, sitting, resident, session):
    cancel(phone, booking)

    assert phone.book(sitting, resident).status_code == 201
    assert places(session) == 1


def test_past_the_cut_off_the_place_stays_taken(phone, account, booking, sitting, session):
    phone.token = make_sign_in(session, account=account, days=3)
    before = standing(session)
    with time_machine.travel(sitting.cutoff_at, tick=False):
        response = cancel(phone, booking)
        said = sentences(phone, lambda: cancel(phone, booking))
        can_cancel = phone.get(f"/v1/bookings/{booking['id']}").json["can_cancel"]

    assert refusal(response) == (409, "past-cut-off")
    assert "10:00" in said[0]
    assert "at 10:00" in said[1]
    assert can_cancel is False
    assert standing(session) == before


def test_a_collected_meal_cannot_be_given_back(phone, booking, session):
    at = clock.now().replace(hour=3, minute=32)
    session.execute(text("UPDATE booking SET status = 'collected', collected_at = :at"), {"at": at})
    before = standing(session)

    response = cancel(phone, booking)

    assert refusal(response) == (409, "already-collected")
    assert response.json["collected_at"] == at.isoformat()
    assert sentences(phone, lambda: cancel(phone, booking)) == [
        "这份餐在 11:32 已经领走了，不能再取消或重领。",
        "This meal was collected at 11:32, so it cannot be cancelled or handed out again.",
    ]
    assert standing(session) == before


def test_somebody_elses_booking_is_not_found(neighbours_phone, booking, session):
    before = standing(session)

    assert refusal(cancel(neighbours_phone, booking)) == (404, "not-found")
    assert standing(session) == before


@pytest.mark.parametrize("reason", ["x" * 201, 1, [], {"a": 1}])
def test_a_reason_that_cannot_be_kept_is_named(phone, booking, session, reason):
    before = standing(session)

    assert list(faulty_fields(cancel(phone, booking, {"reason": reason}))) == ["/reason"]
    assert standing(session) == before
