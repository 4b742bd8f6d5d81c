"""What is asked for and typed in about runs."""

from decimal import Decimal
from typing import Any

import marshmallow as ma

from admin.homecare.forms import A_REASON, a_month, a_number
from server.policies.programmes.terms import MARK
from server.subsidies.models import Outcome, RunKind, RunStage
from server.subsidies.reckoning.bands import BANDS
from server.subsidies.reckoning.comparing import Turn
from server.web.blueprints import StrictSchema

A_DIVISION = ma.validate.Regexp(r"[0-9]{4,12}\Z")
A_PLACE = ma.validate.Regexp(r"[a-z0-9_.]{3,120}\Z")
MOST_FIGURES = 500


def a_mark(**given: Any) -> ma.fields.String:
    return ma.fields.String(validate=ma.validate.Regexp(MARK), **given)


def a_division(**given: Any) -> ma.fields.String:
    return ma.fields.String(validate=A_DIVISION, **given)


class RunFilters(StrictSchema):
    programme = a_mark(load_default=None)
    stage = ma.fields.Enum(RunStage, by_value=True, load_default=None)
    kind = ma.fields.Enum(RunKind, by_value=True, load_default=None)
    month = a_month(load_default=None)
    division = a_division(load_default=None)


class StartForm(StrictSchema):
    programme = a_mark(required=True)
    month = a_month(required=True)
    months = ma.fields.Integer(required=True, validate=ma.validate.Range(1, 12))
    division = a_division(required=True)


class DiscardForm(StrictSchema):
    words = ma.fields.String(required=True, validate=A_REASON)


class LineFilters(StrictSchema):
    """`after` is the number behind which the page begins."""

    outcome = ma.fields.Enum(Outcome, by_value=True, load_default=None)
    reason = ma.fields.String(load_default=None, validate=A_PLACE)
    band = ma.fields.Integer(load_default=None, validate=ma.validate.OneOf(BANDS))
    site_id = a_number(load_default=None, data_key="site")
    after = ma.fields.Integer(load_default=0, validate=ma.validate.Range(0, 2**31 - 1))


class EvidenceFilters(StrictSchema):
    """`after` is how many rows stand before the page."""

    after = ma.fields.Integer(load_default=0, validate=ma.validate.Range(0, 2**31 - 1))


class TurnFilters(StrictSchema):
    turn = ma.fields.Enum(Turn, by_value=True, load_default=None)
    after_no = ma.fields.Integer(
        load_default=0, data_key="after", validate=ma.validate.Range(0, 2**31 - 1)
    )


class TrialForm(StrictSchema):
    """Every figure by its place, with the value it is to have; amounts in yuan."""

    place = ma.fields.List(ma.fields.String(validate=A_PLACE), required=True)
    value = ma.fields.List(
        ma.fields.Decimal(places=2, validate=ma.validate.Range(Decimal(0), Decimal(100_000_000))),
        required=True,
    )
    version = a_number(load_default=None)

    @ma.validates_schema
    def _pairs(self, values: dict[str, Any], **_given: Any) -> None:
        places = values.get("place", [])
        if len(places) != len(values.get("value", [])) or len(places) > MOST_FIGURES:
            raise ma.ValidationError("other", "value")
