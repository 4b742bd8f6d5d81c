"""Filters of the trail; they live in the address, so that a finding can be sent to a colleague."""

import marshmallow as ma

from server.web.blueprints import StrictSchema
from server.web.keys import LARGEST_KEY
from server.web.pages import PageArgs


class TrailFilters(StrictSchema):
    table = ma.fields.String(load_default=None, validate=ma.validate.Length(max=63))
    key = ma.fields.String(load_default=None, validate=ma.validate.Length(max=80))
    staff_id = ma.fields.Integer(
        load_default=None, validate=ma.validate.Range(min=1, max=LARGEST_KEY)
    )
    day = ma.fields.Date(load_default=None)


class TrailArgs(TrailFilters, PageArgs):
    limit = ma.fields.Integer(load_default=50, validate=ma.validate.Range(min=1, max=100))
