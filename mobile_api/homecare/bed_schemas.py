"""Beds at home as a phone reads them. Money is whole fen."""

import marshmallow as ma

from server.web.answers import AnswerSchema
from server.web.blueprints import StrictSchema
from server.web.keys import an_id


class ApplyForHomeBedSchema(StrictSchema):
    resident_id = an_id()
    wishes = ma.fields.String(load_default="", validate=ma.validate.Length(max=400))


class HomeBedStepSchema(AnswerSchema):
    """One stage of the way: `done_on` is null for what is still to come."""

    state = ma.fields.String()
    done_on = ma.fields.Date(allow_none=True)
    is_now = ma.fields.Boolean()


class HomeBedAgreementSchema(AnswerSchema):
    """`ends_on` is the first day that is not agreed any more."""

    starts_on = ma.fields.Date()
    ends_on = ma.fields.Date()
    monthly_fee_fen = ma.fields.Integer()
    own_pay_fen = ma.fields.Integer()


class HomeAlarmSchema(AnswerSchema):
    """A call for help of the last month. `waited_seconds` is how long until somebody had it in
    hand, null while nobody has; `answered_by` is their family name."""

    id = ma.fields.Integer()
    kind = ma.fields.String()
    raised_at = ma.fields.AwareDateTime()
    signals = ma.fields.Integer()
    is_over = ma.fields.Boolean()
    waited_seconds = ma.fields.Integer(allow_none=True)
    answered_by = ma.fields.String(allow_none=True)
    outcome = ma.fields.String(allow_none=True)


class HomeBedSchema(AnswerSchema):
    """`due_on` is the day by which the present stage is to be over; null where it may last."""

    id = ma.fields.Integer()
    resident_id = ma.fields.Integer()
    resident_name = ma.fields.String(allow_none=True)
    state = ma.fields.String()
    since = ma.fields.Date()
    due_on = ma.fields.Date(allow_none=True)
    applied_at = ma.fields.AwareDateTime()
    site_name = ma.fields.String(allow_none=True)
    site_phone = ma.fields.String(allow_none=True)
    pause_reason = ma.fields.String(allow_none=True)
    ended_on = ma.fields.Date(allow_none=True)
    end_reason = ma.fields.String(allow_none=True)
    end_note = ma.fields.String()
    can_withdraw = ma.fields.Boolean()


class OneHomeBedSchema(HomeBedSchema):
    steps = ma.fields.List(ma.fields.Nested(HomeBedStepSchema))
    agreement = ma.fields.Nested(HomeBedAgreementSchema, allow_none=True)
    alarms = ma.fields.List(ma.fields.Nested(HomeAlarmSchema))


class HomeBedsSchema(AnswerSchema):
    items = ma.fields.List(ma.fields.Nested(HomeBedSchema))
