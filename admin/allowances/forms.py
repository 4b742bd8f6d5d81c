"""What is asked for and typed in about allowances."""

import marshmallow as ma

from admin.homecare.forms import A_REASON, a_day, a_month, a_number
from server.caregivers.allowances.models import ClaimState, Standing
from server.caregivers.allowances.terms import Programme
from server.web.blueprints import StrictSchema


def a_programme(**given: object) -> ma.fields.Enum:
    return ma.fields.Enum(Programme, by_value=True, **given)  # type: ignore[arg-type]


class MonthFilters(StrictSchema):
    month = a_month(load_default=None)
    site_id = a_number(load_default=None, data_key="site")
    programme = a_programme(load_default=None)
    state = ma.fields.Enum(Standing, by_value=True, load_default=None)
    reason = ma.fields.String(load_default=None, validate=ma.validate.Regexp(r"[a-z-]{3,40}\Z"))


class ReckonForm(StrictSchema):
    site = a_number(required=True)


class PersonFilters(StrictSchema):
    """`known_on` asks what was known on the evening of a day."""

    known_on = a_day(load_default=None)


class ClaimFilters(StrictSchema):
    state = ma.fields.Enum(ClaimState, by_value=True, load_default=None)
    programme = a_programme(load_default=None)
    site_id = a_number(load_default=None, data_key="site")


class HandInForm(StrictSchema):
    programme = a_programme(required=True)


class GiveBackForm(StrictSchema):
    words = ma.fields.String(required=True, validate=A_REASON)
