"""offerHelperCode"""

import pytest

from server import clock
from tests.mobile_api.refusals import refusal


@pytest.fixture
def codes(resident):
    return f"/v1/residents/{resident.id}/helper-codes"


def test_six_digits_are_shown_for_ten_minutes(phone, codes):
    answer = phone.post(codes, {"scopes": ["book_meals"]})

    assert answer.status_code == 201
    assert len(answer.json["code"]) == 6
    assert answer.json["code"].isdigit()
    assert answer.json["expires_at"] > clock.now().isoformat()


def test_a_new_code_ends_the_one_before(phone, codes, neighbours_phone):
    first = phone.post(codes, {"scopes": ["book_meals"]}).json["code"]
    phone.post(codes, {"scopes": ["book_meals"]})

    wish = {"code": first, "name": "王桂兰", "relation": "neighbour"}
    assert refusal(neighbours_phone.post("/v1/residents/helped", wish)) == (
        422,
        "helper-code-unknown",
    )


@pytest.mark.parametrize("body", [{}, {"scopes": []}, {"scopes": ["everything"]}])
def test_what_may_be_done_is_chosen_before(phone, codes, body):
    assert refusal(phone.post(codes, body)) == (422, "input-unusable")


def test_nobody_shows_a_neighbours_code(phone, neighbour):
    path = f"/v1/residents/{neighbour.id}/helper-codes"

    assert refusal(phone.post(path, {"scopes": ["book_meals"]})) == (404, "not-found")


def test_twenty_a_day_are_enough(phone, codes):
    answers = [phone.post(codes, {"scopes": ["book_meals"]}) for _ in range(21)]

    assert refusal(answers[-1]) == (429, "helpers-tried-too-often")
