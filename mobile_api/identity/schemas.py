"""Signing in, and who the account acts for."""

import marshmallow as ma

from server.i18n.catalogues import LANGUAGES
from server.web.answers import AnswerSchema
from server.web.blueprints import StrictSchema


class AskForCodeSchema(StrictSchema):
    phone = ma.fields.String(required=True, validate=ma.validate.Length(min=5, max=30))


class CodeAskedSchema(AnswerSchema):
    sent_to = ma.fields.String(metadata={"description": "The phone, masked."})
    expires_at = ma.fields.AwareDateTime()
    resend_at = ma.fields.AwareDateTime()
    demo_code = ma.fields.String(metadata={"description": "Only where the city is a demo."})


class SignInSchema(StrictSchema):
    phone = ma.fields.String(required=True, validate=ma.validate.Length(min=5, max=30))
    code = ma.fields.String(required=True, validate=ma.validate.Length(min=1, max=20))
    device_label = ma.fields.String(load_default="", validate=ma.validate.Length(max=80))


class ActedForSchema(AnswerSchema):
    id = ma.fields.Integer()
    name = ma.fields.String()
    is_self = ma.fields.Boolean()
    relation = ma.fields.String()
    age = ma.fields.Integer()
    hardship_tier = ma.fields.String()
    village_name = ma.fields.String()
    usual_canteen_id = ma.fields.Integer(allow_none=True)


class CitySchema(AnswerSchema):
    code = ma.fields.String()
    name = ma.fields.String()


class MeSchema(AnswerSchema):
    id = ma.fields.Integer()
    phone_masked = ma.fields.String()
    language = ma.fields.String()
    residents = ma.fields.List(ma.fields.Nested(ActedForSchema))
    hotline = ma.fields.String()
    city = ma.fields.Nested(CitySchema)
    is_demo = ma.fields.Boolean()


class SignedInSchema(AnswerSchema):
    token = ma.fields.String()
    expires_at = ma.fields.AwareDateTime()
    account = ma.fields.Nested(MeSchema)


class ChooseLanguageSchema(StrictSchema):
    language = ma.fields.String(required=True, validate=ma.validate.OneOf(LANGUAGES))
