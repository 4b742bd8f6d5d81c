"""Vouchers and orders of service at home as a phone reads them. Money is whole fen."""

import marshmallow as ma

from mobile_api.homecare.schemas import TaskSchema
from server.homecare.vouchers.models import Programme
from server.web.answers import AnswerSchema
from server.web.blueprints import StrictSchema
from server.web.keys import an_id, an_id_in_query

MOST_SERVICES = 6
A_CODE = ma.validate.Length(min=1, max=40)


class AllowanceSchema(AnswerSchema):
    """What somebody has of a programme this month; `left_fen` lapses after `until`."""

    resident_id = ma.fields.Integer()
    programme = ma.fields.String()
    month = ma.fields.Date()
    until = ma.fields.Date()
    amount_fen = ma.fields.Integer()
    reserved_fen = ma.fields.Integer()
    redeemed_fen = ma.fields.Integer()
    left_fen = ma.fields.Integer()


class EntitlementSchema(AnswerSchema):
    id = ma.fields.Integer()
    resident_id = ma.fields.Integer()
    resident_name = ma.fields.String(allow_none=True)
    programme = ma.fields.String()
    state = ma.fields.String()
    applied_at = ma.fields.AwareDateTime()
    starts_on = ma.fields.Date(allow_none=True)
    note = ma.fields.String()


class AllowancesSchema(AnswerSchema):
    allowances = ma.fields.List(ma.fields.Nested(AllowanceSchema))
    entitlements = ma.fields.List(ma.fields.Nested(EntitlementSchema))


class AskForEntitlementSchema(StrictSchema):
    resident_id = an_id()
    programme = ma.fields.Enum(Programme, by_value=True, required=True)
    gets_care_allowance = ma.fields.Boolean(
        load_default=False, truthy={True}, falsy={False},
        metadata={"description": "They get the allowance for care in an institution."},
    )  # fmt: skip


class ServiceChoiceSchema(AnswerSchema):
    code = ma.fields.String()
    name = ma.fields.String()
    category = ma.fields.String()
    minutes = ma.fields.Integer()
    price_fen = ma.fields.Integer()


class ProviderChoiceSchema(AnswerSchema):
    id = ma.fields.Integer()
    name = ma.fields.String()
    phone = ma.fields.String(allow_none=True)


class OrderChoicesSchema(AnswerSchema):
    services = ma.fields.List(ma.fields.Nested(ServiceChoiceSchema))
    providers = ma.fields.List(ma.fields.Nested(ProviderChoiceSchema))


class OrderQuoteArgs(StrictSchema):
    resident_id = an_id_in_query()
    services = ma.fields.String(
        required=True,
        validate=ma.validate.Regexp(r"[a-z_]{1,40}(,[a-z_]{1,40}){0,5}\Z"),
        metadata={"description": "Codes of services, with commas between them."},
    )
    day = ma.fields.Date(required=True)


class OrderSplitSchema(AnswerSchema):
    """Who pays what; the three parts are the bill."""

    minutes = ma.fields.Integer()
    bill_fen = ma.fields.Integer()
    purchased_fen = ma.fields.Integer()
    voucher_fen = ma.fields.Integer()
    own_fen = ma.fields.Integer()


class OrderCareSchema(StrictSchema):
    resident_id = an_id()
    site_id = an_id()
    services = ma.fields.List(
        ma.fields.String(validate=A_CODE),
        required=True,
        validate=ma.validate.Length(min=1, max=MOST_SERVICES),
    )
    starts_at = ma.fields.AwareDateTime(required=True)


class CareOrderSchema(OrderSplitSchema):
    id = ma.fields.Integer()
    resident_id = ma.fields.Integer()
    resident_name = ma.fields.String(allow_none=True)
    site_name = ma.fields.String()
    site_phone = ma.fields.String(allow_none=True)
    services = ma.fields.List(ma.fields.Nested(TaskSchema))
    service_on = ma.fields.Date()
    starts_at = ma.fields.AwareDateTime()
    state = ma.fields.String()
    visit_id = ma.fields.Integer(allow_none=True)
    worker_name = ma.fields.String(allow_none=True)
    cancel_reason = ma.fields.String()
    can_cancel = ma.fields.Boolean()


class CareOrdersSchema(AnswerSchema):
    items = ma.fields.List(ma.fields.Nested(CareOrderSchema))
