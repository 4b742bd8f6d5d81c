"""What is asked and typed in about calls for help."""

import marshmallow as ma

from admin.providers.site_forms import a_day, a_number, one_of
from server.homecare.alarms.models import AlarmKind, AlarmOutcome
from server.homecare.alarms.queries import Answered
from server.web.blueprints import StrictSchema
from server.web.keys import LARGEST_KEY


class NoFilters(StrictSchema):
    """The desk shows all that is open."""


class SpanFilters(StrictSchema):
    """Of which days; the last thirty unless others are asked for."""

    since = a_day(load_default=None)
    until = a_day(load_default=None)


class AlarmFilters(SpanFilters):
    site = a_number(1, LARGEST_KEY, load_default=None)
    kind = one_of(AlarmKind, load_default=None)
    outcome = one_of(AlarmOutcome, load_default=None)
    answered = one_of(Answered, load_default=None)


class HandForm(StrictSchema):
    """A press is all there is to say."""


class ClosingForm(StrictSchema):
    outcome = one_of(AlarmOutcome, required=True)
    note = ma.fields.String(load_default="", validate=ma.validate.Length(max=400))
