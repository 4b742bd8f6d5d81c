"""getSubsidyClaim: only for whom it is about."""

from tests.mobile_api.subsidies.conftest import PAPER


def test_a_neighbour_reaches_nothing_of_it(neighbours_phone, begin, wish):
    there = f"/v1/subsidy-claims/{begin()['id']}"

    assert neighbours_phone.post("/v1/subsidy-claims", wish).status_code == 404
    assert neighbours_phone.get(there).status_code == 404
    for deed in ("handing-in", "withdrawal"):
        assert neighbours_phone.post(f"{there}/{deed}").status_code == 404
    assert neighbours_phone.post(f"{there}/papers", PAPER).status_code == 404
