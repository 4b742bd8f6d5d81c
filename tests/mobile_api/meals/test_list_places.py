"""listPlaces"""

from server import clock
from server.meals.days.closing import close_day
from server.meals.models import Meal
from tests.factories.meals import make_canteen, make_sitting
from tests.mobile_api.refusals import refusal


def test_each_sitting_says_what_can_still_be_done(phone, session):
    canteen = make_canteen(session)
    states = {
        "open": make_sitting(session, canteen, capacity=3),
        "full": make_sitting(session, canteen, meal=Meal.DINNER, capacity=0),
        "past_cutoff": make_sitting(session, canteen, in_days=2, cutoff_at=clock.now()),
        "closed": make_sitting(session, canteen, in_days=3, closed_at=clock.now()),
    }
    make_sitting(session, canteen, in_days=4, published_at=None)
    make_sitting(session)

    items = phone.get(f"/v1/canteens/{canteen.site_id}/places").json["items"]

    assert {one["state"]: one["sitting_id"] for one in items} == {
        state: sitting.id for state, sitting in states.items()
    }
    assert [one["places_left"] for one in items] == [3, 0, 20, 20]


def test_a_booking_is_seen_at_once(phone, resident, session):
    sitting = make_sitting(session, capacity=1)
    path = f"/v1/canteens/{sitting.canteen_id}/places"
    etag = phone.get(path).headers["ETag"]
    phone.book(sitting, resident)

    response = phone.get(path, **{"If-None-Match": etag})

    assert response.json["items"] == [{"sitting_id": sitting.id, "places_left": 0, "state": "full"}]


def test_a_canteen_without_sittings_has_no_places(phone, session):
    canteen = make_canteen(session)

    assert phone.get(f"/v1/canteens/{canteen.site_id}/places").json == {"items": [], "closures": []}


def test_a_canteen_that_is_not_there_is_not_found(phone):
    assert refusal(phone.get("/v1/canteens/999999999/places")) == (404, "not-found")


def test_a_closed_day_says_why(phone, session):
    sitting = make_sitting(session)
    close_day(
        session, canteen_id=sitting.canteen_id, service_on=sitting.service_on, meal=None,
        reason="厨房检修",
    )  # fmt: skip

    places = phone.get(f"/v1/canteens/{sitting.canteen_id}/places").json

    assert [one["state"] for one in places["items"]] == ["closed"]
    assert [(one["meal"], one["reason"]) for one in places["closures"]] == [(None, "厨房检修")]
