"""A caregiver's own reminders."""

import marshmallow as ma

from server.web.answers import AnswerSchema


class ReminderSchema(AnswerSchema):
    id = ma.fields.Integer()
    kind = ma.fields.String(metadata={"description": "What it is about, for instance `contract`."})
    about_on = ma.fields.Date(metadata={"description": "The day it is about."})
    reminded_on = ma.fields.Date()
    state = ma.fields.String(metadata={"description": "`open`, `done` or `over`."})
    done_on = ma.fields.Date(allow_none=True)
    site_name = ma.fields.String()
    site_phone = ma.fields.String(allow_none=True)
    programme = ma.fields.String(allow_none=True)
    missing = ma.fields.List(
        ma.fields.String(),
        metadata={
            "description": "`degree`, `contract`, `payee`, `certificate`, `certificate_proof`."
        },
    )
    number = ma.fields.Integer(allow_none=True, metadata={"description": "Of the instalment."})
    days = ma.fields.Integer(allow_none=True, metadata={"description": "Days at work so far."})
    hours = ma.fields.Integer(allow_none=True, metadata={"description": "Hours learned so far."})
    needed = ma.fields.Integer(allow_none=True, metadata={"description": "Days or hours needed."})


class RemindersSchema(AnswerSchema):
    items = ma.fields.List(ma.fields.Nested(ReminderSchema))
