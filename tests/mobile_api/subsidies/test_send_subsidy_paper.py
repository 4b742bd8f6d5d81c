"""sendSubsidyPaper: a photo of what is asked for."""

from tests.mobile_api.subsidies.conftest import PAPER


def test_a_paper_that_nobody_asks_for_is_refused(phone, begin):
    refused = phone.post(f"/v1/subsidy-claims/{begin()['id']}/papers", PAPER | {"evidence": "x1"})

    assert refused.status_code == 404
