"""Wallets, and what the city adds to a meal, as a phone reads them. Money is whole fen."""

import marshmallow as ma

from server.web.answers import AnswerSchema
from server.web.blueprints import StrictSchema


class WalletLineSchema(AnswerSchema):
    id = ma.fields.Integer()
    receipt = ma.fields.String()
    move = ma.fields.String()
    amount_fen = ma.fields.Integer()
    balance_fen = ma.fields.Integer()
    made_at = ma.fields.AwareDateTime()
    meal = ma.fields.String(allow_none=True)
    service_on = ma.fields.Date(allow_none=True)
    is_reversed = ma.fields.Boolean()


class WalletSchema(AnswerSchema):
    id = ma.fields.Integer()
    canteen_id = ma.fields.Integer()
    canteen_name = ma.fields.String()
    canteen_phone = ma.fields.String(allow_none=True)
    is_open = ma.fields.Boolean()
    resident_id = ma.fields.Integer()
    resident_name = ma.fields.String()
    balance_fen = ma.fields.Integer()
    refund_asked = ma.fields.Boolean()


class WholeWalletSchema(WalletSchema):
    refund_refused = ma.fields.String(
        allow_none=True, metadata={"description": "Why the last request for a refund was refused."}
    )
    lines = ma.fields.List(ma.fields.Nested(WalletLineSchema))


class WalletsSchema(AnswerSchema):
    items = ma.fields.List(ma.fields.Nested(WalletSchema))


class AskForRefundSchema(StrictSchema):
    reason = ma.fields.String(load_default="", validate=ma.validate.Length(max=200))


class MealRateSchema(AnswerSchema):
    code = ma.fields.String()
    text = ma.fields.String()
    fen = ma.fields.Integer(allow_none=True)
    percent = ma.fields.Integer(allow_none=True)
    elder_pays_fen = ma.fields.Integer(allow_none=True)


class MealRatesSchema(AnswerSchema):
    meal = ma.fields.String()
    on_workdays = ma.fields.List(ma.fields.Nested(MealRateSchema))
    on_other_days = ma.fields.List(ma.fields.Nested(MealRateSchema))


class MealEntitlementSchema(AnswerSchema):
    resident_id = ma.fields.Integer()
    age = ma.fields.Integer()
    meals = ma.fields.List(ma.fields.Nested(MealRatesSchema))
    meals_a_day = ma.fields.Integer()
    is_for_the_day = ma.fields.Boolean()
    day_fen = ma.fields.Integer(allow_none=True)
    documents = ma.fields.List(ma.fields.String())
