"""applyForRenovation"""

from tests.mobile_api.refusals import refusal

THERE = "/v1/renovations"


def wish(resident, **given):
    return {"resident_id": resident.id, "address": "建设路12号", "wishes": "洗澡怕滑"} | given


def test_the_application_stands_at_its_first_stage(phone, resident):
    answer = phone.post(THERE, wish(resident))

    assert answer.status_code == 201
    assert (answer.json["state"], answer.json["can_withdraw"]) == ("applied", True)
    assert answer.json["due_on"] > answer.json["since"]


def test_a_home_is_made_safe_once(phone, resident):
    phone.post(THERE, wish(resident))

    assert refusal(phone.post(THERE, wish(resident))) == (409, "home-renovated")


def test_who_had_a_trade_in_for_the_house_hears_what_is_missing(phone, resident):
    answer = phone.post(THERE, wish(resident, has_trade_in=True))

    assert refusal(answer) == (409, "needs-missing")
    assert answer.json["needs"] == ["no_trade_in"]


def test_nobody_applies_for_a_stranger(phone, neighbour):
    assert refusal(phone.post(THERE, wish(neighbour))) == (404, "not-found")


def test_a_helper_needs_the_scope(help_within, resident):
    assert refusal(help_within("book_meals").post(THERE, wish(resident))) == (403, "outside-scope")
