"""withdrawAllowanceClaim: a claim of one's own is taken back while it is open."""

from server.caregivers.allowances.claiming import hand_in
from server.caregivers.allowances.terms import Programme
from tests.factories.allowances import make_complete


def test_what_was_claimed_is_taken_back_and_claimed_anew(caregivers_phone):
    wish = {"programme": "post_allowance"}
    made = caregivers_phone.post("/v1/allowance-claims", wish).json["id"]

    taken_back = caregivers_phone.post(f"/v1/allowance-claims/{made}/withdrawal")

    assert (taken_back.status_code, taken_back.json["state"]) == (200, "withdrawn")
    assert caregivers_phone.post("/v1/allowance-claims", wish).status_code == 201
    again = caregivers_phone.post(f"/v1/allowance-claims/{made}/withdrawal")
    assert again.json["type"] == "/problems/claim-not-so"


def test_somebody_elses_claim_is_not_found(session, caregivers_phone):
    other = make_complete(session)
    claim = hand_in(session, caregiver_id=other.id, programme=Programme.POST_ALLOWANCE)

    refused = caregivers_phone.post(f"/v1/allowance-claims/{claim.id}/withdrawal")
    assert refused.status_code == 404
