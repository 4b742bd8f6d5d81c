"""withdrawSubsidyClaim: a claim is taken back, and another may be begun."""

from tests.mobile_api.refusals import refusal


def test_it_is_taken_back_and_may_be_begun_again(phone, begin, wish):
    made = begin()
    assert refusal(phone.post("/v1/subsidy-claims", wish)) == (409, "subsidy-is-claimed")

    back = phone.post(f"/v1/subsidy-claims/{made['id']}/withdrawal").json
    assert (back["state"], back["can_withdraw"]) == ("withdrawn", False)
    assert begin()["id"] != made["id"]
