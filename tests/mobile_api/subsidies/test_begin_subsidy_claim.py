"""beginSubsidyClaim: an elder asks for what a programme lets elders ask for."""

from sqlmodel import select

from server.subsidies.claims.models import SubsidyClaim
from tests.mobile_api.refusals import refusal


def test_a_helper_claims_within_her_scope_and_another_goes_on(session, phone, begin, help_within):
    made = begin(help_within("apply"))

    assert phone.get(f"/v1/subsidy-claims/{made['id']}").json["state"] == "draft"
    [claim] = session.exec(select(SubsidyClaim)).all()
    assert claim.made_account is not None


def test_a_helper_for_meals_alone_does_not(wish, help_within):
    refused = help_within("book_meals").post("/v1/subsidy-claims", wish)

    assert refusal(refused) == (403, "outside-scope")


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
