"""useHelperCode"""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import text

from server import clock
from tests.mobile_api.refusals import refusal

KINDS = text("SELECT kind FROM message ORDER BY kind")


@pytest.fixture
def code(phone, resident):
    """A code that the resident shows, for meals and health."""
    wish = {"scopes": ["book_meals", "see_health"]}
    return phone.post(f"/v1/residents/{resident.id}/helper-codes", wish).json["code"]


def use(phone, code, **given):
    wish = {"code": code, "name": "王桂兰", "relation": "neighbour"} | given
    return phone.post("/v1/residents/helped", wish)


def test_whoever_types_it_helps_at_once_within_its_scopes(phone, code, neighbours_phone, address):
    assert use(neighbours_phone, code).json == {"name": "李秀英"}

    me = neighbours_phone.get("/v1/me").json
    assert [one["name"] for one in me["residents"] if not one["is_self"]] == ["李秀英"]
    [helper] = [one for one in phone.get(address).json["items"] if not one["is_self"]]
    assert (helper["name"], helper["relation"]) == ("王桂兰", "neighbour")
    assert helper["scopes"] == ["book_meals", "see_health"]


def test_both_are_told(phone, code, neighbours_phone, session):
    use(neighbours_phone, code)

    session.commit()
    told = session.execute(KINDS).scalars().all()
    assert told == ["residents.helper_added", "residents.you_help"]


def test_she_is_taken_back_at_once(phone, code, neighbours_phone, address):
    use(neighbours_phone, code)
    [helper] = [one for one in phone.get(address).json["items"] if not one["is_self"]]

    phone.send("DELETE", f"{address}/{helper['id']}")

    assert len(neighbours_phone.get("/v1/me").json["residents"]) == 1


def test_it_opens_once(code, neighbours_phone, helpers_phone):
    use(neighbours_phone, code)

    assert refusal(use(neighbours_phone, code)) == (422, "helper-code-unknown")


def test_it_lives_ten_minutes(code, neighbours_phone):
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        assert refusal(use(neighbours_phone, code)) == (422, "helper-code-unknown")


def test_spaces_do_not_matter(code, neighbours_phone):
    assert use(neighbours_phone, f"{code[:3]} {code[3:]}").status_code == 201


def test_one_does_not_help_oneself(phone, code):
    assert refusal(use(phone, code)) == (409, "already-helps")


def test_a_refused_code_can_still_be_used_by_another(phone, code, neighbours_phone):
    use(phone, code)

    assert use(neighbours_phone, code).status_code == 201


def test_guessing_is_stopped(code, neighbours_phone):
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    answers = [use(neighbours_phone, wrong) for _ in range(5)]

    assert {refusal(answer) for answer in answers} == {(422, "helper-code-unknown")}
    assert refusal(use(neighbours_phone, code)) == (429, "helpers-tried-too-often")
