"""giveConsents"""

import pytest

from server.residents.models import GrantKind
from tests.factories.people import make_account, make_sign_in
from tests.mobile_api.conftest import Phone
from tests.mobile_api.refusals import refusal

NOTICE = {"purpose": "notice", "version": 1}


def agree(phone, *items):
    return phone.post("/v1/consents", {"items": list(items)})


def given(answer):
    return [one["purpose"] for one in answer.json["items"] if one["is_given"]]


def test_the_notice_alone_is_enough_to_go_on(phone):
    assert phone.get("/v1/me").json["is_notice_due"] is True

    assert given(agree(phone, NOTICE)) == ["notice"]

    assert phone.get("/v1/me").json["is_notice_due"] is False


def test_what_is_asked_apart_is_given_apart(phone, resident):
    health = {"purpose": "health", "version": 1, "resident_id": resident.id}

    assert given(agree(phone, NOTICE, health)) == ["notice", "health"]


def test_agreeing_twice_is_as_good_as_once(phone, resident):
    first = agree(phone, NOTICE)
    phone.language = "en"
    again = agree(phone, NOTICE)

    assert again.json["items"][0]["id"] == first.json["items"][0]["id"]


def test_a_text_that_was_not_read_is_not_agreed_to(phone):
    answer = agree(phone, {"purpose": "notice", "version": 2})

    assert refusal(answer) == (409, "consent-text-outdated")


@pytest.mark.parametrize(
    "item",
    [
        {"purpose": "notice"},
        {"purpose": "everything", "version": 1},
        {"purpose": "notice", "version": 0},
        {"purpose": "notice", "version": 1, "how": "paper"},
    ],
)
def test_what_cannot_be_is_refused(phone, item):
    assert refusal(agree(phone, item)) == (422, "input-unusable")


def test_nobody_agrees_for_a_neighbour(phone, neighbour):
    item = {"purpose": "health", "version": 1, "resident_id": neighbour.id}

    assert refusal(agree(phone, item)) == (404, "not-found")


def test_a_helper_does_not_agree_for_her_elder(app, session, resident):
    account = make_account(session, resident, kind=GrantKind.HELPER)
    helper = Phone(app.test_client(), session, make_sign_in(session, account=account))

    item = {"purpose": "health", "version": 1, "resident_id": resident.id}
    assert refusal(agree(helper, item)) == (404, "not-found")


def test_a_separate_consent_is_somebodys(phone):
    assert refusal(agree(phone, {"purpose": "health", "version": 1})) == (404, "not-found")


def test_a_level_is_shown_once_its_consent_is_given(phone, resident):
    path = f"/v1/residents/{resident.id}/assessment"
    refused = phone.get(path)
    assert refusal(refused) == (403, "consent-needed")
    assert "隐私与授权" in refused.json["detail"]

    agree(phone, {"purpose": "health", "version": 1, "resident_id": resident.id})

    assert phone.get(path).status_code == 200
