"""Ages, cut-offs and the price split, as plain functions of plain values. Money is whole fen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

SUBSIDY_BY_AGE = "meals.subsidy_by_age"
SUBSIDY_BY_HARDSHIP = "meals.subsidy_by_hardship"
SUBSIDISED_MEALS_A_DAY = "meals.subsidised_meals_a_day"
FIGURES_OF_A_SPLIT = (SUBSIDY_BY_AGE, SUBSIDY_BY_HARDSHIP, SUBSIDISED_MEALS_A_DAY)
CUT_OFF = "meals.cut_off"

CODE_NUMBERS = 1_000_000


@dataclass(frozen=True)
class Eater:
    """What the split must know of the one who eats, on the day of service."""

    age: int
    hardship_tier: str
    subsidised_meals_that_day: int


@dataclass(frozen=True)
class Price:
    """What the canteen asks: list price, its own discount, and what a charity adds per meal."""

    list_price_fen: int
    discount_percent: int = 0
    charity_fen: int = 0


@dataclass(frozen=True)
class Reason:
    """One step of the split: how much, and by which dated parameter."""

    code: str
    amount_fen: int
    parameter_id: int | None = None


@dataclass(frozen=True)
class Split:
    """Who pays which part of a meal; the parts always sum to the list price."""

    list_price_fen: int
    operator_discount_fen: int
    subsidy_fen: int
    charity_fen: int
    own_pay_fen: int
    reasons: Sequence[Reason]


def full_years(born_on: date, *, on: date) -> int:
    """Return the age in full years (周岁) on a civil day; 29 February comes of age on 1 March."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def split_price(price: Price, eater: Eater, figures: Mapping[str, tuple[int, Any]]) -> Split:
    """Split a meal's price: the operator's discount first, then subsidy, charity, own pay.

    `figures` maps each key of `FIGURES_OF_A_SPLIT` to (parameter id, value). Every part is at most
    what the parts before it left over, so the subsidy never exceeds the bill.
    """
    discount = percent_of(price.list_price_fen, price.discount_percent)
    left = price.list_price_fen - discount
    granted = list(_subsidies(eater, left, figures))
    subsidy = sum(reason.amount_fen for reason in granted)
    charity = min(price.charity_fen, left - subsidy)
    reasons = [
        *([Reason("operator-discount", discount)] if discount else []),
        *granted,
        *([Reason("charity", charity)] if charity else []),
    ]
    own_pay = left - subsidy - charity
    return Split(price.list_price_fen, discount, subsidy, charity, own_pay, reasons)


def percent_of(amount_fen: int, percent: int) -> int:
    """Return the percentage of an amount, rounded half up to whole fen."""
    return (amount_fen * percent + 50) // 100


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


def _subsidies(eater: Eater, left: int, figures: Mapping[str, tuple[int, Any]]) -> Sequence[Reason]:
    cap_id, meals_a_day = figures[SUBSIDISED_MEALS_A_DAY]
    if eater.subsidised_meals_that_day >= meals_a_day:
        return [Reason("daily-cap-reached", 0, cap_id)]

    age_id, bands = figures[SUBSIDY_BY_AGE]
    band = next((band for band in bands if _is_in(band, eater.age)), None)
    if band is None:
        return [Reason("below-subsidised-age", 0, age_id)]

    by_age = min(_rate(band, left), left)
    hardship_id, additions = figures[SUBSIDY_BY_HARDSHIP]
    by_hardship = min(additions.get(eater.hardship_tier, 0), left - by_age)
    reasons = [Reason("subsidy-by-age", by_age, age_id)]
    if by_hardship:
        reasons.append(Reason("subsidy-by-hardship", by_hardship, hardship_id))
    return reasons


def _is_in(band: Mapping[str, Any], age: int) -> bool:
    return band["from_age"] <= age and (band["to_age"] is None or age <= band["to_age"])


def _rate(band: Mapping[str, Any], left: int) -> int:
    """A band sets whole fen, or a percentage of what the discount left over."""
    return int(band["fen"]) if "fen" in band else percent_of(left, band["percent"])
