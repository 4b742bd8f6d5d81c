"""What is asked for and typed in about entitlements, orders and samples."""

import marshmallow as ma

from admin.homecare.forms import A_REASON, a_day, a_moment, a_month, a_number
from server.homecare.orders.models import CheckResult, OrderState
from server.homecare.vouchers.models import EntitlementEnd, EntitlementState, Programme
from server.web.blueprints import StrictSchema

# A death or a move is told where people are registered, not here.
BY_HAND = (EntitlementEnd.WITHDRAWN, EntitlementEnd.NOT_ENTITLED)


def a_programme(**given: object) -> ma.fields.Enum:
    return ma.fields.Enum(Programme, by_value=True, **given)  # type: ignore[arg-type]


class EntitlementFilters(StrictSchema):
    state = ma.fields.Enum(EntitlementState, by_value=True, load_default=None)
    programme = a_programme(load_default=None)


class AmountFilters(StrictSchema):
    month = a_month(load_default=None)
    programme = a_programme(load_default=None)


class AskForm(StrictSchema):
    resident = a_number(required=True)
    programme = a_programme(required=True)
    gets_care_allowance = ma.fields.Boolean(load_default=False)


class EntitlementNoteForm(StrictSchema):
    note = ma.fields.String(load_default="", validate=ma.validate.Length(max=200))


class RefusalForm(StrictSchema):
    reason = ma.fields.String(required=True, validate=A_REASON)


class StopForm(StrictSchema):
    end_reason = ma.fields.Enum(
        EntitlementEnd, by_value=True, required=True, validate=ma.validate.OneOf(BY_HAND)
    )
    note = ma.fields.String(load_default="", validate=ma.validate.Length(max=200))


class OrderFilters(StrictSchema):
    month = a_month(load_default=None)
    day = a_day(load_default=None)
    state = ma.fields.Enum(OrderState, by_value=True, load_default=None)
    programme = a_programme(load_default=None)
    site_id = a_number(load_default=None, data_key="site")


class AssignForm(StrictSchema):
    worker = a_number(required=True)
    starts_at = a_moment()


class CancelOrderForm(StrictSchema):
    cancel_reason = ma.fields.String(required=True, validate=A_REASON)


class WhoseOrder(StrictSchema):
    resident = a_number(required=True)


class OrderForm(StrictSchema):
    """`look` is pressed to see the split, and nothing is ordered."""

    resident = a_number(required=True)
    site = a_number(required=True)
    services = ma.fields.List(
        ma.fields.String(), required=True, validate=ma.validate.Length(min=1, max=6)
    )
    starts_at = a_moment()
    look = ma.fields.Boolean(load_default=False)


class MonthFilters(StrictSchema):
    month = a_month(load_default=None)


class CheckFilters(StrictSchema):
    county = ma.fields.String(load_default=None, validate=ma.validate.Regexp(r"[0-9]{6}\Z"))
    month = a_month(load_default=None)


class DrawForm(StrictSchema):
    county = ma.fields.String(required=True, validate=ma.validate.Regexp(r"[0-9]{6}\Z"))
    month = a_month(required=True)
    seed = ma.fields.String(required=True, validate=ma.validate.Length(min=4, max=80))


class CheckForm(StrictSchema):
    result = ma.fields.Enum(CheckResult, by_value=True, required=True)
    note = ma.fields.String(load_default="", validate=ma.validate.Length(max=400))
