"""getMealRating"""

from tests.mobile_api.meals.eating import eaten
from tests.mobile_api.refusals import refusal


def test_a_meal_without_a_face_says_that_it_can_have_one(phone, session, resident):
    meal = eaten(session, resident)

    shown = phone.get(f"/v1/bookings/{meal}/rating").json

    assert shown == {"score": None, "can_rate": True, "items": []}


def test_what_was_said_of_the_meal_stands_beside_it(phone, session, resident):
    meal = eaten(session, resident)
    phone.post(f"/v1/bookings/{meal}/voices", {"kind": "cold"})

    [said] = phone.get(f"/v1/bookings/{meal}/rating").json["items"]

    assert (said["kind"], said["booking_id"]) == ("cold", meal)


def test_a_strangers_is_not_found(neighbours_phone, session, resident):
    answer = neighbours_phone.get(f"/v1/bookings/{eaten(session, resident)}/rating")

    assert refusal(answer) == (404, "not-found")
