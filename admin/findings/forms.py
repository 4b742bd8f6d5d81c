"""What the pages of findings are sent."""

from decimal import Decimal

import marshmallow as ma

from server.findings.models import FindingKind, FindingState
from server.web.blueprints import StrictSchema
from server.web.keys import LARGEST_KEY
from server.web.pages import PageArgs


class FindingFilters(StrictSchema):
    kind = ma.fields.Enum(FindingKind, by_value=True, load_default=None)
    state = ma.fields.Enum(FindingState, by_value=True, load_default=None)
    site_id = ma.fields.Integer(
        load_default=None, validate=ma.validate.Range(min=1, max=LARGEST_KEY)
    )


class FindingArgs(FindingFilters, PageArgs):
    limit = ma.fields.Integer(load_default=50, validate=ma.validate.Range(min=1, max=100))


class TakeForm(StrictSchema):
    due_on = ma.fields.Date(format="%Y-%m-%d", required=True)


class SettleForm(StrictSchema):
    came_to = ma.fields.String(required=True, validate=ma.validate.OneOf(["true", "false_alarm"]))
    note = ma.fields.String(required=True, validate=ma.validate.Length(min=2, max=400))


class DeathForm(SettleForm):
    """What a home's word of a death came to; without a day it is the last of the stay."""

    died_on = ma.fields.Date(format="%Y-%m-%d", load_default=None)


class CloseForm(StrictSchema):
    note = ma.fields.String(required=True, validate=ma.validate.Length(min=2, max=400))


class RecoverForm(StrictSchema):
    """How much is asked back, in yuan, and how."""

    amount = ma.fields.Decimal(
        required=True, places=2, validate=ma.validate.Range(min=Decimal("0.01"), max=99_999_999)
    )
    how = ma.fields.String(required=True, validate=ma.validate.Length(min=2, max=400))
