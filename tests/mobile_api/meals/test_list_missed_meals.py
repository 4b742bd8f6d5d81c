"""listMissedMeals"""

from datetime import timedelta

from server import clock
from server.meals.models import BookingStatus
from tests.factories.eaten import Kitchen
from tests.mobile_api.refusals import refusal


def missed(phone, resident):
    return phone.get(f"/v1/residents/{resident.id}/missed-meals")


def test_the_meals_of_the_rules_days_are_listed_with_what_follows(phone, session, resident):
    kitchen = Kitchen(session)
    today = clock.today()
    for days in (40, 5, 2):
        on = today - timedelta(days=days)
        state = {"status": BookingStatus.MISSED, "missed_at": clock.now()}
        kitchen.eaten(resident, on=on, **state)

    told = missed(phone, resident).json

    days = [one["service_on"] for one in told["items"]]
    assert days == [(today - timedelta(days=days)).isoformat() for days in (2, 5)]
    assert (told["misses"], told["days"], told["refuses_late"]) == (3, 30, True)


def test_a_stranger_learns_nothing(neighbours_phone, resident):
    assert refusal(missed(neighbours_phone, resident)) == (404, "not-found")
