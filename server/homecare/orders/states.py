"""The life of an order as one table: from where to where, by whom, and what becomes of the money.

The document `infra/docs/care_orders.md` is made from this table, and a test holds both together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from server.homecare.orders.models import OrderState
from server.homecare.vouchers.models import EntryKind

S = OrderState


class OrderStep(StrEnum):
    """What happens to an order."""

    ORDER = "order"  # 下单
    ASSIGN = "assign"  # 派单
    REDEEM = "redeem"  # 核销
    CANCEL = "cancel"  # 取消
    LAPSE = "lapse"  # 失效


@dataclass(frozen=True)
class OrderMove:
    """One row of the table; no permission means that it happens by itself."""

    step: OrderStep
    before: Sequence[OrderState]
    after: OrderState
    permissions: Sequence[str]
    money: EntryKind | None
    when: str


ORDER_MOVES: Mapping[OrderStep, OrderMove] = {
    move.step: move
    for move in (
        OrderMove(OrderStep.ORDER, (), S.ORDERED, ("homecare.order",), EntryKind.RESERVED,
                  "in the month that pays, before the visit's hour"),
        OrderMove(OrderStep.ASSIGN, (S.ORDERED,), S.ASSIGNED, ("homecare.keep-visits",), None,
                  "a worker of the provider is free then, within the same month"),
        OrderMove(OrderStep.REDEEM, (S.ASSIGNED,), S.REDEEMED, (), EntryKind.REDEEMED,
                  "the visit was left and confirmed, and the provider's month is open"),
        OrderMove(OrderStep.CANCEL, (S.ORDERED, S.ASSIGNED), S.CANCELLED, ("homecare.order",),
                  EntryKind.FREED,
                  "before somebody has arrived; by itself at a death, a move, or an admission"),
        OrderMove(OrderStep.LAPSE, (S.ORDERED, S.ASSIGNED), S.LAPSED, (), EntryKind.FREED,
                  "its day went by without a worker or a visit, or the month is closed"),
    )
}  # fmt: skip


def may_step(step: OrderStep, state: OrderState) -> bool:
    """True where the table lets an order of this state take the step."""
    return state in ORDER_MOVES[step].before
