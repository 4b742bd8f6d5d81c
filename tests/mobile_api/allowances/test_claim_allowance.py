"""claimAllowance: the caregiver claims what is theirs, once, while claims are taken."""

import time_machine

from server import clock
from tests.factories.people import make_account, make_sign_in
from tests.mobile_api.conftest import Phone

WISH = {"programme": "post_allowance"}


def test_half_a_year_is_claimed(caregivers_phone):
    made = caregivers_phone.post("/v1/allowance-claims", WISH)

    assert made.status_code == 201
    assert made.json["amount_fen"] == 6 * 500_00
    assert made.json["state"] == "handed_in"
    assert made.json["missing"] == []
    assert [one["id"] for one in caregivers_phone.get("/v1/allowances").json["claims"]] == [
        made.json["id"]
    ]


def test_the_same_key_claims_once(caregivers_phone):
    first, again = (
        caregivers_phone.post("/v1/allowance-claims", WISH, key="a-key-of-one-wish")
        for _ in range(2)
    )

    assert first.json["id"] == again.json["id"]


def test_a_second_claim_of_the_same_is_refused(caregivers_phone):
    caregivers_phone.post("/v1/allowance-claims", WISH)
    refused = caregivers_phone.post("/v1/allowance-claims", WISH)

    assert (refused.status_code, refused.json["type"]) == (409, "/problems/nothing-to-claim")


def test_too_late_is_told_when_the_next_window_is(session, app, caregiver, caregivers_phone):
    with time_machine.travel("2026-08-03T09:00+08:00"):
        token = make_sign_in(session, account=_account(session, caregiver))
        refused = Phone(app.test_client(), session, token).post("/v1/allowance-claims", WISH)

    assert refused.status_code == 409
    assert "2027-01-01" in refused.json["detail"]
    assert clock.CITY.key == "Asia/Shanghai"


def test_who_is_no_caregiver_has_nothing_to_claim(phone):
    assert phone.post("/v1/allowance-claims", WISH).status_code == 404


def test_an_unknown_programme_is_refused(caregivers_phone):
    refused = caregivers_phone.post("/v1/allowance-claims", {"programme": "lottery"})

    assert refused.status_code == 422


def _account(session, caregiver):
    account = make_account(session)
    caregiver.account_id = account.id
    session.flush()
    return account
