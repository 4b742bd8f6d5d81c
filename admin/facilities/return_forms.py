"""What a home types in about its day; texts are trimmed, what is not named is refused."""

import marshmallow as ma

from admin.facilities.return_reading import ReturnsShown
from server.facilities.models import BedKind
from server.facilities.returns.rules import MOST_BEDS
from server.facilities.staffing.models import MOST_ON_DUTY
from server.facilities.staffing.rules import Staffing
from server.web.blueprints import StrictSchema

MOST_PEOPLE = ma.validate.Range(min=0, max=MOST_BEDS)
A_SHIFT = ma.validate.Range(min=0, max=MOST_ON_DUTY)


class SiteArgs(StrictSchema):
    """Whose page; nothing for whoever works for one home alone."""

    site = ma.fields.Integer(load_default=None)
    kind = ma.fields.Enum(BedKind, by_value=True, load_default=None)


class ReturnForm(StrictSchema):
    """The five numbers of a day; a past day needs a reason."""

    kind = ma.fields.Enum(BedKind, by_value=True, required=True)
    day = ma.fields.Date(format="%Y-%m-%d", required=True)
    licensed = ma.fields.Integer(required=True, validate=MOST_PEOPLE)
    usable = ma.fields.Integer(required=True, validate=MOST_PEOPLE)
    occupied = ma.fields.Integer(required=True, validate=MOST_PEOPLE)
    on_leave = ma.fields.Integer(required=True, validate=MOST_PEOPLE)
    nursing_occupied = ma.fields.Integer(load_default=None, validate=MOST_PEOPLE)
    reason = ma.fields.String(load_default=None, validate=ma.validate.Length(min=2, max=200))


class OverviewFilters(StrictSchema):
    division = ma.fields.String(load_default=None, validate=ma.validate.Regexp(r"^\d{4,12}\Z"))
    standing = ma.fields.Enum(ReturnsShown, by_value=True, load_default=None)


class NudgedArgs(StrictSchema):
    """Whether somebody was written to."""

    told = ma.fields.String(load_default="nobody", validate=ma.validate.OneOf(["asked", "nobody"]))


class ReportForm(StrictSchema):
    """How a day was; a past day needs a reason."""

    day = ma.fields.Date(format="%Y-%m-%d", required=True)
    occupants = ma.fields.Integer(required=True, validate=MOST_PEOPLE)
    came_in = ma.fields.Integer(load_default=0, validate=MOST_PEOPLE)
    went_out = ma.fields.Integer(load_default=0, validate=MOST_PEOPLE)
    fever = ma.fields.Integer(load_default=0, validate=MOST_PEOPLE)
    ill = ma.fields.Integer(load_default=0, validate=MOST_PEOPLE)
    hazards = ma.fields.String(load_default="", validate=ma.validate.Length(max=400))
    supplies = ma.fields.String(load_default="", validate=ma.validate.Length(max=400))
    reason = ma.fields.String(load_default=None, validate=ma.validate.Length(min=2, max=200))


class ReportFilters(StrictSchema):
    division = ma.fields.String(load_default=None, validate=ma.validate.Regexp(r"^\d{4,12}\Z"))
    day = ma.fields.Date(format="%Y-%m-%d", load_default=None)
    missing = ma.fields.Boolean(load_default=False)


class StaffingArgs(StrictSchema):
    """Whose page; nothing for whoever works for one home alone."""

    site = ma.fields.Integer(load_default=None)


class WeekForm(StrictSchema):
    """A week by its Monday."""

    week = ma.fields.Date(format="%Y-%m-%d", required=True)


class StaffingForm(WeekForm):
    """Caregivers on duty in each shift, every day of the week."""

    morning = ma.fields.Integer(required=True, validate=A_SHIFT)
    afternoon = ma.fields.Integer(required=True, validate=A_SHIFT)
    night = ma.fields.Integer(required=True, validate=A_SHIFT)


class StaffingFilters(StrictSchema):
    division = ma.fields.String(load_default=None, validate=ma.validate.Regexp(r"^\d{4,12}\Z"))
    staffing = ma.fields.Enum(Staffing, by_value=True, load_default=None)
