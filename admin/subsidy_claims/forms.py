"""What is asked for and typed in about approvals, notices and claims."""

import marshmallow as ma

from admin.homecare.forms import A_REASON, a_day, a_month, a_number
from admin.subsidies.forms import a_mark
from admin.subsidy_money.forms import MOST_YUAN, an_amount
from server.policies.programmes.terms import MARK
from server.subsidies.approvals.rules import BANDS
from server.subsidies.claims.deciding import MOST_AT_ONCE
from server.subsidies.claims.models import Claimant, ClaimState
from server.subsidies.models import RunStage
from server.web.blueprints import StrictSchema

LONGEST_LIST = 500
A_DIGEST = ma.validate.Regexp(r"[0-9a-f]{64}\Z")
A_COUNTY = ma.validate.Regexp(r"[0-9]{6}\Z")


class RunFilters(StrictSchema):
    stage = ma.fields.Enum(RunStage, by_value=True, load_default=None)
    programme = a_mark(load_default=None)


class LineFilters(StrictSchema):
    band = ma.fields.Integer(load_default=None, validate=ma.validate.Range(0, len(BANDS)))
    site_id = a_number(load_default=None, data_key="site")


class SignForm(StrictSchema):
    """The control total, as it was read and is typed; below nought where more is taken back."""

    amount = an_amount(lowest=-MOST_YUAN)


class WordsForm(StrictSchema):
    words = ma.fields.String(required=True, validate=A_REASON)


class HoldForm(WordsForm):
    number = ma.fields.List(a_number(), required=True, validate=ma.validate.Length(1, LONGEST_LIST))


class NoticeFilters(StrictSchema):
    stands = ma.fields.Boolean(load_default=None)


class PaperFilters(StrictSchema):
    county = ma.fields.String(load_default="", validate=A_COUNTY)


class ObjectionForm(StrictSchema):
    """What somebody says at a window, and how to reach them."""

    said = ma.fields.String(required=True, validate=ma.validate.Length(2, 400))
    contact = ma.fields.String(load_default="", validate=ma.validate.Length(max=60))
    line = a_number(load_default=None)


class AnswerForm(StrictSchema):
    answer = ma.fields.String(required=True, validate=ma.validate.Length(2, 400))
    is_upheld = ma.fields.Boolean(required=True)


class ClaimFilters(StrictSchema):
    state = ma.fields.Enum(ClaimState, by_value=True, load_default=None)
    programme = a_mark(load_default=None)
    claimant = ma.fields.Enum(Claimant, by_value=True, load_default=None)
    is_late = ma.fields.Boolean(load_default=False, data_key="late")


class DeskFilters(StrictSchema):
    programme = a_mark(load_default=None)
    is_late = ma.fields.Boolean(load_default=False, data_key="late")


class BeginForOneForm(StrictSchema):
    programme = a_mark(required=True)
    first_month = a_month(required=True)


class BeginForm(BeginForOneForm):
    claimant_id = a_number(required=True)


class PaperForm(StrictSchema):
    evidence = ma.fields.String(required=True, validate=ma.validate.Regexp(MARK))


class SeenForm(StrictSchema):
    """The digest of what the officer was shown."""

    seen = ma.fields.String(required=True, validate=A_DIGEST)


class AllForm(StrictSchema):
    claim = ma.fields.List(a_number(), required=True, validate=ma.validate.Length(1, MOST_AT_ONCE))


class StandInForm(StrictSchema):
    stand_in_id = a_number(required=True)
    first_on = a_day(required=True)
    last_on = a_day(required=True)
    words = ma.fields.String(load_default="", validate=ma.validate.Length(max=200))
