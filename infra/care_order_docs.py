"""The page of the life of an order of service at home, written from its one table."""

from pathlib import Path

from infra.home_bed_docs import both, listed, who
from server.homecare.orders.models import OrderState
from server.homecare.orders.states import ORDER_MOVES, OrderMove

PAGE = Path(__file__).parent / "docs" / "care_orders.md"
HEAD = """# The life of an order of service at home

An order (居家服务订单) goes this way and no other. What the programmes pay for it is reserved when
it is placed, redeemed on the proof of the visit, and free again otherwise; the database counts it
(`server/migrations/sql/0033_bought_service.sql`), so that a month's amount is never exceeded.

This page is written by `make docs` from `server/homecare/orders/states.py`; a test holds both
against each other.

"""
STEPS_HEAD = """
| Step | From | To | Who | When | What becomes of the money |
| --- | --- | --- | --- | --- | --- |
"""


def care_orders_page() -> str:
    """Return the page as it must be."""
    states = "".join(f"| `{state}` | {both('order_state', state)} |\n" for state in OrderState)
    table = f"| State | Words |\n| --- | --- |\n{states}"
    return HEAD + table + STEPS_HEAD + "".join(_row(move) for move in ORDER_MOVES.values())


def _row(move: OrderMove) -> str:
    cells = (
        both("order_step", move.step),
        listed(f"`{state}`" for state in move.before),
        f"`{move.after}`",
        who(move.permissions) if move.permissions else "by itself",
        move.when,
        both("entry_kind", move.money) if move.money else "–",
    )
    return f"| {' | '.join(cells)} |\n"
