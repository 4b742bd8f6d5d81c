"""Visits, what a worker's device sends of them, and what the elder says to them."""

import marshmallow as ma

from server.homecare.visits.models import CareWishKind
from server.homecare.visits.receiving import EventKind
from server.web.answers import AnswerSchema
from server.web.blueprints import StrictSchema
from server.web.instants import DeviceInstant
from server.web.keys import an_id, an_optional_id_in_query
from server.web.pictures import a_picture

MOST_EVENTS = 50
A_KEY = ma.validate.Regexp(r"[0-9A-Za-z-]{8,64}\Z")
A_SERVICE = ma.validate.Length(min=1, max=40)


class WorkerSignInSchema(StrictSchema):
    sign_in_name = ma.fields.String(required=True, validate=ma.validate.Length(min=1, max=60))
    password = ma.fields.String(required=True, validate=ma.validate.Length(min=1, max=200))
    device_label = ma.fields.String(load_default="", validate=ma.validate.Length(max=80))


class WorkerSignedInSchema(AnswerSchema):
    token = ma.fields.String()
    expires_at = ma.fields.AwareDateTime()
    name = ma.fields.String()


class EventSchema(StrictSchema):
    """One thing done at a visit, as the device kept it."""

    key = ma.fields.String(
        required=True,
        validate=A_KEY,
        metadata={"description": "The device's own id of it; the same for ever."},
    )
    kind = ma.fields.Enum(EventKind, by_value=True, required=True)
    visit_id = an_id()
    at = DeviceInstant(required=True, metadata={"description": "By the device's own clock."})
    x = ma.fields.Float(load_default=None, validate=ma.validate.Range(min=-180, max=180))
    y = ma.fields.Float(load_default=None, validate=ma.validate.Range(min=-90, max=90))
    accuracy_m = ma.fields.Integer(
        load_default=None, strict=True, validate=ma.validate.Range(min=0, max=100_000)
    )
    tasks_done = ma.fields.List(
        ma.fields.String(validate=A_SERVICE),
        load_default=list,
        validate=ma.validate.Length(max=30),
    )
    code = ma.fields.String(load_default=None, validate=ma.validate.Regexp(r"[0-9]{6}\Z"))

    @ma.validates_schema
    def check_place(self, given: dict[str, object], **_: object) -> None:
        """A place is both numbers or neither."""
        if (given.get("x") is None) != (given.get("y") is None):
            raise ma.ValidationError({"x": ["Missing data for required field."]})


class SendEventsSchema(StrictSchema):
    sent_at = DeviceInstant(
        required=True, metadata={"description": "The device's clock at the moment of sending."}
    )
    events = ma.fields.List(
        ma.fields.Nested(EventSchema),
        required=True,
        validate=ma.validate.Length(min=1, max=MOST_EVENTS),
    )


class VisitPhotoSchema(StrictSchema):
    content = a_picture()


class ReceiptSchema(AnswerSchema):
    key = ma.fields.String()
    visit_id = ma.fields.Integer()
    is_kept = ma.fields.Boolean()
    code = ma.fields.String(allow_none=True, metadata={"description": "Why not, as a problem."})
    detail = ma.fields.String(allow_none=True)


class ReceiptsSchema(AnswerSchema):
    items = ma.fields.List(ma.fields.Nested(ReceiptSchema))


class TaskSchema(AnswerSchema):
    code = ma.fields.String()
    name = ma.fields.String()


class WorkVisitSchema(AnswerSchema):
    id = ma.fields.Integer()
    service_on = ma.fields.Date()
    starts_at = ma.fields.AwareDateTime()
    minutes = ma.fields.Integer()
    state = ma.fields.String()
    resident_name = ma.fields.String(allow_none=True)
    phone = ma.fields.String(allow_none=True)
    address = ma.fields.String(allow_none=True)
    x = ma.fields.Float(allow_none=True)
    y = ma.fields.Float(allow_none=True)
    tasks = ma.fields.List(ma.fields.Nested(TaskSchema))
    arrived_at = ma.fields.AwareDateTime(allow_none=True)
    left_at = ma.fields.AwareDateTime(allow_none=True)
    metres_off = ma.fields.Integer(allow_none=True)
    is_outside = ma.fields.Boolean()
    is_confirmed = ma.fields.Boolean()
    has_photo = ma.fields.Boolean()


