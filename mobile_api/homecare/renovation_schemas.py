"""Renovations of homes as a phone reads them. Money is whole fen."""

import marshmallow as ma

from server.web.answers import AnswerSchema
from server.web.blueprints import StrictSchema
from server.web.keys import an_id


class ApplyForRenovationSchema(StrictSchema):
    """Without an address it is the one in the register."""

    resident_id = an_id()
    address = ma.fields.String(load_default="", validate=ma.validate.Length(max=300))
    wishes = ma.fields.String(load_default="", validate=ma.validate.Length(max=400))
    has_trade_in = ma.fields.Boolean(load_default=False)


class RenovationAnswerSchema(StrictSchema):
    """`quote_id` is the quote that was seen: another one since then is refused."""

    quote_id = an_id()


class RenovationRefusalSchema(RenovationAnswerSchema):
    reason = ma.fields.String(load_default="", validate=ma.validate.Length(max=200))


class RenovationRatingSchema(StrictSchema):
    score = ma.fields.Integer(required=True, validate=ma.validate.Range(1, 5))
    words = ma.fields.String(load_default="", validate=ma.validate.Length(max=200))


class RenovationStageSchema(AnswerSchema):
    """One stage of the way: `done_on` is null for what is still to come."""

    state = ma.fields.String()
    done_on = ma.fields.Date(allow_none=True)
    is_now = ma.fields.Boolean()


class RenovationLineSchema(AnswerSchema):
    room = ma.fields.String()
    item_name = ma.fields.String()
    quantity = ma.fields.Integer()
    price_fen = ma.fields.Integer()
    sum_fen = ma.fields.Integer()


class RenovationOfferSchema(AnswerSchema):
    """`cost_fen` is `grant_fen` and `own_pay_fen` together, always."""

    id = ma.fields.Integer()
    state = ma.fields.String()
    cost_fen = ma.fields.Integer()
    grant_fen = ma.fields.Integer()
    own_pay_fen = ma.fields.Integer()
    note = ma.fields.String()
    lines = ma.fields.List(ma.fields.Nested(RenovationLineSchema))


class RenovationPictureSchema(AnswerSchema):
    file_id = ma.fields.Integer()
    phase = ma.fields.String()
    room = ma.fields.String()
    recorded_at = ma.fields.AwareDateTime()


class RenovationPictureContentSchema(AnswerSchema):
    """`picture` is a data address, since an image cannot carry a token."""

    picture = ma.fields.String()


class RenovationSchema(AnswerSchema):
    """`due_on` is the day by which the present stage is to be over; null where it may last."""

    id = ma.fields.Integer()
    resident_id = ma.fields.Integer()
    resident_name = ma.fields.String(allow_none=True)
    state = ma.fields.String()
    since = ma.fields.Date()
    due_on = ma.fields.Date(allow_none=True)
    applied_at = ma.fields.AwareDateTime()
    address = ma.fields.String()
    site_name = ma.fields.String(allow_none=True)
    site_phone = ma.fields.String(allow_none=True)
    score = ma.fields.Integer(allow_none=True)
    ended_on = ma.fields.Date(allow_none=True)
    end_reason = ma.fields.String(allow_none=True)
    end_note = ma.fields.String()
    can_withdraw = ma.fields.Boolean()
    can_rate = ma.fields.Boolean()


class OneRenovationSchema(RenovationSchema):
    steps = ma.fields.List(ma.fields.Nested(RenovationStageSchema))
    quote = ma.fields.Nested(RenovationOfferSchema, allow_none=True)
    pictures = ma.fields.List(ma.fields.Nested(RenovationPictureSchema))


class RenovationsSchema(AnswerSchema):
    items = ma.fields.List(ma.fields.Nested(RenovationSchema))
