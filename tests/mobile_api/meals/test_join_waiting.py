"""joinWaiting"""

from tests.factories.meals import make_sitting
from tests.mobile_api.refusals import refusal


def wait(phone, resident, sitting):
    body = {"sitting_id": sitting.id, "resident_id": resident.id, "diet": "soft"}
    return phone.post("/v1/meal-waiting", body)


def test_it_says_how_many_stand_before(phone, resident, full):
    response = wait(phone, resident, full)

    assert response.status_code == 201, response.text
    assert (response.json["state"], response.json["turn"]) == ("waiting", 1)


def test_nobody_waits_where_there_is_a_place(phone, session, resident):
    response = wait(phone, resident, make_sitting(session))

    assert refusal(response)[:2] == (409, "places-left")


def test_nobody_waits_twice(phone, resident, full, waiting):
    assert refusal(wait(phone, resident, full))[:2] == (409, "already-waiting")


def test_nobody_waits_for_a_stranger(phone, neighbour, full):
    assert wait(phone, neighbour, full).status_code == 404
