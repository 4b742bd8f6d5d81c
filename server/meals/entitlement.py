"""What the city adds to a meal for one eater, as plain functions. Money is whole fen.

Cities pay in two ways: so much per meal by age, with an addition for hardship (Dandong,
丹东市《老年助餐服务补贴支持办法（试行）》), or by classes named one after another (Chuzhou,
就高不就低). Which one holds is a matter of dated figures, never of code:

- `meals.subsidy_classes`, where it is in force, is a list of classes. Of each `class` (age,
  hardship, special_care) the first entry whose conditions hold counts. Conditions: `from_age`,
  `to_age`, `tiers`, `cares`, `places` (the beginning of the code of the eater's own division:
  补贴跟人走), `meals`, `days` (all | working). Amount: `fen`, `percent` of what the operator's
  discount left, or `elder_pays_fen`.
- Otherwise `meals.subsidy_by_age` and `meals.subsidy_by_hardship`.
- `meals.subsidy_terms`, which may be missing: `stacking` (add | highest), `per` (meal | day: the
  amount is for all meals of a day together), `fen_a_day`, `least_own_pay_fen`,
  `only_if_bill_above`, `where` (city | own_county), `meals_a_day` (instead of
  `meals.subsidised_meals_a_day`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SUBSIDY_BY_AGE = "meals.subsidy_by_age"
SUBSIDY_BY_HARDSHIP = "meals.subsidy_by_hardship"
SUBSIDISED_MEALS_A_DAY = "meals.subsidised_meals_a_day"
SUBSIDY_CLASSES = "meals.subsidy_classes"
SUBSIDY_TERMS = "meals.subsidy_terms"
BY_AGE_AND_HARDSHIP = (SUBSIDY_BY_AGE, SUBSIDY_BY_HARDSHIP)

# What a meal costs where amounts of different kinds are only compared, as shown to an elder.
USUAL_BILL_FEN = 1200

Figures = Mapping[str, tuple[int, Any]]


@dataclass(frozen=True)
class Eater:
    """What the split must know of the one who eats, and of the meal, on the day of service.

    `subsidised_meals_that_day` and `subsidised_fen_that_day` are those of the other meals.
    """

    age: int
    hardship_tier: str
    subsidised_meals_that_day: int
    subsidised_fen_that_day: int = 0
    cares: Sequence[str] = ()
    division_code: str = ""
    is_own_county: bool = True
    meal: str = "lunch"
    is_workday: bool = True


@dataclass(frozen=True)
class Reason:
    """One step of the split: how much, and by which dated parameter."""

    code: str
    amount_fen: int
    parameter_id: int | None = None


@dataclass(frozen=True)
class Grant:
    """What the city adds, why, and the most it adds on this day where a day has a limit."""

    reasons: Sequence[Reason]
    day_fen: int | None = None

    @property
    def amount_fen(self) -> int:
        return sum(reason.amount_fen for reason in self.reasons)


@dataclass(frozen=True)
class Rate:
    code: str
    parameter_id: int
    terms: Mapping[str, Any]

    def amount(self, bill_fen: int) -> int:
        """Whole fen, a percentage of the bill, or whatever is above what the elder pays."""
        if "fen" in self.terms:
            return int(self.terms["fen"])
        if "elder_pays_fen" in self.terms:
            return max(bill_fen - int(self.terms["elder_pays_fen"]), 0)
        return percent_of(bill_fen, self.terms["percent"])


def grant(eater: Eater, bill_fen: int, figures: Figures) -> Grant:
    """Return what the city adds to a bill: never above it, nor above what is left of the day."""
    cap_id, meals_a_day = figures[SUBSIDISED_MEALS_A_DAY]
    terms_id, terms = terms_of(figures)
    if eater.subsidised_meals_that_day >= terms.get("meals_a_day", meals_a_day):
        return Grant([Reason("daily-cap-reached", 0, cap_id)])

    if terms.get("where") == "own_county" and not eater.is_own_county:
        return Grant([Reason("not-in-own-county", 0, terms_id)])
    rates, refusal = _rates(eater, figures)
    if not rates:
        return Grant([refusal])
    return _added(eater, bill_fen, _stacked(rates, bill_fen, terms), terms_id, terms)


def terms_of(figures: Figures) -> tuple[int | None, Mapping[str, Any]]:
    """Return the terms in force, with the number of their figure; none where nothing is said."""
    return figures.get(SUBSIDY_TERMS, (None, {}))


def rates_of(eater: Eater, figures: Figures) -> Sequence[Rate]:
    """Return by what the city adds to this meal, before any limit; none where it adds nothing."""
    rates, _ = _rates(eater, figures)
    _, terms = terms_of(figures)
    if terms.get("stacking", "add") == "highest" and rates:
        return [max(rates, key=lambda rate: rate.amount(USUAL_BILL_FEN))]
    return rates


def missing_figures(figures: Figures) -> Sequence[str]:
    """Return the keys without which no meal can be priced on that day."""
    needed = () if SUBSIDY_CLASSES in figures else BY_AGE_AND_HARDSHIP
    return [key for key in (*needed, SUBSIDISED_MEALS_A_DAY) if key not in figures]


def percent_of(amount_fen: int, percent: int) -> int:
    """Return the percentage of an amount, rounded half up to whole fen."""
    return (amount_fen * percent + 50) // 100


def _rates(eater: Eater, figures: Figures) -> tuple[Sequence[Rate], Reason]:
    """The rates this eater has at this meal, and the reason where there is none."""
    if SUBSIDY_CLASSES not in figures:
        return _by_age_and_hardship(eater, figures)
    classes_id, classes = figures[SUBSIDY_CLASSES]
    firsts: dict[str, Rate] = {}
    for terms in classes:
        if _holds(terms, eater):
            code = f"subsidy-by-{terms['class'].replace('_', '-')}"
            firsts.setdefault(code, Rate(code, classes_id, terms))
    return list(firsts.values()), Reason("in-no-subsidised-class", 0, classes_id)


def _by_age_and_hardship(eater: Eater, figures: Figures) -> tuple[Sequence[Rate], Reason]:
    age_id, bands = figures[SUBSIDY_BY_AGE]
    band = next((band for band in bands if _is_of_age(band, eater.age)), None)
    if band is None:
        return [], Reason("below-subsidised-age", 0, age_id)
    hardship_id, additions = figures[SUBSIDY_BY_HARDSHIP]
    rates = [Rate("subsidy-by-age", age_id, band)]
    if addition := additions.get(eater.hardship_tier):
        rates.append(Rate("subsidy-by-hardship", hardship_id, {"fen": addition}))
    return rates, Reason("below-subsidised-age", 0, age_id)


def _holds(terms: Mapping[str, Any], eater: Eater) -> bool:
    is_one_of = {"tiers": [eater.hardship_tier], "cares": eater.cares, "meals": [eater.meal]}
    return (
        _is_of_age(terms, eater.age)
        and all(set(terms[name]) & set(has) for name, has in is_one_of.items() if name in terms)
        and eater.division_code.startswith(tuple(terms.get("places", [""])))
        and (eater.is_workday or terms.get("days", "all") == "all")
    )


def _is_of_age(terms: Mapping[str, Any], age: int) -> bool:
    youngest, oldest = terms.get("from_age"), terms.get("to_age")
    return (youngest is None or youngest <= age) and (oldest is None or age <= oldest)


def _stacked(rates: Sequence[Rate], bill_fen: int, terms: Mapping[str, Any]) -> Sequence[Reason]:
    """Every rate one after another, or the highest alone (就高不就低)."""
    reasons = [Reason(rate.code, rate.amount(bill_fen), rate.parameter_id) for rate in rates]
    if terms.get("stacking", "add") == "highest":
        return [max(reasons, key=lambda reason: reason.amount_fen)]
    return reasons


def _added(
    eater: Eater,
    bill_fen: int,
    reasons: Sequence[Reason],
    terms_id: int | None,
    terms: Mapping[str, Any],
) -> Grant:
    """What comes of the rates under the terms of the day."""
    full = sum(reason.amount_fen for reason in reasons)
    if terms.get("only_if_bill_above") and bill_fen <= full:
        return Grant([Reason("bill-not-above-subsidy", 0, terms_id)])
    limits = [full] if terms.get("per") == "day" else []
    limits += [terms["fen_a_day"]] if terms.get("fen_a_day") is not None else []
    day_fen = min(limits, default=None)
    room = max(bill_fen - terms.get("least_own_pay_fen", 0), 0)
    if day_fen is not None:
        left = max(day_fen - eater.subsidised_fen_that_day, 0)
        if not left:
            return Grant([Reason("daily-amount-used", 0, terms_id)], day_fen)
        room = min(room, left)
    return Grant(_within(reasons, room), day_fen)


def _within(reasons: Sequence[Reason], room: int) -> Sequence[Reason]:
    """The reasons in their order, each with what the ones before it left of the room."""
    kept: list[Reason] = []
    for reason in reasons:
        amount = min(reason.amount_fen, room)
        room -= amount
        if amount or not kept:
            kept.append(Reason(reason.code, amount, reason.parameter_id))
    return kept
