"""Filters of the register; they live in the address, so that a view can be sent to a colleague."""

import marshmallow as ma

from server.providers.models import FacilityKind, Ownership
from server.web.blueprints import StrictSchema
from server.web.pages import PageArgs


class RegisterFilters(StrictSchema):
    kind = ma.fields.Enum(FacilityKind, by_value=True, load_default=None)
    ownership = ma.fields.Enum(Ownership, by_value=True, load_default=None)
    division = ma.fields.String(load_default=None, validate=ma.validate.Regexp(r"^\d{4,12}\Z"))
    name = ma.fields.String(load_default="", validate=ma.validate.Length(max=60))


class RegisterArgs(RegisterFilters, PageArgs):
    limit = ma.fields.Integer(load_default=50, validate=ma.validate.Range(min=1, max=100))
