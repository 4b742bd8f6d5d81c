"""handInSubsidyClaim: a claim that is whole goes to the first office."""

from sqlmodel import select

from server.subsidies.claims.models import SubsidyClaimStep
from tests.mobile_api.refusals import refusal
from tests.mobile_api.subsidies.conftest import PAPER


def test_a_claim_is_begun_filled_and_handed_in(session, phone, begin):
    made = begin()
    assert (made["state"], made["expected_fen"], made["missing"]) == ("draft", 30000, ["入住台账"])
    there = f"/v1/subsidy-claims/{made['id']}"

    assert refusal(phone.post(f"{there}/handing-in")) == (409, "claim-papers-missing")
    sent = phone.post(f"{there}/papers", PAPER).json
    assert sent["missing"] == []
    assert len(sent["papers"][0]["paper_ids"]) == 1

    done = phone.post(f"{there}/handing-in").json
    assert (done["state"], done["can_fill"], done["can_withdraw"]) == ("at_town", False, True)
    assert done["due_on"] is not None
    steps = session.exec(select(SubsidyClaimStep)).all()
    assert {step.account_id is not None for step in steps} == {True}
    assert phone.get("/v1/subsidies").json["claims"][0]["state"] == "at_town"
