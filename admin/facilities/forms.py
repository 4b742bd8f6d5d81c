"""What is typed in about beds and stays; a day left empty is today."""

from datetime import date
from typing import Any

import marshmallow as ma

from server.facilities.models import AT_PEOPLES_HOMES, BedKind, BedState, EndReason
from server.residents.models import Relation
from server.web.blueprints import StrictSchema
from server.web.keys import LARGEST_KEY

OUT_OF_USE = (BedState.UNDER_REPAIR, BedState.CLOSED, BedState.OTHER_USE)
ADMIT, HOLD = "admit", "hold"


def a_day(**given: Any) -> ma.fields.Date:
    return ma.fields.Date(format="%Y-%m-%d", **given)


def a_text(most: int, **given: Any) -> ma.fields.String:
    return ma.fields.String(validate=ma.validate.Length(max=most), **given)


def a_key(**given: Any) -> ma.fields.Integer:
    return ma.fields.Integer(validate=ma.validate.Range(min=1, max=LARGEST_KEY), **given)


def a_choice(words: Any, **given: Any) -> ma.fields.Enum:
    return ma.fields.Enum(words, by_value=True, **given)


class BedArgs(StrictSchema):
    """`to` is the bed onto which somebody was dragged."""

    to = a_key(load_default=None)


class DayForm(StrictSchema):
    """`bed` is the one whose card the form stands on."""

    bed = a_key(load_default=None)
    day = a_day(load_default=None)


class CancelForm(StrictSchema):
    bed = a_key(load_default=None)


class HospitalForm(DayForm):
    keeps_bed = ma.fields.Boolean(load_default=False)


class ReturnForm(DayForm):
    into = a_key(load_default=None)


class MoveForm(DayForm):
    into = a_key(required=True)


class DischargeForm(DayForm):
    end_reason = a_choice(EndReason, required=True)


class OutOfUseForm(StrictSchema):
    day = a_day(load_default=None)
    state = a_choice(BedState, required=True, validate=ma.validate.OneOf(OUT_OF_USE))
    reason = ma.fields.String(required=True, validate=ma.validate.Length(min=2, max=200))


class InUseForm(StrictSchema):
    day = a_day(load_default=None)


class CleanedForm(StrictSchema):
    """Nothing to say."""


class AdmissionArgs(StrictSchema):
    bed = a_key(load_default=None)
    resident = a_key(load_default=None)


class IntroductionForm(StrictSchema):
    bed = a_key(load_default=None)
    name = a_text(60, required=True)
    id_number = a_text(40, required=True)


class AdmissionForm(StrictSchema):
    """The bed, from which day, and whether somebody comes now or is expected."""

    bed = a_key(required=True)
    day = a_day(load_default=None)
    note = a_text(200, load_default="")
    deed = ma.fields.String(required=True, validate=ma.validate.OneOf([ADMIT, HOLD]))


class NewcomerForm(AdmissionForm):
    """The same for somebody whom the register does not know."""

    name = a_text(60, required=True)
    id_number = a_text(40, required=True)
    phone = a_text(30, load_default=None)
    village_code = ma.fields.String(required=True, validate=ma.validate.Regexp(r"^\d{12}\Z"))
    address = a_text(300, load_default="")
    contact_name = a_text(60, required=True)
    contact_phone = a_text(30, required=True)
    contact_relation = a_choice(Relation, required=True)


class RoomsForm(StrictSchema):
    floor = ma.fields.Integer(required=True, validate=ma.validate.Range(min=-5, max=100))
    numbers = a_text(200, required=True)
    beds_each = ma.fields.Integer(required=True, validate=ma.validate.Range(min=1, max=12))
    kind = a_choice(
        BedKind,
        required=True,
        validate=ma.validate.NoneOf(AT_PEOPLES_HOMES),
    )
    is_nursing = ma.fields.Boolean(load_default=False)


class RoomForm(StrictSchema):
    name = a_text(20, required=True)


class BedForm(StrictSchema):
    """Evidence is given a line each."""

    label = a_text(30, required=True)
    is_nursing = ma.fields.Boolean(load_default=False)
    evidence = a_text(1000, load_default="")

    @ma.post_load
    def read_lines(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Return the lines that say something as `nursing_evidence`."""
        lines = [line.strip() for line in values.pop("evidence").splitlines()]
        return {**values, "nursing_evidence": [line for line in lines if line]}


class OverviewArgs(StrictSchema):
    """`known` is asked with a time of that day, or until its end."""

    division = ma.fields.String(load_default=None, validate=ma.validate.Regexp(r"^\d{4,12}\Z"))
    kind = a_choice(BedKind, load_default=None)
    day = a_day(load_default=None, validate=ma.validate.Range(min=date(1900, 1, 1)))
    known = a_day(load_default=None, validate=ma.validate.Range(min=date(1900, 1, 1)))
    known_time = ma.fields.Time(load_default=None)


class NoFilters(StrictSchema):
    """A page that can be asked in one way only."""


class HistoryArgs(StrictSchema):
    division = ma.fields.String(load_default=None, validate=ma.validate.Regexp(r"^\d{4,12}\Z"))
    kind = a_choice(BedKind, load_default=None)
    days = ma.fields.Integer(load_default=90, validate=ma.validate.OneOf([30, 90, 365]))


class CheckForm(StrictSchema):
    """The list itself comes as a file."""


class SealedForm(StrictSchema):
    """The list that was checked, as the page of the check holds it."""

    sealed = ma.fields.String(required=True)
