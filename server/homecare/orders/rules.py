"""How a bill is split, and in which order a sample is drawn; plain arithmetic."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

RATES = {"home": "voucher.rate_home", "institution": "voucher.rate_institution"}
ROUNDING = "voucher.rounding"
CHECKED = "orders.checked_percent"


class Rounding(StrEnum):
    """What becomes of half a fen of the voucher."""

    DOWN = "down"
    HALF_UP = "half_up"


@dataclass(frozen=True)
class Split:
    """A bill in its parts, in fen; they sum to it exactly."""

    bill_fen: int
    purchased_fen: int
    voucher_fen: int
    own_fen: int


def split(
    bill_fen: int,
    *,
    purchased_left: int = 0,
    voucher_left: int = 0,
    rate_percent: int,
    rounding: Rounding = Rounding.DOWN,
) -> Split:
    """Return who pays what: the purchased budget first, the voucher its share of the rest.

    A voucher bears a share of what somebody would pay themselves, up to what is left of it
    (民发〔2025〕37号; other insurance comes before it, S47).
    """
    purchased = min(bill_fen, max(purchased_left, 0))
    rest = bill_fen - purchased
    voucher = min(share_of(rest, rate_percent, rounding), max(voucher_left, 0))
    return Split(bill_fen, purchased, voucher, rest - voucher)


def share_of(amount_fen: int, percent: int, rounding: Rounding) -> int:
    """Return so many hundredths of an amount, in whole fen, by the rule of rounding."""
    up = 50 if rounding is Rounding.HALF_UP else 0
    return (amount_fen * percent + up) // 100


def sample_size(population: int, percent: int) -> int:
    """Return how many are drawn: so many hundredths, rounded up, and one at least."""
    return min(population, max(1, -(-population * percent // 100)))


def draw(seed: str, numbers: Sequence[int], percent: int) -> list[int]:
    """Return the numbers drawn, in their order: the smallest SHA-256 of `seed:number` first."""
    ordered = sorted(numbers, key=lambda one: (sha256(f"{seed}:{one}".encode()).digest(), one))
    return ordered[: sample_size(len(numbers), percent)]
