"""Filters of the canteen's pages, and the code that is keyed in."""

import unicodedata
from datetime import date
from typing import Any

import marshmallow as ma

from server.meals.models import BookingStatus
from server.meals.viability.rules import Standing
from server.web.blueprints import StrictSchema
from server.web.keys import LARGEST_KEY


class CanteenArgs(StrictSchema):
    canteen = ma.fields.Integer(load_default=None)


class DinersArgs(StrictSchema):
    search = ma.fields.String(load_default="", validate=ma.validate.Length(max=60))
    status = ma.fields.Enum(BookingStatus, by_value=True, load_default=None)


class ServeArgs(CanteenArgs):
    code = ma.fields.String(load_default="", validate=ma.validate.Length(max=20))


class TakeBackMealForm(StrictSchema):
    """Which meal was handed out by mistake, and why."""

    canteen = ma.fields.Integer(load_default=None)
    booking = ma.fields.Integer(required=True, validate=ma.validate.Range(min=1, max=LARGEST_KEY))
    reason = ma.fields.String(required=True, validate=ma.validate.Length(min=1, max=200))


class ServeForm(StrictSchema):
    """Six digits, however they were typed: `482 913`, `482-913`, full width."""

    canteen = ma.fields.Integer(load_default=None)
    code = ma.fields.String(required=True, validate=ma.validate.Regexp(r"^[0-9]{6}\Z"))

    @ma.pre_load
    def read_digits(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Leave out what people and keyboards put between the digits."""
        if "code" not in given:
            return given
        typed = unicodedata.normalize("NFKC", given["code"])
        return given | {
            "code": "".join(sign for sign in typed if not sign.isspace() and sign != "-")
        }


class RoundsForm(StrictSchema):
    """Carriers as they were typed, one a line."""

    canteen = ma.fields.Integer(load_default=None)
    sitting = ma.fields.Integer(required=True)
    carriers = ma.fields.List(
        ma.fields.String(), required=True, validate=ma.validate.Length(min=1, max=20)
    )

    @ma.pre_load
    def read_lines(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Empty lines name nobody."""
        typed = given.get("carriers", "")
        lines = typed if isinstance(typed, str) else "\n".join(typed)
        return given | {"carriers": [line.strip() for line in lines.splitlines() if line.strip()]}


class OverviewArgs(StrictSchema):
    division = ma.fields.String(load_default=None, validate=ma.validate.Regexp(r"^\d{4,12}\Z"))


class WeekArgs(StrictSchema):
    week = ma.fields.Date(
        load_default=None, validate=ma.validate.Range(min=date(2000, 1, 1), max=date(2100, 1, 1))
    )


class ViabilityFilters(StrictSchema):
    standing = ma.fields.Enum(Standing, by_value=True, load_default=None)
    county = ma.fields.String(load_default=None, validate=ma.validate.Regexp(r"^[0-9]{6}\Z"))
