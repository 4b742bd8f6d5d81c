"""Canteens, menus, quotes and bookings as a phone reads them. Money is whole fen."""

from datetime import date

import marshmallow as ma

from server.meals.models import Diet, Handing
from server.web.answers import AnswerSchema
from server.web.blueprints import StrictSchema
from server.web.keys import an_id, an_id_in_query, an_optional_id_in_query
from server.web.pages import PageArgs

# Days that a menu can be asked for; the register's own folds of days end there too.
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2169, 12, 1)


class ForResidentArgs(StrictSchema):
    resident_id = an_id_in_query()


class CanteensArgs(PageArgs):
    resident_id = an_id_in_query()


class DaysArgs(StrictSchema):
    first_day = ma.fields.Date(
        data_key="from",
        load_default=None,
        validate=ma.validate.Range(min=FIRST_DAY, max=LAST_DAY),
    )
    days = ma.fields.Integer(load_default=7, validate=ma.validate.Range(min=1, max=14))


class CanteenSchema(AnswerSchema):
    id = ma.fields.Integer()
    name = ma.fields.String()
    address = ma.fields.String()
    phone = ma.fields.String(allow_none=True)
    operating_model = ma.fields.String()
    distance_m = ma.fields.Integer(allow_none=True)
    nearness = ma.fields.String()
    is_usual = ma.fields.Boolean()
    serves = ma.fields.List(ma.fields.String())
    opening_text = ma.fields.String()
    places_left_today = ma.fields.Integer(allow_none=True)


class CanteensSchema(AnswerSchema):
    items = ma.fields.List(ma.fields.Nested(CanteenSchema))
    next_cursor = ma.fields.String(allow_none=True)


class DishSchema(AnswerSchema):
    id = ma.fields.Integer()
    name = ma.fields.String()
    diets = ma.fields.List(ma.fields.String())
    allergens = ma.fields.List(ma.fields.String())
    picture = ma.fields.String()
    photo_url = ma.fields.String(allow_none=True)


class SittingSchema(AnswerSchema):
    id = ma.fields.Integer()
    meal = ma.fields.String()
    service_on = ma.fields.Date()
    serves_from = ma.fields.String()
    serves_until = ma.fields.String()
    cutoff_at = ma.fields.AwareDateTime()
    capacity = ma.fields.Integer()
    list_price_fen = ma.fields.Integer()
    operator_discount_fen = ma.fields.Integer()
    dishes = ma.fields.List(ma.fields.Nested(DishSchema))


class MenuDaySchema(AnswerSchema):
    day = ma.fields.Date()
    sittings = ma.fields.List(ma.fields.Nested(SittingSchema))


class MenuSchema(AnswerSchema):
    canteen_id = ma.fields.Integer()
    first_day = ma.fields.Date(data_key="from")
    days = ma.fields.List(ma.fields.Nested(MenuDaySchema))


class PlaceSchema(AnswerSchema):
    sitting_id = ma.fields.Integer()
    places_left = ma.fields.Integer()
    state = ma.fields.String()


class ClosureSchema(AnswerSchema):
    service_on = ma.fields.Date()
    meal = ma.fields.String(allow_none=True)
    reason = ma.fields.String()


class PlacesSchema(AnswerSchema):
    """`closures` says why a sitting is closed, where the canteen said so; no meal is all day."""

    items = ma.fields.List(ma.fields.Nested(PlaceSchema))
    closures = ma.fields.List(ma.fields.Nested(ClosureSchema))


class ReasonSchema(AnswerSchema):
    code = ma.fields.String()
    text = ma.fields.String()
    amount_fen = ma.fields.Integer()


class QuoteSchema(AnswerSchema):
    sitting_id = ma.fields.Integer()
    resident_id = ma.fields.Integer()
    list_price_fen = ma.fields.Integer()
    operator_discount_fen = ma.fields.Integer()
    subsidy_fen = ma.fields.Integer()
    charity_fen = ma.fields.Integer()
    own_pay_fen = ma.fields.Integer()
    reasons = ma.fields.List(ma.fields.Nested(ReasonSchema))
    places_left = ma.fields.Integer()
    state = ma.fields.String()
    already_booked_id = ma.fields.Integer(allow_none=True)
    usual_diet = ma.fields.String(
        metadata={"description": "How it is cooked where a booking says nothing."}
    )
    harmful_dishes = ma.fields.List(
        ma.fields.String(), metadata={"description": "By name; with what the resident may not eat."}
    )
    disliked_dishes = ma.fields.List(ma.fields.String())


class BookMealSchema(StrictSchema):
    """Without a `diet` it is cooked as was noted of the resident."""

    sitting_id = an_id()
    resident_id = an_id()
    diet = ma.fields.Enum(Diet, by_value=True, load_default=None, allow_none=True)
    handing = ma.fields.Enum(Handing, by_value=True, load_default=Handing.AT_CANTEEN)


class CancelBookingSchema(StrictSchema):
    reason = ma.fields.String(
        load_default=None,
        validate=ma.validate.Length(max=200),
        metadata={"description": "not-hungry, ill, away, other, or in one's own words."},
    )


class BookingsArgs(PageArgs):
    resident_id = an_optional_id_in_query()
    state = ma.fields.String(
        load_default="upcoming", validate=ma.validate.OneOf(["upcoming", "past"])
    )


class DishNameSchema(AnswerSchema):
    name = ma.fields.String()


class BookingSchema(AnswerSchema):
    id = ma.fields.Integer()
    sitting_id = ma.fields.Integer()
    canteen_id = ma.fields.Integer()
    canteen_name = ma.fields.String()
    canteen_address = ma.fields.String()
    canteen_phone = ma.fields.String(allow_none=True)
    resident_id = ma.fields.Integer()
    resident_name = ma.fields.String()
    service_on = ma.fields.Date()
    meal = ma.fields.String()
    serves_from = ma.fields.String()
    serves_until = ma.fields.String()
    cutoff_at = ma.fields.AwareDateTime()
    status = ma.fields.String()
    list_price_fen = ma.fields.Integer()
    operator_discount_fen = ma.fields.Integer()
    subsidy_fen = ma.fields.Integer()
    charity_fen = ma.fields.Integer()
    own_pay_fen = ma.fields.Integer()
    code = ma.fields.String(allow_none=True)
    qr_modules = ma.fields.List(ma.fields.String(), allow_none=True)
    can_cancel = ma.fields.Boolean()
    booked_at = ma.fields.AwareDateTime()
    collected_at = ma.fields.AwareDateTime(allow_none=True)
    cancelled_at = ma.fields.AwareDateTime(allow_none=True)
    booked_by = ma.fields.String()
    diet = ma.fields.String()
    handing = ma.fields.String()
    is_late = ma.fields.Boolean()
    cancel_text = ma.fields.String(allow_none=True)
    paid_how = ma.fields.String(allow_none=True)
    dishes = ma.fields.List(ma.fields.Nested(DishNameSchema))


class BookingsSchema(AnswerSchema):
    items = ma.fields.List(ma.fields.Nested(BookingSchema))
    next_cursor = ma.fields.String(allow_none=True)
