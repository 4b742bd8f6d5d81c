"""orderCare"""

from tests.factories.meals import make_site
from tests.mobile_api.refusals import refusal


def test_it_is_ordered_and_split(placed):
    assert (placed["state"], placed["can_cancel"]) == ("ordered", True)
    assert (placed["bill_fen"], placed["voucher_fen"], placed["own_fen"]) == (8000, 4000, 4000)
    assert [one["name"] for one in placed["services"]] == ["助浴"]


def test_the_same_moment_is_ordered_once(phone, placed, order_wish):
    assert refusal(phone.post("/v1/care-orders", order_wish)) == (409, "care-ordered-already")


def test_a_canteen_serves_nobody_at_home(phone, order_wish, session):
    from_a_canteen = order_wish | {"site_id": make_site(session).id}

    assert refusal(phone.post("/v1/care-orders", from_a_canteen)) == (422, "provider-not-serving")


def test_a_helper_who_may_apply_orders(help_within, order_wish):
    assert help_within("apply").post("/v1/care-orders", order_wish).status_code == 201


def test_nobody_orders_for_a_stranger(phone, neighbour, order_wish):
    answer = phone.post("/v1/care-orders", order_wish | {"resident_id": neighbour.id})

    assert refusal(answer) == (404, "not-found")
