"""listRenovations"""


def test_what_goes_on_stands_first(phone, renewal):
    renewal.to("consent")

    [one] = phone.get("/v1/renovations").json["items"]
    assert (one["id"], one["state"]) == (renewal.id, "consent")


def test_a_helper_without_the_scope_sees_none(help_within, renewal):
    renewal.to("applied")

    assert help_within("book_meals").get("/v1/renovations").json["items"] == []
