"""What a window types in about facts, documents and contacts of a person."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar

import marshmallow as ma

from admin.residents.forms import a_day, a_text
from server.residents.facts.models import (
    CareScheme,
    DisabilityCategory,
    GuardianBasis,
    HukouKind,
    Incapacity,
)
from server.residents.models import DocumentKind, Relation
from server.web.blueprints import StrictSchema

A_DAY = timedelta(days=1)
MOST_LETTERS_OF_A_NUMBER = 60


def one_of(choices: Any, **given: Any) -> ma.fields.Enum:
    return ma.fields.Enum(choices, by_value=True, **given)


class FactForm(StrictSchema):
    """Fields are named for their reader; `COLUMNS` says what the register calls them."""

    COLUMNS: ClassVar[Mapping[str, str]] = {}

    @ma.post_load
    def as_columns(self, values: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Return the values by column; a period ends on the day after its last."""
        known = {self.COLUMNS.get(name, name): value for name, value in values.items()}
        if "last_day" in known:
            last_day = known.pop("last_day")
            known["ends_on"] = last_day + A_DAY if last_day else None
        return known


class PeriodForm(FactForm):
    starts_on = a_day(required=True)
    last_day = a_day(load_default=None)


class HukouForm(PeriodForm):
    COLUMNS = {"hukou_kind": "kind"}

    hukou_kind = one_of(HukouKind, required=True)
    division_code = ma.fields.String(
        load_default=None, validate=ma.validate.Regexp(r"^\d{4}(\d{2}(\d{3}(\d{3})?)?)?\Z")
    )
    place = a_text(100, load_default=None)


class DisabilityForm(PeriodForm):
    COLUMNS = {"certificate_number": "number"}

    certificate_number = a_text(MOST_LETTERS_OF_A_NUMBER, load_default=None)
    category = one_of(DisabilityCategory, load_default=None)
    grade = ma.fields.Integer(load_default=None, validate=ma.validate.Range(1, 4))


class GuardianForm(PeriodForm):
    incapacity = one_of(Incapacity, required=True)
    basis = one_of(GuardianBasis, required=True)
    guardian_name = a_text(60, required=True)
    relation = one_of(Relation, required=True)
    phone = a_text(30, required=True)


class InsuranceForm(PeriodForm):
    scheme = one_of(CareScheme, required=True)
    level = ma.fields.Integer(load_default=None, validate=ma.validate.Range(0, 5))


class PayeeForm(PeriodForm):
    COLUMNS = {"payee_name": "holder_name", "payee_relation": "relation"}

    bank = a_text(60, required=True)
    account = a_text(MOST_LETTERS_OF_A_NUMBER, required=True)
    payee_name = a_text(60, required=True)
    payee_relation = one_of(Relation, load_default=None)


class CorrectPayeeForm(PayeeForm):
    """Left empty, the account's number stays as it is."""

    account = a_text(MOST_LETTERS_OF_A_NUMBER, load_default=None)


class DocumentForm(FactForm):
    COLUMNS = {"document_kind": "kind", "document_number": "number"}

    document_kind = one_of(DocumentKind, required=True)
    document_number = a_text(MOST_LETTERS_OF_A_NUMBER, required=True)
    expires_on = a_day(load_default=None)


class CorrectDocumentForm(DocumentForm):
    """Left empty, the number stays as it is."""

    document_number = a_text(MOST_LETTERS_OF_A_NUMBER, load_default=None)


class CallForm(FactForm):
    """Somebody to call."""

    COLUMNS = {"contact_name": "name", "contact_phone": "phone", "contact_relation": "relation"}

    contact_name = a_text(60, required=True)
    contact_phone = a_text(30, required=True)
    contact_relation = one_of(Relation, required=True)
    is_emergency = ma.fields.Boolean(load_default=False)
    call_order = ma.fields.Integer(load_default=1, validate=ma.validate.Range(1, 9))
    note = a_text(100, load_default="")
