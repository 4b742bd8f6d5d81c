"""applyForBed"""

import pytest

from server.facilities.models import BedKind
from tests.mobile_api.refusals import faulty_fields, refusal


@pytest.fixture
def wish(resident, bed):
    return {"resident_id": resident.id, "site_id": bed.site_id}


def test_the_first_has_place_one(phone, wish):
    answer = phone.post("/v1/applications", wish)

    assert answer.status_code == 201
    assert (answer.json["place"], answer.json["state"]) == (1, "waiting")
    assert answer.json["can_leave"]


def test_twice_is_refused(phone, wish):
    phone.post("/v1/applications", wish)

    assert refusal(phone.post("/v1/applications", wish)) == (409, "waits-already")


def test_the_home_must_have_such_beds(phone, wish):
    wish["kind"] = BedKind.HOSPICE.value

    assert refusal(phone.post("/v1/applications", wish)) == (409, "no-beds-of-this-kind")


def test_a_kind_that_is_none_is_named(phone, wish):
    response = phone.post("/v1/applications", wish | {"kind": "sofa"})

    assert list(faulty_fields(response)) == ["/kind"]


def test_nobody_applies_for_a_stranger(phone, wish, neighbour):
    wish["resident_id"] = neighbour.id

    assert refusal(phone.post("/v1/applications", wish)) == (404, "not-found")


def test_a_helper_needs_the_scope(help_within, wish):
    assert refusal(help_within("book_meals").post("/v1/applications", wish)) == (
        403,
        "outside-scope",
    )


def test_a_helper_who_may_apply_does(help_within, wish):
    assert help_within("apply").post("/v1/applications", wish).status_code == 201
