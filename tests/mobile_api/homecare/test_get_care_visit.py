"""getCareVisit"""

from tests.mobile_api.refusals import refusal


def test_it_is_shown_to_whom_somebody_comes(phone, visit):
    assert phone.get(f"/v1/care-visits/{visit.id}").json["state"] == "planned"


def test_nobody_else_learns_of_it(neighbours_phone, visit):
    assert refusal(neighbours_phone.get(f"/v1/care-visits/{visit.id}")) == (404, "not-found")


def test_a_helper_needs_the_scope(help_within, visit):
    asked = help_within("apply").get(f"/v1/care-visits/{visit.id}")

    assert refusal(asked) == (403, "outside-scope")
