"""getEatingNeeds"""

from tests.mobile_api.refusals import refusal


def test_before_anybody_asked_it_is_cooked_as_for_everybody(phone, resident):
    shown = phone.get(f"/v1/residents/{resident.id}/eating-needs").json

    assert (shown["usual_diet"], shown["allergens"], shown["dislikes"]) == ("normal", [], [])
    assert shown["noted_at"] is None
    assert "香菜" in shown["often_disliked"]


def test_a_stranger_learns_nothing(neighbours_phone, resident):
    asked = neighbours_phone.get(f"/v1/residents/{resident.id}/eating-needs")

    assert refusal(asked) == (404, "not-found")
