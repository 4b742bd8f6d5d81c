"""What is asked for and typed in about caregivers."""

from typing import Any

import marshmallow as ma

from server.caregivers.missing import Lack
from server.caregivers.models import BreachKind, Degree, InsurancePayer, LeavingReason, Post
from server.caregivers.rules import FIRST_DAY, LAST_DAY
from server.web.blueprints import NameField, StrictSchema
from server.web.keys import LARGEST_KEY

A_CALENDARS = ma.validate.Range(FIRST_DAY, LAST_DAY)
A_REASON = ma.validate.Length(min=2, max=200)
A_LEVEL = ma.validate.Range(min=1, max=5)


def a_number(**given: Any) -> ma.fields.Integer:
    return ma.fields.Integer(validate=ma.validate.Range(min=1, max=LARGEST_KEY), **given)


def a_day(**given: Any) -> ma.fields.Date:
    return ma.fields.Date(format="%Y-%m-%d", validate=A_CALENDARS, **given)


def a_month(**given: Any) -> ma.fields.Date:
    return ma.fields.Date(format="%Y-%m", validate=A_CALENDARS, **given)


def a_text(most: int, **given: Any) -> ma.fields.String:
    return ma.fields.String(validate=ma.validate.Length(max=most), **given)


def one_of(codes: Any, **given: Any) -> Any:
    return ma.fields.Enum(codes, by_value=True, **given)


class ListFilters(StrictSchema):
    """`ends_in` counts days; `works` false are those who have left."""

    site_id = a_number(load_default=None, data_key="site")
    county = ma.fields.String(load_default=None, validate=ma.validate.Regexp(r"\d{6}\Z"))
    post = one_of(Post, load_default=None)
    level = ma.fields.Integer(load_default=None, validate=A_LEVEL)
    is_certified = ma.fields.Boolean(load_default=None, data_key="certified")
    ends_in = ma.fields.Integer(load_default=None, validate=ma.validate.Range(min=1, max=365))
    works = ma.fields.Boolean(load_default=True)
    two_employers = ma.fields.Boolean(load_default=False)
    missing = one_of(Lack, load_default=None)


class SearchForm(StrictSchema):
    term = a_text(60, required=True)


class EntryForm(StrictSchema):
    site_id = a_number(required=True, data_key="site")
    name = NameField(most=60, required=True)
    id_number = a_text(40, required=True)
    phone = a_text(30, load_default=None)
    payee_bank = a_text(60, load_default="")
    payee_account = a_text(40, load_default=None)


class ParticularsForm(StrictSchema):
    name = NameField(most=60, required=True)
    phone = a_text(30, load_default=None)
    payee_bank = a_text(60, load_default="")
    payee_account = a_text(40, load_default=None)
    staff_id = a_number(load_default=None, data_key="staff")


class OpeningForm(StrictSchema):
    reason = ma.fields.String(required=True, validate=A_REASON)


class TermsForm(StrictSchema):
    site_id = a_number(required=True, data_key="site")
    starts_on = a_day(required=True)
    post = one_of(Post, required=True)
    is_front_line = ma.fields.Boolean(load_default=False)
    is_full_time = ma.fields.Boolean(load_default=False)
    on_establishment = ma.fields.Boolean(load_default=False)


class KnownForm(TermsForm):
    """Somebody of another provider is asked for by number and name."""

    name = NameField(most=60, required=True)
    id_number = a_text(40, required=True)


class LeavingForm(StrictSchema):
    last_day = a_day(required=True)
    reason = one_of(LeavingReason, required=True, data_key="leaving_reason")


class ContractForm(StrictSchema):
    """`last_day` is the one that stands on the paper; none means without a fixed term."""

    starts_on = a_day(required=True)
    last_day = a_day(load_default=None)
    number = a_text(60, load_default="")
    insurance_payer = one_of(InsurancePayer, required=True)
    insurance_payer_name = a_text(120, load_default="")


class CertificateForm(StrictSchema):
    level = ma.fields.Integer(required=True, validate=A_LEVEL)
    number = ma.fields.String(required=True, validate=ma.validate.Length(min=4, max=40))
    issuer = ma.fields.String(required=True, validate=ma.validate.Length(min=2, max=100))
    issued_on = a_day(required=True)
    valid_until = a_day(load_default=None)


class RenewalForm(StrictSchema):
    valid_until = a_day(required=True)


class EducationForm(StrictSchema):
    degree = one_of(Degree, required=True)
    school = ma.fields.String(required=True, validate=ma.validate.Length(min=2, max=100))
    subject = a_text(60, load_default="")
    obtained_on = a_day(required=True)
    recognition = a_text(60, load_default="")
    recognised_on = a_day(load_default=None)


class RecognitionForm(StrictSchema):
    recognition = ma.fields.String(required=True, validate=ma.validate.Length(min=4, max=60))
    recognised_on = a_day(required=True)


class BreachForm(StrictSchema):
    """`reason` are the words that say what happened: they stand in the trail."""

    kind = one_of(BreachKind, required=True)
    happened_on = a_day(required=True)
    document = ma.fields.String(required=True, validate=A_REASON)
    reason = ma.fields.String(required=True, validate=A_REASON)


class LiftingForm(StrictSchema):
    cleared_on = a_day(required=True)
    reason = ma.fields.String(required=True, validate=A_REASON)


class SheetFilters(StrictSchema):
    site_id = a_number(load_default=None, data_key="site")
    month = a_month(load_default=None)


class SheetForm(StrictSchema):
    """A field `days-<caregiver>` for each row; those are read apart."""

    class Meta:
        unknown = ma.EXCLUDE

    site_id = a_number(required=True, data_key="site")
    month = a_month(required=True)
    reason = a_text(200, load_default="")


class SiteForm(StrictSchema):
    site_id = a_number(load_default=None, data_key="site")


class LetGoForm(StrictSchema):
    last_day = a_day(required=True)


class SaidForm(StrictSchema):
    said = ma.fields.String(required=True, validate=A_REASON)


class SealedForm(StrictSchema):
    sealed = ma.fields.String(required=True)
