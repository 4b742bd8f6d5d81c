"""signOutAtCounter"""

from tests.mobile_api.refusals import refusal


def test_a_tablet_that_signed_out_is_not_known_any_more(tablet):
    assert tablet.send("DELETE", "/v1/counter/sign-ins/current").status_code == 204

    assert refusal(tablet.get("/v1/counter/canteens")) == (401, "sign-in-needed")
