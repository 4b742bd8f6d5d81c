"""Sites of care as a phone reads them."""

import marshmallow as ma

from server.providers.models import FacilityKind
from server.web.answers import AnswerSchema
from server.web.keys import an_id_in_query
from server.web.pages import PageArgs


class SitesArgs(PageArgs):
    resident_id = an_id_in_query()
    kind = ma.fields.Enum(FacilityKind, by_value=True, load_default=FacilityKind.CARE_HOME)


class SiteSchema(AnswerSchema):
    id = ma.fields.Integer()
    name = ma.fields.String()
    kind = ma.fields.String()
    address = ma.fields.String()
    county_name = ma.fields.String(allow_none=True)
    phone = ma.fields.String(allow_none=True)
    beds_declared = ma.fields.Integer(allow_none=True)
    monthly_price_from_fen = ma.fields.Integer(allow_none=True)
    features = ma.fields.List(ma.fields.String())
    nearness = ma.fields.String()


class SitesSchema(AnswerSchema):
    items = ma.fields.List(ma.fields.Nested(SiteSchema))
    next_cursor = ma.fields.String(allow_none=True)
