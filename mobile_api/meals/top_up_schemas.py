"""Paying in by phone, as a phone reads and asks it. Money is whole fen."""

import marshmallow as ma

from server.ledger.service import MOST_FEN
from server.web.answers import AnswerSchema
from server.web.blueprints import StrictSchema
from server.web.keys import an_id, an_optional_id_in_query


class TopUpChoicesArgs(StrictSchema):
    canteen_id = an_optional_id_in_query()


class TopUpChoicesSchema(AnswerSchema):
    canteen_name = ma.fields.String()
    is_on = ma.fields.Boolean(metadata={"description": "False where nobody pays by phone here."})
    balance_fen = ma.fields.Integer()
    tiles_fen = ma.fields.List(ma.fields.Integer())
    least_fen = ma.fields.Integer()
    most_fen = ma.fields.Integer()


class AskTopUpSchema(StrictSchema):
    resident_id = an_id()
    canteen_id = an_id()
    amount_fen = ma.fields.Integer(
        required=True, strict=True, validate=ma.validate.Range(min=1, max=MOST_FEN)
    )


class TopUpSchema(AnswerSchema):
    id = ma.fields.Integer()
    number = ma.fields.String(metadata={"description": "Printed on the receipt."})
    state = ma.fields.String(
        metadata={"description": "opened, waiting, paid, refused, expired or returned"}
    )
    amount_fen = ma.fields.Integer()
    refunded_fen = ma.fields.Integer()
    pay_url = ma.fields.String(metadata={"description": "Where to pay while it is waiting."})
    asked_at = ma.fields.AwareDateTime()
    expires_at = ma.fields.AwareDateTime()
    paid_at = ma.fields.AwareDateTime(allow_none=True)
    resident_id = ma.fields.Integer()
    canteen_id = ma.fields.Integer()
    canteen_name = ma.fields.String()
    canteen_phone = ma.fields.String(allow_none=True)
    wallet_id = ma.fields.Integer(allow_none=True)
    balance_fen = ma.fields.Integer(allow_none=True)


class TopUpsSchema(AnswerSchema):
    items = ma.fields.List(ma.fields.Nested(TopUpSchema))
