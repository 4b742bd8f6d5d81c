"""Homes, visits and applications as a phone reads them. Money is whole fen."""

import marshmallow as ma

from server.facilities.models import BedKind
from server.facilities.queries.homes import HOMES, WIDEST
from server.facilities.viewings.models import PartOfDay
from server.providers.models import FacilityKind
from server.web.answers import AnswerSchema
from server.web.blueprints import StrictSchema
from server.web.keys import an_id, an_id_in_query
from server.web.pages import PageArgs

MOST_A_MONTH_FEN = 10_000_000


class ForResidentArgs(StrictSchema):
    resident_id = an_id_in_query()


class HomesArgs(PageArgs):
    resident_id = an_id_in_query()
    near = ma.fields.String(load_default="city", validate=ma.validate.OneOf(list(WIDEST)))
    division = ma.fields.String(load_default=None, validate=ma.validate.Regexp(r"^(\d{6}|\d{9})\Z"))
    site_kind = ma.fields.Enum(
        FacilityKind, by_value=True, load_default=None, validate=ma.validate.OneOf(HOMES)
    )
    kind = ma.fields.Enum(BedKind, by_value=True, load_default=None)
    max_price_fen = ma.fields.Integer(
        load_default=None, validate=ma.validate.Range(min=0, max=MOST_A_MONTH_FEN)
    )
    min_stars = ma.fields.Integer(load_default=None, validate=ma.validate.Range(min=1, max=5))
    inclusive = ma.fields.Boolean(load_default=False)
    nursing = ma.fields.Boolean(load_default=False)
    accepting = ma.fields.Boolean(load_default=False)
    free = ma.fields.Boolean(load_default=False)


class FreeBedsSchema(AnswerSchema):
    kind = ma.fields.String()
    beds = ma.fields.Integer()
    free = ma.fields.Integer()
    free_nursing = ma.fields.Integer()


class HomeSchema(AnswerSchema):
    """`beds` is empty where the home records none; that is not the same as none free.

    `distance_m` is the straight way from the middle of the resident's village or town, about.
    `is_accepting` is null where nobody can say without calling. `stars` and prices are today's; a
    month is bed, nursing and meals together.
    """

    id = ma.fields.Integer()
    name = ma.fields.String()
    kind = ma.fields.String()
    address = ma.fields.String()
    county_name = ma.fields.String(allow_none=True)
    phone = ma.fields.String(allow_none=True)
    ownership = ma.fields.String(allow_none=True)
    is_inclusive = ma.fields.Boolean(allow_none=True)
    is_open = ma.fields.Boolean()
    is_accepting = ma.fields.Boolean(allow_none=True)
    stars = ma.fields.Integer(allow_none=True)
    monthly_price_from_fen = ma.fields.Integer(allow_none=True)
    monthly_price_to_fen = ma.fields.Integer(allow_none=True)
    services = ma.fields.List(ma.fields.String())
    features = ma.fields.List(ma.fields.String())
    nearness = ma.fields.String()
    distance_m = ma.fields.Integer(allow_none=True)
    x = ma.fields.Float(allow_none=True)
    y = ma.fields.Float(allow_none=True)
    beds = ma.fields.List(ma.fields.Nested(FreeBedsSchema))
    as_of = ma.fields.AwareDateTime()


class CountySchema(AnswerSchema):
    """A county of the city, by whose code homes can be asked for."""

    code = ma.fields.String()
    name = ma.fields.String()


class HomesSchema(AnswerSchema):
    counties = ma.fields.List(ma.fields.Nested(CountySchema))
    items = ma.fields.List(ma.fields.Nested(HomeSchema))
    next_cursor = ma.fields.String(allow_none=True)


class PriceSchema(AnswerSchema):
    """A month for bed, nursing and meals; once for the deposit."""

    item = ma.fields.String()
    lowest_fen = ma.fields.Integer()
    highest_fen = ma.fields.Integer()


class PhotoSchema(AnswerSchema):
    """`path` is below the API's `/v1`, and open to everybody."""

    path = ma.fields.String()
    caption = ma.fields.String()


class OneHomeSchema(HomeSchema):
    prices = ma.fields.List(ma.fields.Nested(PriceSchema))
    photos = ma.fields.List(ma.fields.Nested(PhotoSchema))


class AskForViewingSchema(StrictSchema):
    resident_id = an_id()
    site_id = an_id()
    day = ma.fields.Date(required=True)
    part = ma.fields.Enum(PartOfDay, by_value=True, required=True)


class AtAHomeSchema(AnswerSchema):
    """What a resident asked of a home: whose it is, and where to call or go."""

    id = ma.fields.Integer()
    resident_id = ma.fields.Integer()
    resident_name = ma.fields.String()
    site_id = ma.fields.Integer()
    site_name = ma.fields.String()
    site_phone = ma.fields.String(allow_none=True)
    site_address = ma.fields.String()


class ViewingSchema(AtAHomeSchema):
    day = ma.fields.Date()
    part = ma.fields.String()
    state = ma.fields.String()
    answer = ma.fields.String()
    can_cancel = ma.fields.Boolean()
    asked_at = ma.fields.AwareDateTime()


class ViewingsSchema(AnswerSchema):
    items = ma.fields.List(ma.fields.Nested(ViewingSchema))


class ApplySchema(StrictSchema):
    resident_id = an_id()
    site_id = an_id()
    kind = ma.fields.Enum(BedKind, by_value=True, load_default=BedKind.INSTITUTION)


class AcceptOfferSchema(StrictSchema):
    planned_on = ma.fields.Date(required=True)


class OfferSchema(AnswerSchema):
    id = ma.fields.Integer()
    bed = ma.fields.String()
    expires_at = ma.fields.AwareDateTime()


class ApplicationSchema(AtAHomeSchema):
    """`place` counts from 1 and is null once the application is over."""

    kind = ma.fields.String()
    since = ma.fields.AwareDateTime()
    state = ma.fields.String()
    end_reason = ma.fields.String()
    ground = ma.fields.String()
    place = ma.fields.Integer(allow_none=True)
    ahead_by_ground = ma.fields.Integer(allow_none=True)
    ahead_by_day = ma.fields.Integer(allow_none=True)
    offer = ma.fields.Nested(OfferSchema, allow_none=True)
    held_from = ma.fields.Date(allow_none=True)
    held_until = ma.fields.Date(allow_none=True)
    can_leave = ma.fields.Boolean()


class ApplicationsSchema(AnswerSchema):
    items = ma.fields.List(ma.fields.Nested(ApplicationSchema))
