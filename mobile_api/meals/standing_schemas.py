"""Standing orders, pauses and places in a line as a phone reads and sends them."""

import marshmallow as ma

from mobile_api.meals.schemas import FIRST_DAY, LAST_DAY
from server.meals.models import Diet, Handing, Meal
from server.web.answers import AnswerSchema
from server.web.blueprints import StrictSchema
from server.web.keys import an_id, an_optional_id_in_query


def a_day(**given: object) -> ma.fields.Date:
    """A day that a menu could be asked for."""
    return ma.fields.Date(validate=ma.validate.Range(min=FIRST_DAY, max=LAST_DAY), **given)  # type: ignore[arg-type]


class OfWhomArgs(StrictSchema):
    resident_id = an_optional_id_in_query()


class MakeStandingOrderSchema(StrictSchema):
    """`ends_on` is the first day on which the order books no more; without it there is none."""

    resident_id = an_id()
    canteen_id = an_id()
    meal = ma.fields.Enum(Meal, by_value=True, required=True)
    weekdays = ma.fields.List(
        ma.fields.Integer(validate=ma.validate.Range(min=1, max=7)),
        required=True,
        validate=ma.validate.Length(min=1, max=7),
    )
    diet = ma.fields.Enum(Diet, by_value=True, load_default=None, allow_none=True)
    handing = ma.fields.Enum(Handing, by_value=True, load_default=Handing.AT_CANTEEN)
    starts_on = a_day(load_default=None, allow_none=True)
    ends_on = a_day(load_default=None, allow_none=True)


class PauseSchema(StrictSchema):
    """No meals from `starts_on` on; `ends_on` is the first day with meals again."""

    starts_on = a_day(required=True)
    ends_on = a_day(required=True)


class PauseShownSchema(AnswerSchema):
    id = ma.fields.Integer()
    resident_id = ma.fields.Integer()
    order_id = ma.fields.Integer(allow_none=True)
    cause = ma.fields.String()
    starts_on = ma.fields.Date()
    ends_on = ma.fields.Date(allow_none=True)


class RefusedDaySchema(AnswerSchema):
    service_on = ma.fields.Date()
    code = ma.fields.String()
    text = ma.fields.String()


class StandingOrderSchema(AnswerSchema):
    id = ma.fields.Integer()
    resident_id = ma.fields.Integer()
    resident_name = ma.fields.String()
    canteen_id = ma.fields.Integer()
    canteen_name = ma.fields.String()
    canteen_phone = ma.fields.String(allow_none=True)
    meal = ma.fields.String()
    weekdays = ma.fields.List(ma.fields.Integer())
    diet = ma.fields.String()
    handing = ma.fields.String()
    starts_on = ma.fields.Date()
    ends_on = ma.fields.Date(allow_none=True)
    ended_at = ma.fields.AwareDateTime(allow_none=True)
    pauses = ma.fields.List(ma.fields.Nested(PauseShownSchema))
    refused = ma.fields.List(ma.fields.Nested(RefusedDaySchema))


class StandingOrdersSchema(AnswerSchema):
    items = ma.fields.List(ma.fields.Nested(StandingOrderSchema))


class JoinWaitingSchema(StrictSchema):
    sitting_id = an_id()
    resident_id = an_id()
    diet = ma.fields.Enum(Diet, by_value=True, load_default=None, allow_none=True)
    handing = ma.fields.Enum(Handing, by_value=True, load_default=Handing.AT_CANTEEN)


class WaitingSchema(AnswerSchema):
    id = ma.fields.Integer()
    sitting_id = ma.fields.Integer()
    canteen_id = ma.fields.Integer()
    canteen_name = ma.fields.String()
    canteen_phone = ma.fields.String(allow_none=True)
    resident_id = ma.fields.Integer()
    resident_name = ma.fields.String()
    service_on = ma.fields.Date()
    meal = ma.fields.String()
    serves_from = ma.fields.String()
    serves_until = ma.fields.String()
    state = ma.fields.String()
    turn = ma.fields.Integer()
    expires_at = ma.fields.AwareDateTime(allow_none=True)
    booking_id = ma.fields.Integer(allow_none=True)


class WaitingListSchema(AnswerSchema):
    items = ma.fields.List(ma.fields.Nested(WaitingSchema))
