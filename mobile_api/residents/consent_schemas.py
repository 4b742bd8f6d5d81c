"""What people agree to, and what they have agreed to."""

import marshmallow as ma

from server.residents.consents.models import Purpose
from server.web.answers import AnswerSchema
from server.web.blueprints import StrictSchema
from server.web.keys import LARGEST_KEY


class ConsentTextSchema(AnswerSchema):
    purpose = ma.fields.String()
    version = ma.fields.Integer()
    title = ma.fields.String()
    summary = ma.fields.String()
    stops = ma.fields.String(metadata={"description": "What no longer works without it."})
    body = ma.fields.String(metadata={"description": "A paragraph a line."})


class ConsentSchema(AnswerSchema):
    """One thing that is asked, of one person; `id` and `given_at` are null until it is given."""

    id = ma.fields.Integer(allow_none=True)
    purpose = ma.fields.String()
    resident_id = ma.fields.Integer(
        allow_none=True, metadata={"description": "Null for the notice, which is the account's."}
    )
    name = ma.fields.String()
    title = ma.fields.String()
    summary = ma.fields.String()
    stops = ma.fields.String()
    version = ma.fields.Integer(metadata={"description": "The version in force."})
    given_at = ma.fields.AwareDateTime(allow_none=True)
    how = ma.fields.String(allow_none=True)
    is_given = ma.fields.Boolean(
        metadata={"description": "False too where an older text was agreed to."}
    )


class ConsentsSchema(AnswerSchema):
    items = ma.fields.List(ma.fields.Nested(ConsentSchema))


class AgreementSchema(StrictSchema):
    purpose = ma.fields.Enum(Purpose, by_value=True, required=True)
    version = ma.fields.Integer(
        required=True, strict=True, validate=ma.validate.Range(min=1, max=10_000)
    )
    resident_id = ma.fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=ma.validate.Range(min=1, max=LARGEST_KEY),
    )


class AgreeSchema(StrictSchema):
    """All that was agreed to on one screen; what is not named was not agreed to."""

    items = ma.fields.List(
        ma.fields.Nested(AgreementSchema),
        required=True,
        validate=ma.validate.Length(min=1, max=20),
    )
