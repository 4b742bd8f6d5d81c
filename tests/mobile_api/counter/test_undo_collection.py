"""undoCollection"""

from datetime import timedelta

import pytest

from server import clock
from tests.mobile_api.counter.conftest import a_meal, now, states
from tests.mobile_api.refusals import refusal


@pytest.fixture
def undo(tablet):
    def do(key, phone=None, *, after=10):
        at = (clock.now() + timedelta(seconds=after)).isoformat()
        body = {"sent_at": now(), "at": at, "reason": "认错人了"}
        return (phone or tablet).post(f"/v1/counter/collections/{key}/undoing", body)

    return do


def test_a_meal_taken_back_can_be_handed_out_again(tell, undo, booking):
    meal = a_meal(booking)
    tell(meal)

    assert undo(meal["key"]).json == {"booking_id": booking.id}
    assert undo(meal["key"]).status_code == 200
    assert states(tell(a_meal(booking))) == ["accepted"]


def test_after_two_minutes_it_is_too_late(tell, undo, booking):
    meal = a_meal(booking)
    tell(meal)

    assert refusal(undo(meal["key"], after=200)) == (409, "undo-too-late")


def test_what_another_canteen_handed_out_is_not_found(tell, undo, elsewhere, booking):
    meal = a_meal(booking)
    tell(meal)

    assert refusal(undo(meal["key"], elsewhere)) == (404, "not-found")
