"""applyForHomeBed"""

from tests.mobile_api.refusals import refusal


def test_the_application_stands_at_its_first_stage(asked_bed):
    assert (asked_bed["state"], asked_bed["can_withdraw"]) == ("applied", True)
    assert [step["state"] for step in asked_bed["steps"] if step["is_now"]] == ["applied"]
    assert asked_bed["due_on"] > asked_bed["since"]


def test_twice_is_refused(phone, wish, asked_bed):
    assert refusal(phone.post("/v1/home-beds", wish)) == (409, "has-a-home-bed")


def test_nobody_applies_for_a_stranger(phone, neighbour):
    answer = phone.post("/v1/home-beds", {"resident_id": neighbour.id})

    assert refusal(answer) == (404, "not-found")


def test_a_helper_needs_the_scope(help_within, wish):
    assert refusal(help_within("book_meals").post("/v1/home-beds", wish)) == (403, "outside-scope")


def test_a_helper_who_may_apply_does(help_within, wish):
    assert help_within("apply").post("/v1/home-beds", wish).status_code == 201


def test_an_unknown_field_is_refused(phone, wish):
    assert phone.post("/v1/home-beds", wish | {"site": 1}).status_code == 422