class WorkVisitsSchema(AnswerSchema):
    items = ma.fields.List(ma.fields.Nested(WorkVisitSchema))


class CareVisitsArgs(StrictSchema):
    resident_id = an_optional_id_in_query()


class CareVisitSchema(AnswerSchema):
    id = ma.fields.Integer()
    resident_id = ma.fields.Integer()
    resident_name = ma.fields.String(allow_none=True)
    service_on = ma.fields.Date()
    starts_at = ma.fields.AwareDateTime()
    minutes = ma.fields.Integer()
    state = ma.fields.String()
    tasks = ma.fields.List(ma.fields.Nested(TaskSchema))
    worker_name = ma.fields.String(allow_none=True)
    worker_photo = ma.fields.String(
        allow_none=True, metadata={"description": "Path of the portrait of who comes."}
    )
    photo = ma.fields.String(
        allow_none=True, metadata={"description": "Path of the photo taken when leaving."}
    )
    site_name = ma.fields.String()
    site_phone = ma.fields.String(allow_none=True)
    arrived_at = ma.fields.AwareDateTime(allow_none=True)
    left_at = ma.fields.AwareDateTime(allow_none=True)
    is_confirmed = ma.fields.Boolean()
    code = ma.fields.String(
        allow_none=True, metadata={"description": "Six digits, until it is confirmed."}
    )
    score = ma.fields.Integer(allow_none=True)


class CareVisitsSchema(AnswerSchema):
    items = ma.fields.List(ma.fields.Nested(CareVisitSchema))


class RateVisitSchema(StrictSchema):
    score = ma.fields.Integer(
        required=True, strict=True, validate=ma.validate.Range(min=1, max=3),
        metadata={"description": "3 good, 2 so-so, 1 bad."},
    )  # fmt: skip
    words = ma.fields.String(load_default="", validate=ma.validate.Length(max=200))


class CareWishSchema(StrictSchema):
    kind = ma.fields.Enum(CareWishKind, by_value=True, required=True)
    words = ma.fields.String(required=True, validate=ma.validate.Length(min=2, max=400))


class CareWishKeptSchema(AnswerSchema):
    id = ma.fields.Integer()
    kind = ma.fields.String()
    asked_at = ma.fields.AwareDateTime()


class NotSolvedSchema(StrictSchema):
    words = ma.fields.String(required=True, validate=ma.validate.Length(min=2, max=400))


class SaidWishSchema(AnswerSchema):
    """What was said, and what was answered; `can_follow_up` while it can be called not solved."""

    id = ma.fields.Integer()
    kind = ma.fields.String()
    words = ma.fields.String()
    asked_at = ma.fields.AwareDateTime()
    due_on = ma.fields.Date(allow_none=True)
    answer = ma.fields.String()
    answered_at = ma.fields.AwareDateTime(allow_none=True)
    resident_name = ma.fields.String(allow_none=True)
    site_name = ma.fields.String()
    is_with_county = ma.fields.Boolean()
    can_follow_up = ma.fields.Boolean()


class CareWishesSchema(AnswerSchema):
    items = ma.fields.List(ma.fields.Nested(SaidWishSchema))


class PlanItemSchema(AnswerSchema):
    weekdays = ma.fields.List(ma.fields.Integer())
    starts = ma.fields.String()
    minutes = ma.fields.Integer()
    tasks = ma.fields.List(ma.fields.Nested(TaskSchema))
    worker_name = ma.fields.String(allow_none=True)


class CarePlanSchema(AnswerSchema):
    id = ma.fields.Integer()
    resident_id = ma.fields.Integer()
    resident_name = ma.fields.String(allow_none=True)
    site_name = ma.fields.String()
    state = ma.fields.String()
    starts_on = ma.fields.Date()
    note = ma.fields.String()
    items = ma.fields.List(ma.fields.Nested(PlanItemSchema))


class CarePlansSchema(AnswerSchema):
    items = ma.fields.List(ma.fields.Nested(CarePlanSchema))
