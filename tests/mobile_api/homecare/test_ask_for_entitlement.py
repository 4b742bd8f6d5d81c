"""askForEntitlement"""

from tests.mobile_api.refusals import refusal

ADDRESS = "/v1/care-entitlements"


def wish_of(resident, **given):
    return {"resident_id": resident.id, "programme": "voucher"} | given


def test_it_waits_for_the_county(phone, resident, severe):
    answer = phone.post(ADDRESS, wish_of(resident))

    assert answer.status_code == 201
    assert (answer.json["state"], answer.json["programme"]) == ("applied", "voucher")


def test_all_that_is_missing_is_said_in_words(phone, resident):
    answer = phone.post(ADDRESS, wish_of(resident, gets_care_allowance=True))

    assert refusal(answer) == (409, "entitlement-needs-missing")
    assert answer.json["needs"] == ["level_moderate", "no_care_allowance"]
    assert "有效的中度及以上失能评估结果" in answer.json["detail"]


def test_nobody_asks_for_a_stranger(phone, neighbour):
    assert refusal(phone.post(ADDRESS, wish_of(neighbour))) == (404, "not-found")


def test_an_unknown_programme_is_refused(phone, resident):
    assert phone.post(ADDRESS, wish_of(resident, programme="meals")).status_code == 422
