"""我每餐能补多少: what the city adds to the meals of one elder, today, and by which document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from server.errors import NotFound
from server.meals import rules
from server.meals.entitlement import Rate, missing_figures, rates_of, terms_of
from server.meals.models import Meal
from server.policies.errors import RuleMissing
from server.policies.models import Parameter
from server.policies.queries import list_bases
from server.residents.models import HardshipPeriod, HardshipTier, Resident, SpecialCarePeriod


@dataclass(frozen=True)
class MealRates:
    """By what the city adds to one meal on a working day, and on other days."""

    meal: Meal
    on_workdays: Sequence[Rate]
    on_other_days: Sequence[Rate]


@dataclass(frozen=True)
class Entitlement:
    """What is added meal by meal; `day_fen` where the day has a limit in money."""

    age: int
    meals: Sequence[MealRates]
    meals_a_day: int
    is_for_the_day: bool
    day_fen: int | None
    documents: Sequence[str]


def get_entitlement(session: Session, resident_id: int, *, on: date) -> Entitlement:
    """Return what the resident is entitled to on a day; raises `NotFound`, `RuleMissing`."""
    who = _who(session, resident_id, on)
    keys = (*rules.FIGURES_OF_A_SPLIT, *rules.FIGURES_THAT_MAY_HOLD)
    bases = list_bases(session, keys, on=on)
    figures = {key: (one.id or 0, one.value) for key, one in bases.items()}
    for missing in missing_figures(figures):
        raise RuleMissing(parameter=missing, day=on.isoformat())
    _, terms = terms_of(figures)
    meals = [_rates(who, meal, figures) for meal in Meal]
    return Entitlement(
        age=who.age,
        meals=meals,
        meals_a_day=terms.get("meals_a_day", figures[rules.SUBSIDISED_MEALS_A_DAY][1]),
        is_for_the_day=terms.get("per") == "day",
        day_fen=terms.get("fen_a_day"),
        documents=_documents(bases, meals),
    )


def _rates(who: rules.Eater, meal: Meal, figures: Mapping[str, Any]) -> MealRates:
    def on(is_workday: bool) -> Sequence[Rate]:
        eater = replace(who, meal=meal.value, is_workday=is_workday)
        return rates_of(eater, figures)

    return MealRates(meal, on(True), on(False))


def _who(session: Session, resident_id: int, on: date) -> rules.Eater:
    row = session.execute(
        select(
            col(Resident.born_on),
            col(Resident.village_code),
            _that_day(HardshipPeriod, col(HardshipPeriod.tier), on).label("tiers"),
            _that_day(SpecialCarePeriod, col(SpecialCarePeriod.care), on).label("cares"),
        ).where(col(Resident.id) == resident_id)
    ).one_or_none()
    if row is None:
        raise NotFound()
    tiers = [str(tier) for tier in row.tiers or [] if tier]
    return rules.Eater(
        age=rules.full_years(row.born_on, on=on),
        hardship_tier=tiers[0] if tiers else HardshipTier.NONE.value,
        subsidised_meals_that_day=0,
        cares=[str(care) for care in row.cares or []],
        division_code=row.village_code,
    )


def _that_day(periods: Any, what: Any, on: date) -> Any:
    return (
        select(func.array_agg(what))
        .where(
            periods.resident_id == Resident.id,
            periods.starts_on <= on,
            or_(periods.ends_on.is_(None), periods.ends_on > on),
        )
        .correlate(Resident)
        .scalar_subquery()
    )


def _documents(bases: Mapping[str, Parameter], meals: Sequence[MealRates]) -> Sequence[str]:
    """The documents that the rates rest on, each once, in the order in which they are met."""
    rates = [rate for one in meals for rate in (*one.on_workdays, *one.on_other_days)]
    by_number = {one.id: one.document for one in bases.values()}
    named = [by_number.get(rate.parameter_id) for rate in rates]
    return list(dict.fromkeys(name for name in named if name))
