"""rateMeal"""

import pytest

from server.meals.models import BookingStatus
from tests.mobile_api.meals.eating import eaten
from tests.mobile_api.refusals import faulty_fields, refusal


@pytest.fixture
def meal(session, resident):
    return eaten(session, resident)


def rate(phone, meal, score=3):
    return phone.send("PUT", f"/v1/bookings/{meal}/rating", {"score": score})


def test_a_face_is_kept_and_may_be_changed(phone, meal):
    assert rate(phone, meal).json["score"] == 3
    assert rate(phone, meal, 1).json == {"score": 1, "can_rate": True, "items": []}


def test_only_three_faces_are_known(phone, meal):
    assert list(faulty_fields(rate(phone, meal, 4))) == ["/score"]


def test_a_meal_that_was_not_fetched_has_no_face(phone, session, resident):
    waiting = eaten(session, resident, status=BookingStatus.BOOKED)

    assert refusal(rate(phone, waiting)) == (409, "meal-not-eaten")


def test_nobody_rates_a_strangers_meal(neighbours_phone, meal):
    assert refusal(rate(neighbours_phone, meal)) == (404, "not-found")
