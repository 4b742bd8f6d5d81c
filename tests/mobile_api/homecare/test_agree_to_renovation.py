"""agreeToRenovation"""

from tests.mobile_api.refusals import refusal


def test_a_yes_lets_the_building_begin_and_twice_is_once(phone, renewal):
    renewal.to("consent")
    there, body = f"/v1/renovations/{renewal.id}/agreement", {"quote_id": renewal.quote_id}

    assert phone.post(there, body).json["state"] == "building"
    assert phone.post(there, body).json["state"] == "building"


def test_a_yes_is_to_the_quote_that_was_seen(phone, renewal):
    renewal.to("consent")
    there = f"/v1/renovations/{renewal.id}/agreement"

    answer = phone.post(there, {"quote_id": renewal.quote_id + 1000})
    assert refusal(answer) == (409, "quote-changed")


def test_a_helper_needs_the_scope(help_within, renewal):
    renewal.to("consent")
    there, body = f"/v1/renovations/{renewal.id}/agreement", {"quote_id": renewal.quote_id}

    assert refusal(help_within("see_visits").post(there, body)) == (403, "outside-scope")


def test_a_helper_who_may_apply_says_yes(help_within, renewal):
    renewal.to("consent")
    there, body = f"/v1/renovations/{renewal.id}/agreement", {"quote_id": renewal.quote_id}

    assert help_within("apply").post(there, body).status_code == 200
