"""What a home types in about referrals, its waiting list and visits."""

import marshmallow as ma

from server.facilities.models import BedKind
from server.facilities.referrals.models import ReferralReason
from server.web.blueprints import StrictSchema


def a_text(most: int, *, least: int = 0, **given: object) -> ma.fields.String:
    return ma.fields.String(validate=ma.validate.Length(min=least, max=most), **given)


def a_day() -> ma.fields.Date:
    return ma.fields.Date(format="%Y-%m-%d", required=True)


class ReferralForm(StrictSchema):
    stay = ma.fields.Integer(required=True)
    to_site = ma.fields.Integer(required=True)
    to_kind = ma.fields.Enum(BedKind, by_value=True, required=True)
    referral_reason = ma.fields.Enum(ReferralReason, by_value=True, required=True)
    basis = a_text(200, least=2, required=True)
    keeps_bed = ma.fields.Boolean(load_default=False)


class AcceptForm(StrictSchema):
    bed = ma.fields.Integer(load_default=None)
    planned_on = a_day()


class HandoverForm(StrictSchema):
    handover_note = a_text(400, load_default="")


class DeclineForm(StrictSchema):
    decline_reason = a_text(200, least=2, required=True)


class RemoveForm(StrictSchema):
    end_reason = a_text(200, least=2, required=True)


class AnswerForm(StrictSchema):
    answer = a_text(200, load_default="")


class RefusalForm(StrictSchema):
    answer = a_text(200, least=2, required=True)
