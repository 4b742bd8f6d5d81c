"""What a provider types in about visits and plans."""

from collections.abc import Mapping
from datetime import datetime, time
from enum import StrEnum
from typing import Any

import marshmallow as ma

from server.homecare.visits.doubts import Doubt
from server.homecare.visits.models import CareWishKind
from server.providers.rules import FIRST_DAY, LAST_DAY
from server.web.blueprints import StrictSchema
from server.web.keys import LARGEST_KEY

# Weeks and months about any of these days can be reckoned with.
DAYS = (FIRST_DAY, LAST_DAY)
A_CALENDARS = ma.validate.Range(*DAYS)
A_REASON = ma.validate.Length(min=2, max=200)


class Span(StrEnum):
    """How much of the roster is shown."""

    WEEK = "week"
    MONTH = "month"


def a_number(**given: Any) -> ma.fields.Integer:
    return ma.fields.Integer(validate=ma.validate.Range(min=1, max=LARGEST_KEY), **given)


def a_day(**given: Any) -> ma.fields.Date:
    return ma.fields.Date(format="%Y-%m-%d", validate=A_CALENDARS, **given)


def a_month(**given: Any) -> ma.fields.Date:
    return ma.fields.Date(format="%Y-%m", validate=A_CALENDARS, **given)


def a_moment() -> ma.fields.NaiveDateTime:
    """As a browser's field for day and time sends it: by the city's wall."""
    within = ma.validate.Range(*(datetime.combine(day, time()) for day in DAYS))
    return ma.fields.NaiveDateTime(format="%Y-%m-%dT%H:%M", required=True, validate=within)


class RosterFilters(StrictSchema):
    day = a_day(load_default=None)
    span = ma.fields.Enum(Span, by_value=True, load_default=Span.WEEK)


class DoubtFilters(StrictSchema):
    day = a_day(load_default=None)
    doubt = ma.fields.Enum(Doubt, by_value=True, load_default=None)


class MoveForm(StrictSchema):
    worker = a_number(required=True)
    starts_at = a_moment()


class PutDownForm(StrictSchema):
    """Where a visit of the roster is put down; it keeps its hour."""

    visit = a_number(required=True)
    worker = a_number(required=True)
    day = a_day(required=True)


class CarryForm(StrictSchema):
    """The same while it is still carried."""

    visit = a_number(load_default=None)
    worker = a_number(load_default=None)
    day = a_day(load_default=None)


class OrderFilters(StrictSchema):
    worker = a_number(required=True)
    day = a_day(load_default=None)


class OrderForm(StrictSchema):
    """Which visits keep their hour; `mark` is the proposal that was read."""

    worker = a_number(required=True)
    day = a_day(required=True)
    kept = ma.fields.List(
        ma.fields.Integer(validate=ma.validate.Range(min=1, max=LARGEST_KEY)), load_default=list
    )
    mark = ma.fields.String(load_default="", validate=ma.validate.Length(max=2000))
    accept = ma.fields.Boolean(load_default=False)


class SwapForm(StrictSchema):
    other_visit = a_number(required=True)


class CancelVisitForm(StrictSchema):
    cancel_reason = ma.fields.String(required=True, validate=A_REASON)


class AbsenceForm(StrictSchema):
    worker = a_number(required=True)
    first_day = a_day(required=True)
    last_day = a_day(required=True)

    @ma.validates_schema
    def check_order(self, given: Mapping[str, Any], **_: Any) -> None:
        if {"first_day", "last_day"} <= given.keys() and given["last_day"] < given["first_day"]:
            raise ma.ValidationError({"last_day": ["Not a valid date."]})


class CorrectionForm(StrictSchema):
    arrived_at = a_moment()
    left_at = a_moment()
    tasks_done = ma.fields.List(ma.fields.String(), load_default=list)
    correction_reason = ma.fields.String(required=True, validate=A_REASON)


class DecisionForm(StrictSchema):
    is_right = ma.fields.Boolean(required=True)


class WishAnswerForm(StrictSchema):
    answer = ma.fields.String(required=True, validate=ma.validate.Length(min=2, max=400))


class HandOnForm(StrictSchema):
    handed_words = ma.fields.String(load_default="", validate=ma.validate.Length(max=200))


class WishFilters(StrictSchema):
    month = a_month(load_default=None)
    site_id = a_number(load_default=None)
    home_bed_id = a_number(load_default=None)
    kind = ma.fields.Enum(CareWishKind, by_value=True, load_default=None)
    is_late = ma.fields.Boolean(load_default=False)
    is_open = ma.fields.Boolean(load_default=False)


class RatingFilters(StrictSchema):
    month = a_month(load_default=None)
    site_id = a_number(load_default=None)
    home_bed_id = a_number(load_default=None)
    score = ma.fields.Integer(validate=ma.validate.Range(min=1, max=3), load_default=None)


class PlanForm(StrictSchema):
    """Up to five visits of the week's pattern; a row without services is not one."""

    starts_on = a_day(required=True)
    note = ma.fields.String(load_default="", validate=ma.validate.Length(max=400))


class PlanItemForm(StrictSchema):
    services = ma.fields.List(ma.fields.String(), required=True)
    weekdays = ma.fields.List(
        ma.fields.Integer(validate=ma.validate.Range(min=1, max=7)),
        required=True,
        validate=ma.validate.Length(min=1),
    )
    starts = ma.fields.Time(format="%H:%M", required=True)
    worker = a_number(required=True)
