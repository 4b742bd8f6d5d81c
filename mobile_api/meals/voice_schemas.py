"""Faces, words and announcements as a phone reads them."""

import marshmallow as ma

from server.meals.voices.models import MealVoiceKind, ToldKind
from server.web.answers import AnswerSchema
from server.web.blueprints import StrictSchema


class RateMealSchema(StrictSchema):
    score = ma.fields.Integer(
        required=True, strict=True, validate=ma.validate.Range(min=1, max=3),
        metadata={"description": "3 good, 2 so-so, 1 bad."},
    )  # fmt: skip


class SayMealVoiceSchema(StrictSchema):
    kind = ma.fields.Enum(MealVoiceKind, by_value=True, required=True)
    words = ma.fields.String(load_default="", validate=ma.validate.Length(max=400))


class MealNotSolvedSchema(StrictSchema):
    words = ma.fields.String(load_default="", validate=ma.validate.Length(max=400))


class MealVoiceSchema(AnswerSchema):
    """What was said, and what was answered; `can_follow_up` while it can be called not solved."""

    id = ma.fields.Integer()
    kind = ma.fields.String()
    booking_id = ma.fields.Integer(allow_none=True)
    words = ma.fields.String()
    said_at = ma.fields.AwareDateTime()
    due_on = ma.fields.Date()
    answer = ma.fields.String()
    answered_at = ma.fields.AwareDateTime(allow_none=True)
    resident_name = ma.fields.String(allow_none=True)
    site_name = ma.fields.String()
    is_with_county = ma.fields.Boolean()
    can_follow_up = ma.fields.Boolean()


class MealVoicesSchema(AnswerSchema):
    items = ma.fields.List(ma.fields.Nested(MealVoiceSchema))


class MealRatingSchema(AnswerSchema):
    """The face given to a meal, None before; `can_rate` while it may be given or changed."""

    score = ma.fields.Integer(allow_none=True)
    can_rate = ma.fields.Boolean()
    items = ma.fields.List(ma.fields.Nested(MealVoiceSchema))


class MealNoticeSchema(AnswerSchema):
    id = ma.fields.Integer()
    title = ma.fields.String()
    words = ma.fields.String()
    starts_on = ma.fields.Date()
    ends_on = ma.fields.Date()
    is_of_county = ma.fields.Boolean()
    is_read = ma.fields.Boolean(metadata={"description": "By this account; helpers apart."})


class MealNoticesSchema(AnswerSchema):
    items = ma.fields.List(ma.fields.Nested(MealNoticeSchema))


class AnnouncementSchema(AnswerSchema):
    """Words of a canteen or its county; or, as `closure`, a day on which a canteen serves nothing,
    or one `meal` less, with the reason as `words`."""

    kind = ma.fields.Enum(ToldKind, by_value=True)
    id = ma.fields.Integer()
    canteen_name = ma.fields.String(
        allow_none=True, metadata={"description": "None where a county speaks to all."}
    )
    title = ma.fields.String()
    words = ma.fields.String()
    starts_on = ma.fields.Date()
    ends_on = ma.fields.Date()
    meal = ma.fields.String(allow_none=True)
    is_read = ma.fields.Boolean()


class AnnouncementsSchema(AnswerSchema):
    """The latest first; `unread` is how many of them this account has not opened."""

    unread = ma.fields.Integer()
    items = ma.fields.List(ma.fields.Nested(AnnouncementSchema))
