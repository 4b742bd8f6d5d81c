"""beginSubsidyClaim and what follows: an elder asks for what a programme lets elders ask for."""

from base64 import b64encode

import pytest
from sqlmodel import select

from server.subsidies.claims.models import SubsidyClaim, SubsidyClaimStep
from tests.factories.pictures import picture
from tests.factories.subsidies import make_run
from tests.mobile_api.refusals import refusal

PAPER = {"evidence": "bed_book", "picture": b64encode(picture()).decode()}


@pytest.fixture
def cases(session, resident, site, version):
    return make_run(session, [{"resident_id": resident.id, "site_id": site.id}], version=version)


@pytest.fixture
def wish(resident, cases):
    return {
        "programme": "care_voucher", "first_month": "2026-01-01", "resident_id": resident.id,
    }  # fmt: skip


@pytest.fixture
def begin(phone, wish):
    def begin(by=phone):
        made = by.post("/v1/subsidy-claims", wish)
        assert made.status_code == 201, made.text
        return made.json

    return begin


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


def test_a_wrong_photo_is_taken_away(phone, begin):
    there = f"/v1/subsidy-claims/{begin()['id']}"
    [paper] = phone.post(f"{there}/papers", PAPER).json["papers"][0]["paper_ids"]

    assert phone.post(f"{there}/papers/{paper}/removal").json["missing"] == ["入住台账"]
    assert phone.post(f"{there}/papers/{paper}/removal").status_code == 404


def test_it_is_taken_back_and_may_be_begun_again(phone, begin, wish):
    made = begin()
    assert refusal(phone.post("/v1/subsidy-claims", wish)) == (409, "subsidy-is-claimed")

    back = phone.post(f"/v1/subsidy-claims/{made['id']}/withdrawal").json
    assert (back["state"], back["can_withdraw"]) == ("withdrawn", False)
    assert begin()["id"] != made["id"]


def test_a_helper_claims_within_her_scope_and_another_goes_on(session, phone, begin, help_within):
    made = begin(help_within("apply"))

    assert phone.get(f"/v1/subsidy-claims/{made['id']}").json["state"] == "draft"
    [claim] = session.exec(select(SubsidyClaim)).all()
    assert claim.made_account is not None


def test_a_helper_for_meals_alone_does_not(wish, help_within):
    refused = help_within("book_meals").post("/v1/subsidy-claims", wish)

    assert refusal(refused) == (403, "outside-scope")


def test_a_neighbour_reaches_nothing_of_it(neighbours_phone, begin, wish):
    there = f"/v1/subsidy-claims/{begin()['id']}"

    assert neighbours_phone.post("/v1/subsidy-claims", wish).status_code == 404
    assert neighbours_phone.get(there).status_code == 404
    for deed in ("handing-in", "withdrawal"):
        assert neighbours_phone.post(f"{there}/{deed}").status_code == 404
    assert neighbours_phone.post(f"{there}/papers", PAPER).status_code == 404


def test_only_a_programme_for_elders_is_claimed_by_them(phone, wish, make_version_of):
    make_version_of(by="site")

    for programme in ("facility_operation", "lottery"):
        refused = phone.post("/v1/subsidy-claims", wish | {"programme": programme})
        assert refused.status_code == 404


def test_a_month_that_is_not_over_is_not_claimed(phone, wish):
    refused = phone.post("/v1/subsidy-claims", wish | {"first_month": "2026-02-01"})

    assert refusal(refused) == (409, "claims-closed")


def test_who_is_no_caregiver_claims_nothing_of_her_own(phone, wish):
    assert phone.post("/v1/subsidy-claims", wish | {"resident_id": None}).status_code == 404


def test_a_paper_that_nobody_asks_for_is_refused(phone, begin):
    refused = phone.post(f"/v1/subsidy-claims/{begin()['id']}/papers", PAPER | {"evidence": "x1"})

    assert refused.status_code == 404
