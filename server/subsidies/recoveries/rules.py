"""What of a payment is netted with what its payee owes; plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Owed:
    """What is left of a recovery, and the most of one payment that may go to it."""

    recovery_id: int
    left_fen: int
    most_percent: int


def netted(gross_fen: int, owed: Sequence[Owed]) -> Mapping[int, int]:
    """Return recovery → fen, the oldest first, none beyond its own share of the payment.

    Where every payment of a month stays within the limit, so does the month.
    """
    taken: dict[int, int] = {}
    for one in owed:
        most = gross_fen * one.most_percent // 100 - sum(taken.values())
        fen = min(one.left_fen, most)
        if fen > 0:
            taken[one.recovery_id] = fen
    return taken
