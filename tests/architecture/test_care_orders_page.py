"""The page of an order's life says what the table says, and the table is whole."""

from infra.care_order_docs import PAGE, care_orders_page
from server.homecare.orders.models import OrderState
from server.homecare.orders.states import ORDER_MOVES, OrderStep, may_step
from server.identity.roles import OF_AN_ACCOUNT, OF_AN_OFFICE

CLOSED = {OrderState.REDEEMED, OrderState.CANCELLED, OrderState.LAPSED}


def test_the_page_is_the_table():
    assert PAGE.read_text("utf-8") == care_orders_page(), "run `make docs`"


def test_every_step_stands_in_the_table_and_what_is_closed_stays_so():
    assert set(ORDER_MOVES) == set(OrderStep)
    assert {
        one for one in OrderState if not any(may_step(step, one) for step in OrderStep)
    } == CLOSED


def test_somebody_holds_every_permission_of_the_table():
    held = set(OF_AN_ACCOUNT).union(*OF_AN_OFFICE.values())

    assert {one for move in ORDER_MOVES.values() for one in move.permissions} <= held
