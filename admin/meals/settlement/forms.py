"""Filters and forms of settled months."""

from datetime import date
from decimal import Decimal
from typing import Any

import marshmallow as ma

from server.meals.models import Meal
from server.meals.settlement.models import SettlementStage
from server.providers.rules import FIRST_DAY, LAST_DAY
from server.web.blueprints import StrictSchema
from server.web.keys import LARGEST_KEY

A_CALENDARS = ma.validate.Range(FIRST_DAY, LAST_DAY)
MOST_YUAN = 1_000_000


def a_number(**given: Any) -> ma.fields.Integer:
    return ma.fields.Integer(validate=ma.validate.Range(min=1, max=LARGEST_KEY), **given)


def a_month(**given: Any) -> ma.fields.Date:
    return ma.fields.Date(format="%Y-%m", validate=A_CALENDARS, **given)


class SettlementFilters(StrictSchema):
    month = a_month(load_default=None)
    site_id = a_number(load_default=None)
    stage = ma.fields.Enum(SettlementStage, by_value=True, load_default=None)
    is_late = ma.fields.Boolean(load_default=False)


class MealFilters(StrictSchema):
    meal = ma.fields.Enum(Meal, by_value=True, load_default=None)
    age_band = ma.fields.String(load_default=None, validate=ma.validate.Length(max=10))
    tier = ma.fields.String(load_default=None, validate=ma.validate.Length(max=30))


class PaperFilters(StrictSchema):
    digest = ma.fields.String(load_default="", validate=ma.validate.Length(max=80))


class DrawUpForm(StrictSchema):
    month = a_month(required=True)


class PaidForm(StrictSchema):
    paid_on = ma.fields.Date(format="%Y-%m-%d", required=True, validate=A_CALENDARS)
    paid_number = ma.fields.String(required=True, validate=ma.validate.Length(min=1, max=60))


class AdjustmentForm(StrictSchema):
    """In yuan, with a minus where the canteen gives something back."""

    site_id = a_number(required=True)
    month = a_month(required=True)
    amount = ma.fields.Decimal(required=True, validate=ma.validate.Range(-MOST_YUAN, MOST_YUAN))
    adjustment_reason = ma.fields.String(required=True, validate=ma.validate.Length(2, 200))

    @ma.validates("amount")
    def check_amount(self, value: Decimal, **_: Any) -> None:
        """An amount in whole fen that is not nought."""
        if value == 0 or value.scaleb(2) % 1:
            raise ma.ValidationError("Not a valid number.")


class DecisionForm(StrictSchema):
    is_right = ma.fields.Boolean(required=True)


def in_fen(amount: Decimal) -> int:
    """Return an amount of yuan in whole fen."""
    return int(amount.scaleb(2))


def in_address(filters: dict[str, Any]) -> dict[str, str]:
    """Return the filters as an address says them."""
    told = {
        name: f"{value:%Y-%m}" if isinstance(value, date) else getattr(value, "value", value)
        for name, value in filters.items()
        if value
    }
    return {name: "true" if value is True else str(value) for name, value in told.items()}
