"""What is typed in when somebody books for an elder, or a canteen closes a day."""

import marshmallow as ma

from server.meals.models import Diet, Handing, Meal
from server.providers.rules import FIRST_DAY, LAST_DAY
from server.web.blueprints import StrictSchema
from server.web.keys import LARGEST_KEY

A_REASON = ma.validate.Length(min=2, max=60)
DAYS = ma.validate.Range(FIRST_DAY, LAST_DAY)


def a_number(**given: object) -> ma.fields.Integer:
    return ma.fields.Integer(validate=ma.validate.Range(min=1, max=LARGEST_KEY), **given)  # type: ignore[arg-type]


def a_day(**given: object) -> ma.fields.Date:
    return ma.fields.Date(format="%Y-%m-%d", validate=DAYS, **given)  # type: ignore[arg-type]


class EaterSearchForm(StrictSchema):
    term = ma.fields.String(required=True, validate=ma.validate.Length(min=1, max=40))


class WhichCanteenArgs(StrictSchema):
    canteen = a_number(load_default=None)


class HowForm(StrictSchema):
    """Which canteen's week is on the screen, and how the meal is wished."""

    canteen = a_number(required=True)
    diet = ma.fields.Enum(Diet, by_value=True, load_default=Diet.NORMAL)
    handing = ma.fields.Enum(Handing, by_value=True, load_default=Handing.AT_CANTEEN)


class PlaceForm(HowForm):
    sitting = a_number(required=True)


class CallOffForm(StrictSchema):
    canteen = a_number(required=True)
    reason = ma.fields.String(load_default=None, validate=ma.validate.Length(max=60))


class StandingForm(HowForm):
    meal = ma.fields.Enum(Meal, by_value=True, required=True)
    weekdays = ma.fields.List(
        ma.fields.Integer(validate=ma.validate.Range(min=1, max=7)),
        required=True,
        validate=ma.validate.Length(min=1, max=7),
    )
    starts_on = a_day(load_default=None)
    last_day = a_day(load_default=None)


class RestForm(StrictSchema):
    """From the first day without meals to the last."""

    canteen = a_number(required=True)
    starts_on = a_day(required=True)
    last_day = a_day(required=True)


class BackForm(StrictSchema):
    canteen = a_number(required=True)


class ClosureForm(StrictSchema):
    canteen = a_number(required=True)
    service_on = a_day(required=True)
    meal = ma.fields.Enum(Meal, by_value=True, load_default=None)
    reason = ma.fields.String(required=True, validate=A_REASON)
