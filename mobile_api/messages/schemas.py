"""Messages, wishes and devices as a phone reads and writes them."""

import marshmallow as ma

from server.notifications.kinds import Topic
from server.notifications.models import Channel, Platform, PushDeviceKind
from server.web.answers import AnswerSchema
from server.web.blueprints import StrictSchema


class MessageSchema(AnswerSchema):
    """A message in the account's inbox, in its language of now."""

    id = ma.fields.Integer()
    topic = ma.fields.Enum(Topic, by_value=True)
    context = ma.fields.String(metadata={"description": "Which part of the platform wrote it."})
    text = ma.fields.String(metadata={"description": "Empty where its words are gone."})
    at = ma.fields.AwareDateTime()
    is_seen = ma.fields.Boolean()


class MessagesSchema(AnswerSchema):
    """The latest first; `unread` counts all that were not opened."""

    items = ma.fields.List(ma.fields.Nested(MessageSchema))
    unread = ma.fields.Integer()
    next_cursor = ma.fields.String(allow_none=True)


class MessageWishSchema(AnswerSchema):
    topic = ma.fields.Enum(Topic, by_value=True)
    channel = ma.fields.Enum(Channel, by_value=True)
    is_wanted = ma.fields.Boolean()
    is_choosable = ma.fields.Boolean(
        metadata={"description": "What concerns safety and money is always sent."}
    )


class MessageWishesSchema(AnswerSchema):
    items = ma.fields.List(ma.fields.Nested(MessageWishSchema))


class ChooseMessagesSchema(StrictSchema):
    topic = ma.fields.Enum(Topic, by_value=True, required=True)
    channel = ma.fields.Enum(Channel, by_value=True, required=True)
    is_wanted = ma.fields.Boolean(required=True, truthy={True}, falsy={False})


class PushDeviceSchema(StrictSchema):
    """The name that Firebase gave to an installation of the app."""

    kind = ma.fields.Enum(PushDeviceKind, by_value=True, required=True)
    value = ma.fields.String(required=True, validate=ma.validate.Length(min=8, max=400))
    platform = ma.fields.Enum(Platform, by_value=True, required=True)


class ForgetPushDeviceSchema(StrictSchema):
    value = ma.fields.String(required=True, validate=ma.validate.Length(min=8, max=400))


class PushConfigSchema(AnswerSchema):
    """What a page needs to take pushes; nothing where the city has none."""

    is_configured = ma.fields.Boolean()
    settings = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String())
