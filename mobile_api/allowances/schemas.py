"""Allowances as a phone reads them. Money is whole fen; sentences are in the reader's language."""

import marshmallow as ma

from server.caregivers.allowances.terms import Programme
from server.web.answers import AnswerSchema
from server.web.blueprints import StrictSchema


class AllowanceReasonSchema(AnswerSchema):
    """One thing that was looked at: whether it holds, why, by which clause, and what to do."""

    code = ma.fields.String()
    holds = ma.fields.Boolean()
    sentence = ma.fields.String()
    clause = ma.fields.String()
    advice = ma.fields.String()


class OwnAllowanceSchema(AnswerSchema):
    programme = ma.fields.String()
    programme_name = ma.fields.String()
    period = ma.fields.String()
    period_name = ma.fields.String()
    band_name = ma.fields.String()
    state = ma.fields.String()
    amount_fen = ma.fields.Integer()
    standard_fen = ma.fields.Integer()
    due_on = ma.fields.Date(allow_none=True)
    reasons = ma.fields.List(ma.fields.Nested(AllowanceReasonSchema))


class AllowanceClaimSchema(AnswerSchema):
    id = ma.fields.Integer()
    programme = ma.fields.String()
    programme_name = ma.fields.String()
    period = ma.fields.String()
    state = ma.fields.String()
    state_name = ma.fields.String()
    amount_fen = ma.fields.Integer()
    handed_in_at = ma.fields.AwareDateTime()
    words = ma.fields.String()
    missing = ma.fields.List(ma.fields.String())
    can_withdraw = ma.fields.Boolean()


class ClaimableSchema(AnswerSchema):
    """What could be claimed; `closes_on` while claims are taken, else `opens_on` of the next."""

    programme = ma.fields.String()
    programme_name = ma.fields.String()
    amount_fen = ma.fields.Integer()
    periods = ma.fields.List(ma.fields.String())
    may_claim = ma.fields.Boolean()
    closes_on = ma.fields.Date(allow_none=True)
    opens_on = ma.fields.Date(allow_none=True)
    missing = ma.fields.List(ma.fields.String())


class OwnAllowancesSchema(AnswerSchema):
    """`month` is the present one so far; `year_fen` is what this year's months came to."""

    is_caregiver = ma.fields.Boolean()
    caregiver_name = ma.fields.String()
    month = ma.fields.List(ma.fields.Nested(OwnAllowanceSchema))
    months = ma.fields.List(ma.fields.Nested(OwnAllowanceSchema))
    steps = ma.fields.List(ma.fields.Nested(OwnAllowanceSchema))
    year = ma.fields.Integer()
    year_fen = ma.fields.Integer()
    claimable = ma.fields.List(ma.fields.Nested(ClaimableSchema))
    claims = ma.fields.List(ma.fields.Nested(AllowanceClaimSchema))


class ClaimAllowanceSchema(StrictSchema):
    programme = ma.fields.Enum(Programme, by_value=True, required=True)
