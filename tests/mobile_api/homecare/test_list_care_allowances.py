"""listCareAllowances"""

from tests.factories.orders import this_month


def test_it_says_what_is_left_and_until_when(phone, placed):
    shown = phone.get("/v1/care-allowances").json
    [one] = shown["allowances"]

    assert (one["left_fen"], one["reserved_fen"]) == (76_000, 4_000)
    assert one["until"] > this_month().isoformat()
    assert [asked["state"] for asked in shown["entitlements"]] == ["granted"]


def test_neighbours_know_nothing_of_it(neighbours_phone, voucher):
    assert neighbours_phone.get("/v1/care-allowances").json["allowances"] == []


def test_a_helper_needs_the_scope(help_within, voucher):
    assert help_within("book_meals").get("/v1/care-allowances").json["allowances"] == []
