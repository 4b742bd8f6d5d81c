"""resumeMeals"""

import pytest

from server import clock
from server.meals.standing.models import MealPause


@pytest.fixture
def absence(session, resident, order):
    absence = MealPause(
        resident_id=resident.id, cause="in_hospital", starts_on=clock.today(), noted_at=clock.now()
    )
    session.add(absence)
    session.flush()
    return absence


def test_back_from_hospital_meals_are_booked_again(phone, absence):
    assert phone.get("/v1/bookings").json["items"] == []

    response = phone.post(f"/v1/meal-pauses/{absence.id}/end")

    assert response.status_code == 200, response.text
    assert [one["pauses"] for one in response.json["items"]] == [[]]
    assert len(phone.get("/v1/bookings").json["items"]) == 6


def test_a_stranger_does_not_find_it(neighbours_phone, absence):
    assert neighbours_phone.post(f"/v1/meal-pauses/{absence.id}/end").status_code == 404
