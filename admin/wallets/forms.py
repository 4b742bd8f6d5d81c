"""What is typed in about wallets and the drawer; money in yuan, kept in fen."""

from datetime import date

import marshmallow as ma

from admin.providers.site_forms import SiteForm, Yuan, a_text
from server import clock
from server.web.blueprints import StrictSchema

LONGEST_KEY = 40


def a_key() -> ma.fields.String:
    """What a page bears once, so that pressing twice is as good as once."""
    return ma.fields.String(required=True, validate=ma.validate.Length(min=8, max=LONGEST_KEY))


class WalletsForm(StrictSchema):
    search = ma.fields.String(required=True, validate=ma.validate.Length(min=1, max=60))


class PersonArgs(StrictSchema):
    amount = Yuan(load_default=None)


class DayArgs(StrictSchema):
    day = ma.fields.Date(
        load_default=None, validate=ma.validate.Range(min=date(2000, 1, 1), max=date(2100, 1, 1))
    )


class TopUpForm(SiteForm):
    COLUMNS = {"amount": "amount_fen"}

    amount = Yuan(required=True)
    key = a_key()


class KeyForm(StrictSchema):
    key = a_key()


class TakeBackForm(StrictSchema):
    """Why an entry is to be taken back."""

    reason = a_text(200, required=True)


class WalletDecisionForm(StrictSchema):
    """Whether an entry is taken back; a no is explained."""

    agrees = ma.fields.Boolean(required=True)
    note = a_text(200, load_default="")


def not_to_come(day: date) -> None:
    """A drawer is counted for today or a day gone by: what comes later would all be late."""
    if day > clock.today():
        raise ma.ValidationError(f"Must be less than or equal to {clock.today()}.")


class CountForm(SiteForm):
    COLUMNS = {"counted": "counted_fen"}

    day = ma.fields.Date(required=True, validate=not_to_come)
    counted = Yuan(required=True)
    note = a_text(200, load_default="")


class SupplementForm(StrictSchema):
    day = ma.fields.Date(required=True, validate=not_to_come)


class NoForm(StrictSchema):
    """A button alone."""


class RefuseRefundForm(StrictSchema):
    """Why a refund cannot be given; the elder reads it."""

    reason = a_text(100, required=True)
