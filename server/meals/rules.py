"""Ages, cut-offs and the price split, as plain functions of plain values. Money is whole fen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from server.meals.entitlement import (
    SUBSIDISED_MEALS_A_DAY,
    SUBSIDY_BY_AGE,
    SUBSIDY_BY_HARDSHIP,
    SUBSIDY_CLASSES,
    SUBSIDY_TERMS,
    Eater,
    Figures,
    Reason,
    grant,
    percent_of,
    terms_of,
)

__all__ = [
    "CODE_NUMBERS", "CUT_OFF", "FIGURES_OF_A_SPLIT", "FIGURES_THAT_MAY_HOLD",
    "SUBSIDISED_MEALS_A_DAY", "SUBSIDY_BY_AGE", "SUBSIDY_BY_HARDSHIP", "SUBSIDY_CLASSES",
    "SUBSIDY_TERMS", "Eater", "Price", "Reason", "Split", "care_link_ends_on", "cutoff_at",
    "first_free_number", "full_years", "meal_code", "percent_of", "split_price",
]  # fmt: skip

FIGURES_OF_A_SPLIT = (SUBSIDY_BY_AGE, SUBSIDY_BY_HARDSHIP, SUBSIDISED_MEALS_A_DAY)
FIGURES_THAT_MAY_HOLD = (SUBSIDY_CLASSES, SUBSIDY_TERMS)
CUT_OFF = "meals.cut_off"

CODE_NUMBERS = 1_000_000


@dataclass(frozen=True)
class Price:
    """What the canteen asks: list price, its own discount, and what a charity adds per meal."""

    list_price_fen: int
    discount_percent: int = 0
    charity_fen: int = 0


@dataclass(frozen=True)
class Split:
    """Who pays which part of a meal; the parts always sum to the list price.

    `subsidy_day_fen` is the most the city adds on this day, where a day has a limit.
    """

    list_price_fen: int
    operator_discount_fen: int
    subsidy_fen: int
    charity_fen: int
    own_pay_fen: int
    reasons: Sequence[Reason]
    subsidy_day_fen: int | None = None


def full_years(born_on: date, *, on: date) -> int:
    """Return the age in full years (周岁) on a civil day; 29 February comes of age on 1 March."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def split_price(price: Price, eater: Eater, figures: Figures) -> Split:
    """Split a meal's price: the operator's discount first, then subsidy, charity, own pay.

    `figures` maps keys to (parameter id, value). Every part is at most what the parts before it
    left over, so the subsidy never exceeds the bill; charity leaves the least own pay alone.
    """
    discount = percent_of(price.list_price_fen, price.discount_percent)
    left = price.list_price_fen - discount
    granted = grant(eater, left, figures)
    subsidy = granted.amount_fen
    charity = min(price.charity_fen, max(left - subsidy - _least_own_pay(figures), 0))
    reasons = [
        *([Reason("operator-discount", discount)] if discount else []),
        *granted.reasons,
        *([Reason("charity", charity)] if charity else []),
    ]
    own_pay = left - subsidy - charity
    day_fen = granted.day_fen if subsidy else None
    return Split(price.list_price_fen, discount, subsidy, charity, own_pay, reasons, day_fen)


def _least_own_pay(figures: Figures) -> int:
    return int(terms_of(figures)[1].get("least_own_pay_fen", 0))


def cutoff_at(service_on: date, cut_off: Mapping[str, Any], city: ZoneInfo) -> datetime:
    """Return the instant at which a sitting closes, from the figure `meals.cut_off`."""
    closes_on = service_on - timedelta(days=cut_off["days_before"])
    return datetime.combine(closes_on, time.fromisoformat(cut_off["at"]), city)


def care_link_ends_on(service_on: date) -> date:
    """Return until when a canteen may still know a diner: the first of the month after next.

    Settlement looks back one month; whole months keep the link from changing at every booking.
    """
    months = service_on.year * 12 + service_on.month + 1
    return date(months // 12, months % 12 + 1, 1)


def first_free_number(taken: Sequence[int]) -> int:
    """Return the lowest number from 1 that is not taken."""
    return next(number for number in range(1, len(taken) + 2) if number not in taken)


def meal_code(number: int) -> str:
    """Return the six digits that a person says at the counter."""
    return f"{number % CODE_NUMBERS:06d}"
