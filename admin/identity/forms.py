"""What is typed at the door, about oneself, and about others' accounts and keys."""

from typing import Any

import marshmallow as ma

from server.identity.models import Role
from server.identity.scopes import BED_RETURNS, FIELDS_OF
from server.web.blueprints import NameField, StrictSchema
from server.web.keys import LARGEST_KEY
from server.web.pages import PageArgs

LONGEST_PASSWORD = 200
ACTS = ("disable", "enable", "reset-password", "reset-second-factor", "end-sign-ins",
        "end-office", "end-sign-in", "revoke-passkey")  # fmt: skip
DONE = (*ACTS, "give-office", "password", "passkey-added", "passkey-renamed", "passkey-removed")
LONGEST_ANSWER = 16_000
MOST_SITES = 2_000


def _text(most: int, *, least: int = 1) -> ma.fields.String:
    return ma.fields.String(required=True, validate=ma.validate.Length(min=least, max=most))


class SignInForm(StrictSchema):
    sign_in_name = _text(60)
    password = _text(LONGEST_PASSWORD)


class CodeForm(StrictSchema):
    """The code of an authenticator, or one from paper."""

    code = _text(40)


class ChosenPassword(StrictSchema):
    """A new password, typed twice because it is not seen."""

    password = _text(LONGEST_PASSWORD)
    again = _text(LONGEST_PASSWORD)

    @ma.validates_schema
    def check_typed_alike(self, typed: dict[str, Any], **_: Any) -> None:
        if typed.get("password") != typed.get("again"):
            raise ma.ValidationError({"again": ["The two passwords differ."]})


class JoinForm(ChosenPassword):
    sign_in_name = _text(60)
    code = _text(40)


class ChangePasswordForm(ChosenPassword):
    present = _text(LONGEST_PASSWORD)


class PresentPasswordForm(StrictSchema):
    present = _text(LONGEST_PASSWORD)


class LabelForm(StrictSchema):
    label = NameField(most=60, required=True)


class AnswerForm(StrictSchema):
    """What a passkey has signed, as the browser's JSON."""

    answer = _text(LONGEST_ANSWER)


class NewPasskeyForm(LabelForm, AnswerForm):
    """A new passkey with the name its owner gives it."""


class StaffArgs(PageArgs):
    name = ma.fields.String(load_default="", validate=ma.validate.Length(max=60))
    role = ma.fields.Enum(Role, by_value=True, load_default=None)
    division = ma.fields.String(load_default=None, validate=ma.validate.Regexp(r"^\d{4,12}\Z"))
    state = ma.fields.String(load_default=None, validate=ma.validate.OneOf(["open", "disabled"]))
    limit = ma.fields.Integer(load_default=50, validate=ma.validate.Range(min=1, max=100))


class PersonArgs(StrictSchema):
    done = ma.fields.String(load_default=None, validate=ma.validate.OneOf(DONE))


class InviteForm(StrictSchema):
    sign_in_name = ma.fields.String(
        required=True, validate=ma.validate.Regexp(r"^[a-z0-9][a-z0-9._-]{1,59}\Z")
    )
    display_name = NameField(most=60, required=True)
    phone = ma.fields.String(load_default=None, validate=ma.validate.Length(max=30))
    reason = _text(400, least=2)


class ActForm(StrictSchema):
    """One thing to do with an account; some name the office, sign-in or passkey they end."""

    act = ma.fields.String(
        required=True, validate=ma.validate.Regexp(rf"^({'|'.join(ACTS)})(:\d{{1,18}})?\Z")
    )
    reason = _text(400, least=2)


class PlaceArgs(StrictSchema):
    place = ma.fields.String(load_default="", validate=ma.validate.Length(max=60))


class OfficeForm(StrictSchema):
    """`held_at` is a division (`d140502`) or a site (`s17`); `until` is the last day, included."""

    role = ma.fields.Enum(Role, by_value=True, required=True)
    held_at = ma.fields.String(
        required=True, validate=ma.validate.Regexp(r"^(d\d{4,12}|s[1-9]\d{0,17})\Z")
    )
    starts_on = ma.fields.Date(required=True)
    until = ma.fields.Date(load_default=None)
    reason = _text(400, least=2)


def _sites(**given: Any) -> ma.fields.List:
    one = ma.fields.Integer(validate=ma.validate.Range(min=1, max=LARGEST_KEY))
    return ma.fields.List(one, **given)


class IssueForm(StrictSchema):
    """`sites` are the facilities that a key which files returns does so for."""

    owner = _text(120, least=2)
    purpose = _text(200, least=2)
    scope = ma.fields.String(required=True, validate=ma.validate.OneOf(sorted(FIELDS_OF)))
    fields_given = ma.fields.List(
        ma.fields.String(validate=ma.validate.Length(max=60)),
        required=True,
        validate=ma.validate.Length(min=1, max=60),
    )
    rate_per_minute = ma.fields.Integer(required=True, validate=ma.validate.Range(min=1, max=6000))
    days = ma.fields.Integer(required=True, validate=ma.validate.Range(min=1, max=366))
    sites = _sites(load_default=list, validate=ma.validate.Length(max=MOST_SITES))
    reason = _text(400, least=2)

    @ma.validates_schema
    def check_sites_are_for_filing(self, typed: dict[str, Any], **_: Any) -> None:
        files = typed.get("scope") == BED_RETURNS
        if files and not typed.get("sites"):
            raise ma.ValidationError({"sites": ["Choose the facilities it files for."]})
        if typed.get("sites") and not files:
            raise ma.ValidationError({"sites": ["Only a key that files returns has facilities."]})


class SitesForm(StrictSchema):
    sites = _sites(required=True, validate=ma.validate.Length(min=1, max=MOST_SITES))
    reason = _text(400, least=2)


class RevokeForm(StrictSchema):
    reason = _text(400, least=2)


def an_office_or_sign_in(act: str) -> tuple[str, int | None]:
    """Return what is to be done, and the key of what it ends, from `end-office:17`."""
    deed, _, number = act.partition(":")
    key = int(number) if number else None
    return deed, key if key is not None and key <= LARGEST_KEY else None
