"""What a counter sends and is sent. Money is whole fen."""

from typing import Any

import marshmallow as ma

from server.meals.counter.models import How
from server.web.answers import AnswerSchema
from server.web.blueprints import StrictSchema
from server.web.instants import DeviceInstant
from server.web.keys import LARGEST_KEY, an_id
from server.web.pictures import a_picture

MOST_AT_ONCE = 200
A_KEY = ma.validate.Regexp(r"[0-9A-Za-z-]{8,64}\Z")
SIX_DIGITS = ma.validate.Regexp(r"[0-9]{6}\Z")
SOME_WORDS = ma.validate.Length(min=1, max=200)
# A walk-in and a delivery have their own ways in.
AT_THE_COUNTER = [How.QR, How.CODE, How.PHONE, How.NAME, How.STAFF]


class CounterSignInSchema(StrictSchema):
    sign_in_name = ma.fields.String(required=True, validate=ma.validate.Length(min=1, max=60))
    password = ma.fields.String(required=True, validate=ma.validate.Length(min=1, max=200))
    device_label = ma.fields.String(
        required=True,
        validate=ma.validate.Length(min=1, max=80),
        metadata={"description": "As the canteen calls the tablet; shown where it is signed out."},
    )


class CounterCanteenSchema(AnswerSchema):
    id = ma.fields.Integer()
    name = ma.fields.String()


class CounterSignedInSchema(AnswerSchema):
    token = ma.fields.String()
    expires_at = ma.fields.AwareDateTime()
    name = ma.fields.String()


class CounterCanteensSchema(AnswerSchema):
    items = ma.fields.List(ma.fields.Nested(CounterCanteenSchema))


class CounterDinerSchema(AnswerSchema):
    booking_id = ma.fields.Integer()
    meal = ma.fields.String()
    name = ma.fields.String()
    initials = ma.fields.String()
    phone_tail = ma.fields.String()
    code_digest = ma.fields.String(
        metadata={"description": "SHA-256 of canteen, day and six digits, in hex: no code is kept."}
    )
    status = ma.fields.String()
    diet = ma.fields.String()
    handing = ma.fields.String()
    allergens = ma.fields.List(ma.fields.String())
    own_pay_fen = ma.fields.Integer()
    collected_at = ma.fields.AwareDateTime(allow_none=True)


class CounterSittingSchema(AnswerSchema):
    id = ma.fields.Integer()
    meal = ma.fields.String()
    serves_from = ma.fields.String()
    serves_until = ma.fields.String()
    list_price_fen = ma.fields.Integer()
    places_left = ma.fields.Integer()


class CounterKeySchema(AnswerSchema):
    number = ma.fields.Integer()
    public_key = ma.fields.String(metadata={"description": "Ed25519, in hex."})


class CounterDaySchema(AnswerSchema):
    canteen_id = ma.fields.Integer()
    day = ma.fields.Date()
    as_of = ma.fields.AwareDateTime()
    diners = ma.fields.List(ma.fields.Nested(CounterDinerSchema))
    sittings = ma.fields.List(ma.fields.Nested(CounterSittingSchema))
    keys = ma.fields.List(ma.fields.Nested(CounterKeySchema))


class CollectionSchema(StrictSchema):
    """One meal handed out, named by its booking, its signed code, or its six digits."""

    key = ma.fields.String(
        required=True,
        validate=A_KEY,
        metadata={"description": "The device's own id of it; the same for ever."},
    )
    at = DeviceInstant(required=True, metadata={"description": "By the device's own clock."})
    how = ma.fields.Enum(
        How, by_value=True, required=True, validate=ma.validate.OneOf(AT_THE_COUNTER)
    )
    booking_id = ma.fields.Integer(
        load_default=None, strict=True, validate=ma.validate.Range(min=1, max=LARGEST_KEY)
    )
    token = ma.fields.String(load_default=None, validate=ma.validate.Length(min=1, max=200))
    code = ma.fields.String(load_default=None, validate=SIX_DIGITS)
    reason = ma.fields.String(load_default=None, validate=SOME_WORDS)
    is_offline = ma.fields.Boolean(
        load_default=False,
        metadata={"description": "The meal had left the counter before the server was asked."},
    )

    @ma.validates_schema
    def check_named(self, given: dict[str, Any], **_: Any) -> None:
        """Exactly one of the three names the meal; staff who enter one by hand say why."""
        if sum(given.get(name) is not None for name in ("booking_id", "token", "code")) != 1:
            raise ma.ValidationError({"booking_id": ["Missing data for required field."]})
        if given.get("how") is How.STAFF and given.get("reason") is None:
            raise ma.ValidationError({"reason": ["Missing data for required field."]})


