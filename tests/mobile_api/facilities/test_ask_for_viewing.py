"""askForViewing"""

from datetime import timedelta

import pytest
from sqlalchemy import text

from server import clock
from tests.mobile_api.refusals import refusal


@pytest.fixture
def wish(resident, home):
    day = clock.today() + timedelta(days=2)
    return {
        "resident_id": resident.id,
        "site_id": home.id,
        "day": day.isoformat(),
        "part": "morning",
    }


def test_a_visit_waits_for_the_home(phone, wish, session, account):
    answer = phone.post("/v1/viewings", wish)

    assert answer.status_code == 201
    assert (answer.json["state"], answer.json["site_name"]) == ("asked", "德善养老院")
    called = session.execute(text("SELECT phone FROM viewing")).scalar_one()
    assert called == account.phone


def test_another_to_the_same_home_is_refused(phone, wish):
    phone.post("/v1/viewings", wish)

    assert refusal(phone.post("/v1/viewings", wish)) == (409, "viewing-asked")


@pytest.mark.parametrize("days", [0, 31])
def test_it_is_from_tomorrow_on_within_a_month(phone, wish, days):
    day = (clock.today() + timedelta(days=days)).isoformat()

    assert refusal(phone.post("/v1/viewings", wish | {"day": day})) == (422, "day-out-of-reach")


def test_nobody_asks_for_a_stranger(phone, wish, neighbour):
    wish["resident_id"] = neighbour.id

    assert refusal(phone.post("/v1/viewings", wish)) == (404, "not-found")


def test_a_helper_needs_the_scope(help_within, wish):
    assert refusal(help_within("book_meals").post("/v1/viewings", wish)) == (403, "outside-scope")


def test_a_helper_who_may_apply_may_ask(help_within, wish):
    assert help_within("apply").post("/v1/viewings", wish).status_code == 201
