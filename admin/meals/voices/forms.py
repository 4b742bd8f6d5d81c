"""Filters and forms of what eaters say and of announcements."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma

from admin.meals.settlement.forms import A_CALENDARS, a_month, a_number
from server.meals.voices.models import MealVoiceKind
from server.web.blueprints import StrictSchema


class VoiceFilters(StrictSchema):
    month = a_month(load_default=None)
    site_id = a_number(load_default=None)
    kind = ma.fields.Enum(MealVoiceKind, by_value=True, load_default=None)
    is_late = ma.fields.Boolean(load_default=False)
    is_open = ma.fields.Boolean(load_default=False)


class SatisfactionFilters(StrictSchema):
    month = a_month(load_default=None)


class AnswerForm(StrictSchema):
    answer = ma.fields.String(required=True, validate=ma.validate.Length(min=2, max=400))


class HandOnForm(StrictSchema):
    handed_words = ma.fields.String(load_default="", validate=ma.validate.Length(max=200))


class NoticeForm(StrictSchema):
    """Of a canteen; without one, of the whole place that the office is over."""

    site_id = a_number(load_default=None, allow_none=True)
    title = ma.fields.String(required=True, validate=ma.validate.Length(min=2, max=40))
    words = ma.fields.String(required=True, validate=ma.validate.Length(min=2, max=400))
    starts_on = ma.fields.Date(format="%Y-%m-%d", required=True, validate=A_CALENDARS)
    ends_on = ma.fields.Date(format="%Y-%m-%d", required=True, validate=A_CALENDARS)

    @ma.validates_schema
    def check_order(self, given: Mapping[str, Any], **_: Any) -> None:
        """The last day is not before the first."""
        if {"starts_on", "ends_on"} <= given.keys() and given["ends_on"] < given["starts_on"]:
            raise ma.ValidationError({"ends_on": ["Not a valid date."]})
