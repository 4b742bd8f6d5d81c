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
    id_digits = ma.fields.String(
        load_default=None,
        validate=ma.validate.Length(max=20),
        metadata={
            "description": "The last six characters of the holder's ID number, where they are asked"
            " for by the problem id-digits-needed."
        },
    )


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
    is_notice_due = ma.fields.Boolean(
        metadata={"description": "The privacy notice in force was not agreed to yet: show it."}
    )
    unread_messages = ma.fields.Integer()


class SignedInSchema(AnswerSchema):
    token = ma.fields.String()
    expires_at = ma.fields.AwareDateTime()
    account = ma.fields.Nested(MeSchema)


class DeviceSchema(AnswerSchema):
    id = ma.fields.Integer()
    device_label = ma.fields.String(metadata={"description": "Empty where it is not known."})
    created_at = ma.fields.AwareDateTime()
    last_used_at = ma.fields.AwareDateTime(metadata={"description": "To the hour."})
    is_current = ma.fields.Boolean()


class DevicesSchema(AnswerSchema):
    items = ma.fields.List(ma.fields.Nested(DeviceSchema))


class ChooseLanguageSchema(StrictSchema):
    language = ma.fields.String(required=True, validate=ma.validate.OneOf(LANGUAGES))
