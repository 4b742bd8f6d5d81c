"""What the pages of the timetable and of reminders are sent."""

import marshmallow as ma

from server.caregivers.reminders.models import OF_CAREGIVERS, ReminderKind
from server.caregivers.reminders.queries import ReminderState
from server.web.blueprints import StrictSchema
from server.web.keys import LARGEST_KEY
from server.web.pages import PageArgs


class ComingFilters(StrictSchema):
    kind = ma.fields.Enum(ReminderKind, by_value=True, load_default=None)
    site_id = ma.fields.Integer(
        load_default=None, validate=ma.validate.Range(min=1, max=LARGEST_KEY)
    )
    county = ma.fields.String(load_default=None, validate=ma.validate.Regexp(r"[0-9]{6}\Z"))


class ReminderFilters(ComingFilters):
    state = ma.fields.Enum(ReminderState, by_value=True, load_default=None)


class ReminderArgs(ReminderFilters, PageArgs):
    limit = ma.fields.Integer(load_default=50, validate=ma.validate.Range(min=1, max=100))


class RunForm(StrictSchema):
    reason = ma.fields.String(required=True, validate=ma.validate.Length(min=2, max=200))


KINDS = OF_CAREGIVERS
