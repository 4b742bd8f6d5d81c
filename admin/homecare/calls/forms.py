"""What is asked and typed in about calls back."""

import marshmallow as ma

from admin.homecare.forms import a_month, a_number
from server.homecare.callbacks.models import CallResult, CallState, TryOutcome
from server.homecare.callbacks.rules import Content, Did, Stayed, There
from server.web.blueprints import StrictSchema


class DrawForm(StrictSchema):
    """Which month of which county, of one provider or of all, and the public seed."""

    month = a_month(required=True)
    county = ma.fields.String(required=True, validate=ma.validate.Regexp(r"^\d{6}$"))
    provider = a_number(load_default=None)
    seed = ma.fields.String(required=True, validate=ma.validate.Length(min=4, max=64))


class CallFilters(StrictSchema):
    site_id = a_number(load_default=None)
    result = ma.fields.Enum(CallResult, by_value=True, load_default=None)
    state = ma.fields.Enum(CallState, by_value=True, load_default=None)


class AnswerForm(StrictSchema):
    """What somebody said on the phone, question by question."""

    there = ma.fields.Enum(There, by_value=True, required=True)
    stayed = ma.fields.Enum(Stayed, by_value=True, load_default=Stayed.UNKNOWN)
    did = ma.fields.Enum(Did, by_value=True, load_default=Did.UNKNOWN)
    content = ma.fields.Enum(Content, by_value=True, load_default=Content.UNKNOWN)
    remark = ma.fields.String(load_default="", validate=ma.validate.Length(max=400))


class TryForm(StrictSchema):
    try_outcome = ma.fields.Enum(
        TryOutcome,
        by_value=True,
        required=True,
        validate=ma.validate.NoneOf([TryOutcome.TALKED]),
    )
