"""What a window types in about people; texts are trimmed, what is not named is refused."""

from typing import Any

import marshmallow as ma

from admin.exports import CSV, XLSX
from server.i18n.catalogues import marked
from server.residents.consents.models import GivenHow, Giver, Purpose
from server.residents.departures.models import DepartureKind
from server.residents.models import (
    DocumentKind,
    HardshipTier,
    HelperScope,
    Relation,
    Sex,
    SpecialCare,
)
from server.web.blueprints import NameField, StrictSchema


def a_day(**given: Any) -> ma.fields.Date:
    return ma.fields.Date(format="%Y-%m-%d", **given)


def a_text(most: int, **given: Any) -> ma.fields.String:
    return ma.fields.String(validate=ma.validate.Length(max=most), **given)


class SearchForm(StrictSchema):
    term = a_text(60, required=True)


class ExportForm(SearchForm):
    """The same question, as a file; `kind` is its ending."""

    kind = ma.fields.String(required=True, validate=ma.validate.OneOf([CSV, XLSX]))
    reason = ma.fields.String(required=True, validate=ma.validate.Length(min=2, max=200))


class OpeningForm(StrictSchema):
    reason = ma.fields.String(required=True, validate=ma.validate.Length(min=2, max=200))


class ContactForm(StrictSchema):
    phone = a_text(30, load_default=None)
    address = a_text(300, load_default="")
    village_code = ma.fields.String(required=True, validate=ma.validate.Regexp(r"^\d{12}\Z"))


class ScopesForm(StrictSchema):
    """What a helper may do, a box for each."""

    may_book_meals = ma.fields.Boolean(load_default=False)
    may_see_visits = ma.fields.Boolean(load_default=False)
    may_apply = ma.fields.Boolean(load_default=False)
    may_see_health = ma.fields.Boolean(load_default=False)

    @ma.post_load
    def gather(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Return the boxes as one list of `scopes`."""
        scopes = [scope for scope in HelperScope if values.pop(f"may_{scope.value}")]
        return {**values, "scopes": scopes}


class HelperForm(ScopesForm):
    """Somebody who shall act for a resident."""

    holder_name = NameField(most=60, required=True)
    helper_phone = a_text(30, required=True)
    relation = ma.fields.Enum(Relation, by_value=True, required=True)
    last_day = a_day(load_default=None)


class SeenForm(StrictSchema):
    """What a window says before it does something about a phone."""

    has_seen = ma.fields.Boolean(required=True, validate=ma.validate.Equal(True))
    reason = ma.fields.String(required=True, validate=ma.validate.Length(min=2, max=400))
    new_phone = a_text(30, load_default=None)


class NewPhoneForm(SeenForm):
    new_phone = a_text(30, required=True)


class EntryForm(ContactForm, ScopesForm):
    """A person who is not in the register yet, and perhaps their helper."""

    name = NameField(most=60, required=True)
    id_number = a_text(40, load_default=None)
    sex = ma.fields.Enum(Sex, by_value=True, load_default=None)
    born_on = a_day(load_default=None)
    signs_in = ma.fields.Boolean(load_default=False)
    is_another = ma.fields.Boolean(load_default=False)
    holder_name = NameField(most=60, load_default=None)
    helper_phone = a_text(30, load_default=None)
    relation = ma.fields.Enum(Relation, by_value=True, load_default=None)
    document_kind = ma.fields.Enum(DocumentKind, by_value=True, load_default=None)
    document_number = a_text(60, load_default=None)
    contact_name = NameField(most=60, load_default=None)
    contact_phone = a_text(30, load_default=None)
    contact_relation = ma.fields.Enum(Relation, by_value=True, load_default=None)

    @ma.validates_schema
    def parts_are_whole(self, values: dict[str, Any], **_: Any) -> None:
        """A helper, a document and a contact are said whole, or there is none."""
        missing = {name for part in PARTS_OF_AN_ENTRY for name in _missing(part, values)}
        if missing:
            told = [marked("Missing data for required field.")]
            raise ma.ValidationError(dict.fromkeys(missing, told))


class ParticularsForm(StrictSchema):
    """Who a person is by their papers, and why what was registered is put right."""

    name = NameField(most=60, required=True)
    id_number = a_text(40, load_default=None)
    sex = ma.fields.Enum(Sex, by_value=True, load_default=None)
    born_on = a_day(load_default=None)
    reason = ma.fields.String(required=True, validate=ma.validate.Length(min=2, max=200))


PARTS_OF_AN_ENTRY = (
    {"holder_name", "helper_phone", "relation"},
    {"document_kind", "document_number"},
    {"contact_name", "contact_phone", "contact_relation"},
)


def _missing(part: set[str], values: dict[str, Any]) -> set[str]:
    given = {name for name in part if values.get(name)}
    return part - given if given else set()


class HardshipForm(StrictSchema):
    """`none` is no tier to note: it is the absence of a period."""

    tier = ma.fields.Enum(
        HardshipTier,
        by_value=True,
        required=True,
        validate=ma.validate.NoneOf([HardshipTier.NONE]),
    )
    starts_on = a_day(required=True)


class SpecialCareForm(StrictSchema):
    care = ma.fields.Enum(SpecialCare, by_value=True, required=True)
    starts_on = a_day(required=True)


class EndForm(StrictSchema):
    last_day = a_day(required=True)


class DepartureForm(StrictSchema):
    kind = ma.fields.Enum(DepartureKind, by_value=True, required=True)
    happened_on = a_day(required=True)


class ReversalForm(StrictSchema):
    reason = ma.fields.String(required=True, validate=ma.validate.Length(min=2, max=400))


class ClosingForm(StrictSchema):
    """Why the account of a resident's own phone is closed, and what becomes of the meals."""

    bookings = ma.fields.String(required=True, validate=ma.validate.OneOf(["keep", "cancel"]))
    reason = ma.fields.String(required=True, validate=ma.validate.Length(min=2, max=400))


class ConsentForm(StrictSchema):
    """A consent given on paper or by word; what is given in the app is not written down here."""

    purpose = ma.fields.Enum(Purpose, by_value=True, required=True)
    how = ma.fields.Enum(
        GivenHow, by_value=True, required=True, validate=ma.validate.NoneOf([GivenHow.APP])
    )
    given_by = ma.fields.Enum(Giver, by_value=True, required=True)
    giver_name = a_text(60, load_default=None)
    witness_name = a_text(60, required=True)
