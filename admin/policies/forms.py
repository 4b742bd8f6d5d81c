"""What is asked for and typed in about policies."""

import marshmallow as ma

from admin.homecare.forms import A_REASON, a_day, a_number
from server.web.blueprints import StrictSchema


class DayFilters(StrictSchema):
    on = a_day(load_default=None)


class NoFilters(StrictSchema):
    """A page that has nothing to choose."""


class ComparisonFilters(StrictSchema):
    old = a_number(required=True)
    new = a_number(required=True)


class ProposeForm(StrictSchema):
    starts_on = a_day(required=True)


class RefuseForm(StrictSchema):
    words = ma.fields.String(required=True, validate=A_REASON)


class ActivateForm(StrictSchema):
    """`reopens`: months that were reckoned are known to be put right by differences."""

    reopens = ma.fields.Boolean(load_default=False)


class NoForm(StrictSchema):
    """A button alone."""
