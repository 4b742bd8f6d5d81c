"""pauseStandingOrder"""

from datetime import timedelta

from server import clock
from tests.mobile_api.refusals import refusal


def days(first, last):
    today = clock.today()
    return {
        "starts_on": (today + timedelta(days=first)).isoformat(),
        "ends_on": (today + timedelta(days=last)).isoformat(),
    }


def test_the_order_says_from_when_to_when(phone, order):
    response = phone.post(f"/v1/standing-orders/{order.id}/pauses", days(2, 5))

    assert response.status_code == 201, response.text
    [pause] = response.json["pauses"]
    assert {name: pause[name] for name in ("starts_on", "ends_on")} == days(2, 5)


def test_two_do_not_overlap(phone, order):
    path = f"/v1/standing-orders/{order.id}/pauses"
    phone.post(path, days(2, 5))

    assert refusal(phone.post(path, days(4, 6)))[:2] == (409, "paused-already")


def test_a_pause_without_a_day_is_refused(phone, order):
    response = phone.post(f"/v1/standing-orders/{order.id}/pauses", days(2, 2))

    assert refusal(response)[:2] == (422, "days-unusable")


def test_a_stranger_does_not_pause_it(neighbours_phone, order):
    path = f"/v1/standing-orders/{order.id}/pauses"
    assert neighbours_phone.post(path, days(2, 5)).status_code == 404
