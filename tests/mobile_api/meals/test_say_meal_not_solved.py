"""sayMealNotSolved"""

import pytest

from server.meals.voices import service
from tests.mobile_api.meals.eating import eaten
from tests.mobile_api.refusals import refusal


@pytest.fixture
def said(phone, session, resident):
    meal = eaten(session, resident)
    return phone.post(f"/v1/bookings/{meal}/voices", {"kind": "cold"}).json["id"]


def follow(phone, said):
    return phone.post(f"/v1/meal-voices/{said}/follow-up", {"words": "还是凉的"})


def test_what_is_not_solved_is_the_countys(phone, session, said):
    service.answer(session, said, words="已换保温箱")
    session.commit()

    answer = follow(phone, said)

    assert (answer.status_code, answer.json["is_with_county"]) == (201, True)
    assert refusal(follow(phone, said)) == (409, "voice-followed")


def test_only_an_answer_can_solve_nothing(phone, said):
    assert refusal(follow(phone, said)) == (409, "voice-not-answered")


def test_a_strangers_is_not_found(neighbours_phone, said):
    assert refusal(follow(neighbours_phone, said)) == (404, "not-found")
