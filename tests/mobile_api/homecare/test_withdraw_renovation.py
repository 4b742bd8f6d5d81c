"""withdrawRenovation"""

from tests.mobile_api.refusals import refusal


def test_it_ends_and_twice_is_as_good_as_once(phone, renewal):
    renewal.to("quoting")
    there = f"/v1/renovations/{renewal.id}/end"

    assert phone.post(there, {}).json["end_reason"] == "withdrawn"
    assert phone.post(there, {}).json["end_reason"] == "withdrawn"


def test_what_is_being_built_is_not_taken_back(phone, renewal):
    renewal.to("building")

    answer = phone.post(f"/v1/renovations/{renewal.id}/end", {})
    assert refusal(answer) == (409, "renovation-not-so")
