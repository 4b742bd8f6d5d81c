"""What the pages of people who are in the register twice are sent."""

from typing import Any

import marshmallow as ma

from server.residents.merging.moving import CHOOSABLE
from server.residents.merging.queries import Part
from server.web.blueprints import StrictSchema
from server.web.pages import PageArgs

SIDES = ("one", "other")


class PairFilters(StrictSchema):
    part = ma.fields.Enum(Part, by_value=True, load_default=Part.OPEN)


class PairArgs(PairFilters, PageArgs):
    limit = ma.fields.Integer(load_default=50, validate=ma.validate.Range(min=1, max=100))


class ReasonForm(StrictSchema):
    reason = ma.fields.String(required=True, validate=ma.validate.Length(min=2, max=400))


class BothOpeningForm(StrictSchema):
    reason = ma.fields.String(required=True, validate=ma.validate.Length(min=2, max=200))


def _side(**given: Any) -> ma.fields.String:
    return ma.fields.String(validate=ma.validate.OneOf(SIDES), **given)


class MergeForm(ReasonForm):
    """Which of the two is kept, and from which side each field shall come."""

    kept = _side(required=True)
    phone = _side(load_default=None)
    address = _side(load_default=None)
    village_code = _side(load_default=None)
    usual_canteen_id = _side(load_default=None)

    @ma.post_load
    def gather(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Return what is `taken` from the side that is not kept."""
        kept = values["kept"]
        taken = [name for name in CHOOSABLE if values[name] not in (None, kept)]
        return {"kept": kept, "taken": taken, "reason": values["reason"]}
