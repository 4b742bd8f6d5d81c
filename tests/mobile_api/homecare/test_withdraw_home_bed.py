"""withdrawHomeBed"""

import pytest

from server.homecare.beds.applying import refuse
from tests.mobile_api.refusals import refusal


@pytest.fixture
def address(asked_bed):
    return f"/v1/home-beds/{asked_bed['id']}/end"


def test_it_ends_and_twice_is_as_good_as_once(phone, address):
    assert phone.post(address, {}).json["end_reason"] == "withdrawn"
    assert phone.post(address, {}).json["end_reason"] == "withdrawn"


def test_one_can_apply_again(phone, address, wish):
    phone.post(address, {})

    assert phone.post("/v1/home-beds", wish).status_code == 201


def test_what_ended_otherwise_stays(phone, session, asked_bed, address):
    refuse(session, asked_bed["id"], reason="不在本市居住")
    session.commit()

    assert refusal(phone.post(address, {})) == (409, "home-bed-not-so")


def test_a_helper_needs_the_scope(help_within, address):
    assert refusal(help_within("book_meals").post(address, {})) == (403, "outside-scope")
