"""How a month that was billed differs from what it comes to now, line by line."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from server.facilities.contracts.models import CorrectionReason

# An item at a monthly fee.
Fee = tuple[str, int]
Kept = Mapping[str, Any]


@dataclass(frozen=True)
class Stand:
    """Nights here and away under a fee, and what they come to."""

    here: int = 0
    away: int = 0
    amount_fen: int = 0


@dataclass(frozen=True)
class Change:
    """A line of a correction: nights before and after, and the difference in fen."""

    item: str
    monthly_fen: int
    here_before: int
    away_before: int
    here: int
    away: int
    amount_fen: int


def stand_of(lines: Iterable[Kept]) -> dict[Fee, Stand]:
    """Return what the lines of a bill come to by fee; two contracts of one fee stand together."""
    found: dict[Fee, Stand] = {}
    for line in lines:
        fee = (line["item"], line["monthly_fen"])
        known = found.get(fee, Stand())
        found[fee] = Stand(
            known.here + line["here"],
            known.away + line["away"],
            known.amount_fen + line["amount_fen"],
        )
    return found


def corrected(stand: Mapping[Fee, Stand], changes: Iterable[Kept]) -> dict[Fee, Stand]:
    """Return what a correction left: its nights are the new ones, its amounts are added."""
    found = dict(stand)
    for line in changes:
        fee = (line["item"], line["monthly_fen"])
        amount = found.get(fee, Stand()).amount_fen + line["amount_fen"]
        found[fee] = Stand(line["here"], line["away"], amount)
    return found


def changes_between(before: Mapping[Fee, Stand], fresh: Iterable[Kept]) -> list[Change]:
    """Return the lines in which a fresh bill differs from what was billed."""
    after = stand_of(fresh)
    fees = [*before, *(fee for fee in after if fee not in before)]
    pairs = ((fee, before.get(fee, Stand()), after.get(fee, Stand())) for fee in fees)
    return [
        Change(*fee, old.here, old.away, new.here, new.away, new.amount_fen - old.amount_fen)
        for fee, old, new in pairs
        if old != new
    ]


def reason_of(changes: Sequence[Change]) -> CorrectionReason:
    """Return why: fewer or more nights, other nights away, or other terms for the same nights."""
    nights = _most(changes, lambda one: one.here + one.away - one.here_before - one.away_before)
    if nights:
        return CorrectionReason.MORE_NIGHTS if nights > 0 else CorrectionReason.FEWER_NIGHTS
    if _most(changes, lambda one: one.away - one.away_before):
        return CorrectionReason.AWAY_NIGHTS
    return CorrectionReason.TERMS


def _most(changes: Sequence[Change], count: Any) -> int:
    """By how many nights the item differs that differs most."""
    by_item = sorted(changes, key=lambda one: one.item)
    sums = [sum(map(count, of_one)) for _, of_one in groupby(by_item, key=lambda one: one.item)]
    return max(sums, key=abs, default=0)
