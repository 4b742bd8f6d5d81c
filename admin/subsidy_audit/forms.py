"""Filters of the auditor's desk; they live in the address."""

from typing import Any

import marshmallow as ma

from admin.homecare.forms import a_day, a_month
from server.web.blueprints import StrictSchema
from server.web.keys import LARGEST_KEY
from server.web.pages import PageArgs


class DeskFilters(StrictSchema):
    """`since` is the first of twelve months, and `known` the day as of which the desk looks."""

    since = a_month(load_default=None)
    known = a_day(load_default=None)

    @ma.pre_load
    def without_empty(self, data: Any, **_: Any) -> Any:
        """A field left empty in the form is no filter."""
        return {name: value for name, value in data.items() if value != ""}


class ProgrammeFilters(DeskFilters):
    month = a_month(load_default=None)


class LineArgs(ProgrammeFilters, PageArgs):
    limit = ma.fields.Integer(load_default=100, validate=ma.validate.Range(min=1, max=200))


class LineFilters(StrictSchema):
    """`start` is how many rows of the evidence come before those shown."""

    known = a_day(load_default=None)
    start = ma.fields.Integer(load_default=0, validate=ma.validate.Range(min=0, max=10_000_000))


class BindForm(StrictSchema):
    run = ma.fields.Integer(required=True, validate=ma.validate.Range(min=1, max=LARGEST_KEY))
    size = ma.fields.Integer(required=True, validate=ma.validate.Range(min=1, max=2000))
    bands = ma.fields.Integer(required=True, validate=ma.validate.OneOf([1, 3]))
    seed = ma.fields.String(required=True, validate=ma.validate.Length(min=12, max=100))


class DrawForm(StrictSchema):
    seed = ma.fields.String(required=True, validate=ma.validate.Length(min=1, max=100))


class ResultForm(StrictSchema):
    """What a line should have been, in yuan."""

    amount = ma.fields.Decimal(
        required=True, places=2, validate=ma.validate.Range(min=0, max=99_999_999)
    )
    words = ma.fields.String(load_default="", validate=ma.validate.Length(max=200))
