"""makeStandingOrder"""

from datetime import timedelta

import pytest

from server import clock
from tests.mobile_api.refusals import refusal

WEEK = [1, 2, 3, 4, 5, 6, 7]


def wish(resident, canteen, **given):
    return {
        "resident_id": resident.id, "canteen_id": canteen.site_id, "meal": "lunch",
        "weekdays": WEEK,
    } | given  # fmt: skip


def test_it_books_the_coming_days_at_once(phone, resident, canteen):
    body = wish(resident, canteen, diet="soft", handing="delivery")
    response = phone.post("/v1/standing-orders", body)

    assert response.status_code == 201, response.text
    order = response.json
    assert (order["weekdays"], order["diet"], order["pauses"]) == (WEEK, "soft", [])
    booked = phone.get("/v1/bookings").json["items"]
    # Seven days are booked ahead, today counted; lunches stand from tomorrow on.
    assert [(one["booked_by"], one["handing"]) for one in booked] == [("standing", "delivery")] * 6


def test_a_weekday_has_one_order(phone, resident, canteen, order):
    response = phone.post("/v1/standing-orders", wish(resident, canteen, weekdays=[3]))

    assert refusal(response)[:2] == (409, "ordered-already")


@pytest.mark.parametrize("fault", [{"weekdays": []}, {"weekdays": [8]}, {"meal": "tea"}])
def test_faults_are_named(phone, resident, canteen, fault):
    assert phone.post("/v1/standing-orders", wish(resident, canteen) | fault).status_code == 422


def test_days_gone_by_are_not_ordered(phone, resident, canteen):
    yesterday = (clock.today() - timedelta(days=1)).isoformat()

    response = phone.post("/v1/standing-orders", wish(resident, canteen, starts_on=yesterday))

    assert refusal(response)[:2] == (422, "days-unusable")


def test_nobody_orders_for_a_stranger(phone, neighbour, canteen):
    assert phone.post("/v1/standing-orders", wish(neighbour, canteen)).status_code == 404
