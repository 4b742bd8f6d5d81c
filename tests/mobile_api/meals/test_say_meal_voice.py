"""sayMealVoice"""

import pytest

from tests.mobile_api.meals.eating import eaten
from tests.mobile_api.refusals import faulty_fields, refusal


@pytest.fixture
def meal(session, resident):
    return eaten(session, resident)


def say(phone, meal, **said):
    return phone.post(f"/v1/bookings/{meal}/voices", {"kind": "cold"} | said)


def test_one_tap_is_a_complaint_with_a_day_for_the_answer(phone, meal):
    answer = say(phone, meal)

    assert answer.status_code == 201
    assert (answer.json["kind"], answer.json["words"]) == ("cold", "")
    assert answer.json["due_on"]
    assert not answer.json["can_follow_up"]


def test_an_unknown_kind_is_refused(phone, meal):
    assert list(faulty_fields(say(phone, meal, kind="sad"))) == ["/kind"]


def test_nobody_complains_for_a_stranger(neighbours_phone, meal):
    assert refusal(say(neighbours_phone, meal)) == (404, "not-found")
