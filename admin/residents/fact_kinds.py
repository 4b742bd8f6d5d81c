"""The kinds of facts in a person's file: for each its form, and how it is noted and put right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import marshmallow as ma
from sqlmodel import Session

from admin.residents import fact_forms as forms
from server.residents import documents
from server.residents.facts import queries, service
from server.residents.facts.models import (
    CareInsurance,
    DisabilityCertificate,
    Guardianship,
    Hukou,
    PayeeAccount,
)


@dataclass(frozen=True)
class Kind:
    """A kind of fact; the catalogues name it by `code`, which stands in addresses too."""

    code: str
    form: type[forms.FactForm]
    to_correct: type[forms.FactForm]


@dataclass(frozen=True)
class Dated(Kind):
    """Facts that hold from a day to a day."""

    model: type[queries.Period]

    def all_of(self, session: Session, resident_id: int) -> Sequence[Any]:
        return queries.list_facts(session, self.model, resident_id)

    def get(self, session: Session, resident_id: int, fact_id: int) -> Any:
        return queries.get_fact(session, self.model, resident_id, fact_id)

    def note(self, session: Session, resident_id: int, **values: Any) -> None:
        service.note_fact(session, resident_id, self.model, values)

    def correct(self, session: Session, resident_id: int, fact_id: int, **values: Any) -> None:
        service.correct_fact(session, resident_id, self.model, fact_id, values)

    def end(self, session: Session, resident_id: int, fact_id: int, *, last_day: Any) -> None:
        """The form says the last day; a period ends on the day after."""
        ends_on = last_day + forms.A_DAY
        service.end_fact(session, resident_id, self.model, fact_id, ends_on=ends_on)


@dataclass(frozen=True)
class Documents(Kind):
    """Other documents, which hold for good, or are taken out."""

    def all_of(self, session: Session, resident_id: int) -> Sequence[Any]:
        return documents.list_documents(session, resident_id)

    def get(self, session: Session, resident_id: int, fact_id: int) -> Any:
        return documents.get_document(session, resident_id, fact_id)

    def note(self, session: Session, resident_id: int, **values: Any) -> None:
        documents.note_document(session, resident_id, **values)

    def correct(self, session: Session, resident_id: int, fact_id: int, **values: Any) -> None:
        documents.correct_document(session, resident_id, fact_id, **values)

    def remove(self, session: Session, resident_id: int, fact_id: int) -> None:
        documents.remove_document(session, resident_id, fact_id)


FactKind = Dated | Documents

DOCUMENTS = Documents("document", forms.DocumentForm, forms.CorrectDocumentForm)
PAYEE = Dated("payee", forms.PayeeForm, forms.CorrectPayeeForm, PayeeAccount)
KINDS: Mapping[str, FactKind] = {
    kind.code: kind
    for kind in (
        Dated("hukou", forms.HukouForm, forms.HukouForm, Hukou),
        Dated("disability", forms.DisabilityForm, forms.DisabilityForm, DisabilityCertificate),
        Dated("guardian", forms.GuardianForm, forms.GuardianForm, Guardianship),
        Dated("insurance", forms.InsuranceForm, forms.InsuranceForm, CareInsurance),
        PAYEE,
        DOCUMENTS,
    )
}


def as_typed(form: type[ma.Schema], fact: Any) -> dict[str, str]:
    """Return a fact as its form holds it; what is sealed is left empty, and stays."""
    columns = getattr(form, "COLUMNS", {})
    typed = {
        name: getattr(fact, columns.get(name, name), None)
        for name in form().fields
        if name not in ("last_day", "certificate_number", "document_number", "account")
    }
    if getattr(fact, "ends_on", None) is not None:
        typed["last_day"] = max(fact.ends_on - forms.A_DAY, fact.starts_on)
    return {name: _as_text(value) for name, value in typed.items() if value is not None}


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    return str(getattr(value, "value", value)).removeprefix("+86")
