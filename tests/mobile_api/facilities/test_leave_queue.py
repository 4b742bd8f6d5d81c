"""leaveQueue"""

import pytest

from tests.mobile_api.refusals import refusal


@pytest.fixture
def address(application):
    return f"/v1/applications/{application['id']}/end"


def test_whoever_leaves_has_no_place_and_may_leave_twice(phone, address):
    phone.post(address)
    left = phone.post(address).json

    assert (left["state"], left["place"], left["can_leave"]) == ("left", None, False)


def test_a_stranger_takes_nobody_off(neighbours_phone, address):
    assert refusal(neighbours_phone.post(address)) == (404, "not-found")


def test_a_helper_needs_the_scope(help_within, address):
    assert refusal(help_within("book_meals").post(address)) == (403, "outside-scope")
