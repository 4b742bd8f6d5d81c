"""acceptPlace"""

from datetime import timedelta

import time_machine

from server import clock
from tests.mobile_api.refusals import refusal


def test_the_place_becomes_a_booking(phone, offered):
    response = phone.post(f"/v1/meal-waiting/{offered.id}/acceptance")

    assert response.status_code == 200, response.text
    assert response.json["sitting_id"] == offered.sitting_id
    assert len(response.json["code"]) == 6


def test_too_late_is_too_late(phone, offered):
    with time_machine.travel(clock.now() + timedelta(minutes=31)):
        response = phone.post(f"/v1/meal-waiting/{offered.id}/acceptance")

    assert refusal(response)[:2] == (409, "place-offer-over")


def test_what_is_not_offered_is_not_taken(phone, waiting):
    assert phone.post(f"/v1/meal-waiting/{waiting.id}/acceptance").status_code == 409


def test_a_stranger_does_not_take_it(neighbours_phone, offered):
    assert neighbours_phone.post(f"/v1/meal-waiting/{offered.id}/acceptance").status_code == 404
