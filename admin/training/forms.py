"""What is asked for and typed in about courses."""

from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any

import marshmallow as ma

from server.caregivers.training.models import ContestLevel, CourseKind, SessionState
from server.providers.rules import FIRST_DAY, LAST_DAY
from server.web.blueprints import StrictSchema
from server.web.keys import LARGEST_KEY

MOST_FEN = 2_000_000_000
A_REASON = ma.validate.Length(min=2, max=200)
FIRST_YEAR, LAST_YEAR = 2000, 2100


def a_number(least: int = 1, most: int = LARGEST_KEY, **given: Any) -> ma.fields.Integer:
    return ma.fields.Integer(validate=ma.validate.Range(min=least, max=most), **given)


def a_day(**given: Any) -> ma.fields.Date:
    within = ma.validate.Range(FIRST_DAY, LAST_DAY)
    return ma.fields.Date(format="%Y-%m-%d", validate=within, **given)


def a_moment(**given: Any) -> ma.fields.NaiveDateTime:
    """As a browser's field for day and time sends it: by the city's wall."""
    within = ma.validate.Range(*(datetime.combine(day, time()) for day in (FIRST_DAY, LAST_DAY)))
    return ma.fields.NaiveDateTime(format="%Y-%m-%dT%H:%M", validate=within, required=True, **given)


def a_text(longest: int, **given: Any) -> ma.fields.String:
    least = 1 if given.get("required") else 0
    return ma.fields.String(validate=ma.validate.Length(min=least, max=longest), **given)


class Yuan(ma.fields.Decimal):
    """An amount as people write it, kept in whole fen."""

    def __init__(self, **given: Any) -> None:
        super().__init__(places=None, allow_nan=False, **given)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **given: Any) -> int:
        fen = super()._deserialize(value, attr, data, **given) * 100
        if fen != fen.to_integral_value() or not 0 <= fen <= MOST_FEN:
            raise self.make_error("invalid", input=value)
        return int(fen)


class Every(StrEnum):
    """How the meetings of a session follow each other."""

    DAY = "day"
    WEEK = "week"


class NoFilters(StrictSchema):
    pass


class SessionFilters(StrictSchema):
    kind = ma.fields.Enum(CourseKind, by_value=True, load_default=None)
    state = ma.fields.Enum(SessionState, by_value=True, load_default=None)
    month = ma.fields.Date(
        format="%Y-%m", validate=ma.validate.Range(FIRST_DAY, LAST_DAY), load_default=None
    )


class YearFilters(StrictSchema):
    year = a_number(FIRST_YEAR, LAST_YEAR, load_default=None)


class CourseForm(StrictSchema):
    held_at = a_text(20, required=True)
    name = a_text(100, required=True)
    kind = ma.fields.Enum(CourseKind, by_value=True, required=True)
    level = a_number(1, 5, load_default=None)
    hours = a_number(1, 1000, required=True)
    least_percent = a_number(0, 100, required=True)
    pass_mark = a_number(1, 100, load_default=None)
    gives_certificate = ma.fields.Boolean(load_default=False)
    issuer = a_text(100, load_default="")
    cost = Yuan(load_default=0)
    about = a_text(400, load_default="")

    @ma.validates_schema
    def fits(self, data: dict[str, Any], **_given: Any) -> None:
        if (data["kind"] is CourseKind.SKILL) != (data["level"] is not None):
            raise ma.ValidationError("Invalid value.", "level")
        if data["issuer"] and data["kind"] is not CourseKind.SKILL:
            raise ma.ValidationError("Invalid value.", "issuer")


class CourseChangeForm(StrictSchema):
    """What of a course is said otherwise; the rest stays. What it is about may be left empty."""

    name = ma.fields.String(validate=ma.validate.Length(min=1, max=100))
    hours = a_number(1, 1000)
    least_percent = a_number(0, 100)
    cost = Yuan()
    about = a_text(400, load_default="")


class OfferForm(StrictSchema):
    is_offered = ma.fields.Boolean(required=True)


class WhichCourse(StrictSchema):
    course = a_number(required=True)


class SessionForm(StrictSchema):
    """Meetings of the same hours, on days that follow each other."""

    course = a_number(required=True)
    place = a_text(120, required=True)
    teacher = a_text(60, required=True)
    capacity = a_number(1, 1000, required=True)
    enrol_until = a_moment()
    first_day = a_day(required=True)
    begins = ma.fields.Time(format="%H:%M", required=True)
    ends = ma.fields.Time(format="%H:%M", required=True)
    meetings = a_number(1, 40, required=True)
    every = ma.fields.Enum(Every, by_value=True, load_default=Every.DAY)


class MeetingForm(StrictSchema):
    starts_at = a_moment()
    ends_at = a_moment()


class PlacesForm(StrictSchema):
    capacity = a_number(1, 1000, required=True)


class ReasonForm(StrictSchema):
    reason = ma.fields.String(required=True, validate=A_REASON)


class CostsForm(StrictSchema):
    teaching = Yuan(load_default=0)
    venue = Yuan(load_default=0)
    material = Yuan(load_default=0)
    exam = Yuan(load_default=0)


class PeopleForm(StrictSchema):
    caregivers = ma.fields.List(
        a_number(), required=True, validate=ma.validate.Length(min=1, max=200)
    )


class SatOnForm(StrictSchema):
    """The scores stand beside it, as `score_<enrolment>`."""

    sat_on = a_day(required=True)

    class Meta:
        unknown = ma.EXCLUDE


class ContestForm(StrictSchema):
    held_at = a_text(20, required=True)
    name = a_text(120, required=True)
    level = ma.fields.Enum(ContestLevel, by_value=True, required=True)
    held_on = a_day(required=True)
    place = a_text(120, required=True)
    organiser = a_text(120, required=True)


def meetings_of(form: dict[str, Any], zone: Any) -> list[tuple[datetime, datetime]]:
    """Take the days and hours out of the form, and return when each meeting begins and ends."""
    first, number = form.pop("first_day"), form.pop("meetings")
    begins, ends = form.pop("begins"), form.pop("ends")
    apart = timedelta(days=7 if form.pop("every") is Every.WEEK else 1)
    days = [first + apart * at for at in range(number)]
    return [
        (datetime.combine(day, begins, zone), datetime.combine(day, ends, zone)) for day in days
    ]
