"""The life of a payment as a table: which step may be taken when, and where it leads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from server.payments.models import PaymentState

OPENED, WAITING, PAID, REFUSED, EXPIRED, RETURNED = PaymentState


class Step(StrEnum):
    PLACE = "place"  # the provider has the order
    PAY = "pay"  # the provider says that it was paid
    REFUSE = "refuse"  # the provider says that it will not be
    EXPIRE = "expire"  # nobody paid in time, and the provider has closed it
    RETURN = "return"  # paid, and nobody can use it any more


@dataclass(frozen=True)
class Move:
    step: Step
    before: Sequence[PaymentState]
    after: PaymentState


# Money that comes after we had given it up has come all the same.
TABLE = (
    Move(Step.PLACE, (OPENED,), WAITING),
    Move(Step.PAY, (OPENED, WAITING, REFUSED, EXPIRED), PAID),
    Move(Step.REFUSE, (OPENED, WAITING), REFUSED),
    Move(Step.EXPIRE, (OPENED, WAITING), EXPIRED),
    Move(Step.RETURN, (PAID,), RETURNED),
)
MOVES: Mapping[Step, Move] = {move.step: move for move in TABLE}
UNFINISHED = (OPENED, WAITING)


def may_take(step: Step, state: PaymentState) -> bool:
    """True where the step leads on from this state."""
    return state in MOVES[step].before
