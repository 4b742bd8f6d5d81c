"""quoteCareOrder"""

from tests.mobile_api.refusals import refusal

ADDRESS = "/v1/care-order-quotes?resident_id={}&services=bathing,company&day={}"


def test_it_shows_who_pays_what_and_orders_nothing(phone, resident, voucher, order_wish):
    shown = phone.get(ADDRESS.format(resident.id, order_wish["starts_at"][:10])).json

    assert shown == {
        "minutes": 120, "bill_fen": 11_000, "purchased_fen": 0, "voucher_fen": 5_500,
        "own_fen": 5_500,
    }  # fmt: skip
    assert phone.get("/v1/care-orders").json["items"] == []


def test_a_day_of_another_month_is_refused_with_its_dates(phone, resident, voucher, order_wish):
    answer = phone.get(ADDRESS.format(resident.id, "2169-01-05"))

    assert refusal(answer) == (409, "allowance-lapses-before")
    assert answer.json["opens_on"] == "2169-01-01"


def test_nothing_is_told_of_a_stranger(phone, neighbour):
    answer = phone.get(ADDRESS.format(neighbour.id, "2169-01-05"))

    assert refusal(answer) == (404, "not-found")
