"""What the pages of messages are sent."""

import marshmallow as ma

from server.notifications.kinds import Topic
from server.notifications.models import CallOutcome, Channel, MessageStatus
from server.web.blueprints import StrictSchema
from server.web.pages import PageArgs


class SentFilters(StrictSchema):
    topic = ma.fields.Enum(Topic, by_value=True, load_default=None)
    status = ma.fields.Enum(MessageStatus, by_value=True, load_default=None)
    channel = ma.fields.Enum(Channel, by_value=True, load_default=None)
    day = ma.fields.Date(load_default=None)


class SentArgs(SentFilters, PageArgs):
    limit = ma.fields.Integer(load_default=50, validate=ma.validate.Range(min=1, max=100))


class CallFilters(StrictSchema):
    village = ma.fields.String(load_default=None, validate=ma.validate.Regexp(r"^\d{4,12}$"))


class TextFilters(StrictSchema):
    topic = ma.fields.Enum(Topic, by_value=True, load_default=None)


class ReasonForm(StrictSchema):
    reason = ma.fields.String(required=True, validate=ma.validate.Length(min=2, max=200))


class OpenAllForm(ReasonForm):
    village = ma.fields.String(load_default=None, validate=ma.validate.Regexp(r"^\d{4,12}$"))


class OutcomeForm(StrictSchema):
    outcome = ma.fields.Enum(CallOutcome, by_value=True, required=True)


class WishForm(StrictSchema):
    topic = ma.fields.Enum(Topic, by_value=True, required=True)
    channel = ma.fields.Enum(Channel, by_value=True, required=True)
    wanted = ma.fields.String(required=True, validate=ma.validate.OneOf(["yes", "no"]))


class AddressForm(StrictSchema):
    address = ma.fields.Email(load_default=None, validate=ma.validate.Length(max=200))
