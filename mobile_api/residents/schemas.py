"""What an account may change for a resident."""

import marshmallow as ma

from server.residents.models import HelperScope, Relation
from server.web.answers import AnswerSchema
from server.web.blueprints import NameField, StrictSchema
from server.web.keys import an_id


class ChooseUsualCanteenSchema(StrictSchema):
    canteen_id = an_id()


class UsualCanteenSchema(AnswerSchema):
    resident_id = ma.fields.Integer()
    usual_canteen_id = ma.fields.Integer()


class NameHelperSchema(StrictSchema):
    """Somebody whom the resident lets act for her; what they may do is `scopes`."""

    phone = ma.fields.String(required=True, validate=ma.validate.Length(min=5, max=30))
    name = NameField(most=60, required=True)
    relation = ma.fields.Enum(Relation, by_value=True, required=True)
    scopes = ma.fields.List(
        ma.fields.Enum(HelperScope, by_value=True), load_default=lambda: [HelperScope.BOOK_MEALS]
    )


class OfferCodeSchema(StrictSchema):
    """What whoever uses the code may do."""

    scopes = ma.fields.List(
        ma.fields.Enum(HelperScope, by_value=True),
        required=True,
        validate=ma.validate.Length(min=1, max=len(HelperScope)),
    )


class HelperCodeSchema(AnswerSchema):
    code = ma.fields.String(metadata={"description": "Six digits, to be read out."})
    expires_at = ma.fields.AwareDateTime()


class UseCodeSchema(StrictSchema):
    code = ma.fields.String(required=True, validate=ma.validate.Length(min=6, max=12))
    name = ma.fields.String(required=True, validate=ma.validate.Length(min=1, max=60))
    relation = ma.fields.Enum(Relation, by_value=True, required=True)


class HelpedSchema(AnswerSchema):
    name = ma.fields.String(metadata={"description": "Whom one helps from now on."})


class HelperSchema(AnswerSchema):
    id = ma.fields.Integer()
    is_self = ma.fields.Boolean()
    name = ma.fields.String()
    relation = ma.fields.String(allow_none=True)
    scopes = ma.fields.List(ma.fields.String())
    starts_on = ma.fields.Date()
    ends_on = ma.fields.Date(allow_none=True)
    lasts = ma.fields.Boolean()


class HelpersSchema(AnswerSchema):
    items = ma.fields.List(ma.fields.Nested(HelperSchema))


class DoneForSchema(AnswerSchema):
    """One thing that was done for the resident; `by` is self, helper, staff or platform."""

    id = ma.fields.Integer()
    at = ma.fields.AwareDateTime()
    deed = ma.fields.String()
    by = ma.fields.String()
    name = ma.fields.String()
    reason = ma.fields.String(allow_none=True)


class DoneForPageSchema(AnswerSchema):
    items = ma.fields.List(ma.fields.Nested(DoneForSchema))
    next_cursor = ma.fields.String(allow_none=True)


class OpeningSchema(AnswerSchema):
    id = ma.fields.Integer()
    at = ma.fields.AwareDateTime()
    name = ma.fields.String()
    reason = ma.fields.String()
    is_export = ma.fields.Boolean(
        metadata={"description": "The person stood in a list that was taken along."}
    )


class OpeningsSchema(AnswerSchema):
    items = ma.fields.List(ma.fields.Nested(OpeningSchema))


class AbilityLevelSchema(AnswerSchema):
    """The level alone: what was answered stays with the offices."""

    resident_id = ma.fields.Integer()
    level = ma.fields.String(
        allow_none=True,
        metadata={
            "description": "`intact`, `mild`, `moderate`, `severe` or `total` by GB/T 42195-2022;"
            " null where no level holds today."
        },
    )
    assessed_on = ma.fields.Date(allow_none=True)
    valid_until = ma.fields.Date(
        allow_none=True, metadata={"description": "The last day on which the level holds."}
    )
    scale_version = ma.fields.String(allow_none=True)