class SendCollectionsSchema(StrictSchema):
    sent_at = DeviceInstant(
        required=True, metadata={"description": "The device's clock at the moment of sending."}
    )
    collections = ma.fields.List(
        ma.fields.Nested(CollectionSchema),
        required=True,
        validate=ma.validate.Length(min=1, max=MOST_AT_ONCE),
    )


class CollectionReceiptSchema(AnswerSchema):
    key = ma.fields.String()
    booking_id = ma.fields.Integer(allow_none=True)
    state = ma.fields.String(metadata={"description": "accepted, already or refused"})
    name = ma.fields.String(allow_none=True)
    diet = ma.fields.String(allow_none=True)
    allergens = ma.fields.List(ma.fields.String())
    own_pay_fen = ma.fields.Integer(allow_none=True)
    code = ma.fields.String(allow_none=True, metadata={"description": "Why not, as a problem."})
    detail = ma.fields.String(allow_none=True)


class CollectionReceiptsSchema(AnswerSchema):
    items = ma.fields.List(ma.fields.Nested(CollectionReceiptSchema))


class UndoSchema(StrictSchema):
    sent_at = DeviceInstant(required=True)
    at = DeviceInstant(required=True)
    reason = ma.fields.String(required=True, validate=SOME_WORDS)


class UndoneSchema(AnswerSchema):
    booking_id = ma.fields.Integer()


class WalkInSchema(StrictSchema):
    key = ma.fields.String(required=True, validate=A_KEY)
    sitting_id = an_id()
    id_number = ma.fields.String(load_default=None, validate=ma.validate.Length(min=15, max=40))
    card_number = ma.fields.String(load_default=None, validate=ma.validate.Length(min=4, max=40))

    @ma.validates_schema
    def check_shown(self, given: dict[str, Any], **_: Any) -> None:
        """One of the two is shown."""
        if (given.get("id_number") is None) == (given.get("card_number") is None):
            raise ma.ValidationError({"id_number": ["Missing data for required field."]})


class DropSchema(AnswerSchema):
    id = ma.fields.Integer()
    position = ma.fields.Integer()
    state = ma.fields.String()
    name = ma.fields.String()
    phone = ma.fields.String(allow_none=True)
    address = ma.fields.String()
    village_name = ma.fields.String()
    diet = ma.fields.String()
    own_pay_fen = ma.fields.Integer()
    is_cancelled = ma.fields.Boolean()
    has_photo = ma.fields.Boolean()
    x = ma.fields.Float(allow_none=True, metadata={"description": "Longitude of the home."})
    y = ma.fields.Float(allow_none=True)
    received_by = ma.fields.String(allow_none=True)
    reason = ma.fields.String(allow_none=True)


class RoundSchema(AnswerSchema):
    id = ma.fields.Integer()
    number = ma.fields.Integer()
    meal = ma.fields.String()
    carrier = ma.fields.String()
    sealed_at = ma.fields.AwareDateTime(allow_none=True)
    is_late = ma.fields.Boolean()
    minutes_allowed = ma.fields.Integer()
    drops = ma.fields.List(ma.fields.Nested(DropSchema))


class RoundsSchema(AnswerSchema):
    items = ma.fields.List(ma.fields.Nested(RoundSchema))


class SealSchema(StrictSchema):
    sent_at = DeviceInstant(required=True)
    at = DeviceInstant(required=True)


class DoorPhotoSchema(StrictSchema):
    sent_at = DeviceInstant(required=True)
    content = a_picture()


class AtTheDoorSchema(StrictSchema):
    """Handed over for the code or to somebody by name, or not, and why."""

    key = ma.fields.String(required=True, validate=A_KEY)
    sent_at = DeviceInstant(required=True)
    at = DeviceInstant(required=True)
    code = ma.fields.String(load_default=None, validate=SIX_DIGITS)
    received_by = ma.fields.String(load_default=None, validate=ma.validate.Length(min=1, max=40))
    reason = ma.fields.String(load_default=None, validate=SOME_WORDS)
    is_offline = ma.fields.Boolean(load_default=False)

    @ma.validates_schema
    def check_said(self, given: dict[str, Any], **_: Any) -> None:
        """Exactly one of the three is said."""
        if sum(given.get(name) is not None for name in ("code", "received_by", "reason")) != 1:
            raise ma.ValidationError({"reason": ["Missing data for required field."]})
