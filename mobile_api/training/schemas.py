"""Courses as a phone reads them."""

import marshmallow as ma

from server.caregivers.training.models import Relation
from server.web.answers import AnswerSchema
from server.web.blueprints import StrictSchema
from server.web.keys import an_id


class CourseSessionSchema(AnswerSchema):
    """A session that one may enrol for, or has a place at; `turn` is the place in the line."""

    id = ma.fields.Integer()
    name = ma.fields.String()
    kind = ma.fields.String()
    level = ma.fields.Integer(allow_none=True)
    minutes = ma.fields.Integer()
    about = ma.fields.String()
    has_exam = ma.fields.Boolean()
    gives_certificate = ma.fields.Boolean()
    place = ma.fields.String()
    teacher = ma.fields.String()
    phone = ma.fields.String()
    capacity = ma.fields.Integer()
    enrolled = ma.fields.Integer()
    enrol_until = ma.fields.AwareDateTime()
    starts_at = ma.fields.AwareDateTime()
    ends_at = ma.fields.AwareDateTime()
    state = ma.fields.String()
    cancel_reason = ma.fields.String()
    enrolment_id = ma.fields.Integer(allow_none=True)
    enrolment_state = ma.fields.String(allow_none=True)
    turn = ma.fields.Integer(allow_none=True)


class CourseMeetingSchema(AnswerSchema):
    id = ma.fields.Integer()
    starts_at = ma.fields.AwareDateTime()
    ends_at = ma.fields.AwareDateTime()


class CourseSessionInFullSchema(CourseSessionSchema):
    meetings = ma.fields.List(ma.fields.Nested(CourseMeetingSchema))


class CoursesSchema(AnswerSchema):
    """`is_caregiver` says whether the holder of this phone is one."""

    is_caregiver = ma.fields.Boolean()
    items = ma.fields.List(ma.fields.Nested(CourseSessionSchema))


class CarerSchema(StrictSchema):
    """Who learns to look after an elder; caregivers leave this out."""

    name = ma.fields.String(required=True, validate=ma.validate.Length(min=2, max=60))
    relation = ma.fields.Enum(Relation, by_value=True, required=True)
    resident_id = an_id()


class EnrolInCourseSchema(StrictSchema):
    carer = ma.fields.Nested(CarerSchema, load_default=None, allow_none=True)


class SignInAtCourseSchema(StrictSchema):
    """What was scanned at the door, or the six digits that stand there."""

    code = ma.fields.String(required=True, validate=ma.validate.Length(min=6, max=80))


class CourseAttendanceSchema(AnswerSchema):
    meeting_id = ma.fields.Integer()
    arrived_at = ma.fields.AwareDateTime()
    left_at = ma.fields.AwareDateTime(allow_none=True)
    minutes = ma.fields.Integer()


class CourseRunSchema(AnswerSchema):
    """A course one took part in; `score` and `is_passed` once they were confirmed."""

    enrolment_id = ma.fields.Integer()
    course = ma.fields.String()
    starts_at = ma.fields.AwareDateTime()
    ends_at = ma.fields.AwareDateTime()
    planned = ma.fields.Integer()
    minutes = ma.fields.Integer()
    has_exam = ma.fields.Boolean()
    score = ma.fields.Integer(allow_none=True)
    is_passed = ma.fields.Boolean(allow_none=True)
    certificate_id = ma.fields.Integer(allow_none=True)
    certificate_number = ma.fields.String(allow_none=True)
    issued_on = ma.fields.Date(allow_none=True)
    annulled_on = ma.fields.Date(allow_none=True)
    check_address = ma.fields.String(allow_none=True)


class ContestRankSchema(AnswerSchema):
    name = ma.fields.String()
    level = ma.fields.String()
    held_on = ma.fields.Date()
    rank = ma.fields.Integer(allow_none=True)
    award = ma.fields.String()


class LearningSchema(AnswerSchema):
    """Minutes of this year beside the hours that a year asks of a caregiver."""

    minutes = ma.fields.Integer()
    hours = ma.fields.Integer()
    runs = ma.fields.List(ma.fields.Nested(CourseRunSchema))
    contests = ma.fields.List(ma.fields.Nested(ContestRankSchema))
