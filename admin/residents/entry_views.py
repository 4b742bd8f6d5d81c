"""A new person, with the phone that signs in and a helper, on one page."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, redirect, request, url_for
from sqlmodel import Session

from admin.forms import submitted
from admin.pages import page
from admin.residents.forms import EntryForm
from admin.words import word
from server.errors import DomainError
from server.i18n.catalogues import gettext as _
from server.people import papers
from server.residents import (
    contacts,
    documents,
    grants,
    openings,
    register,
    registering,
    rules,
)
from server.residents.contacts import Contact
from server.residents.errors import AlreadyRegistered, DocumentKnown, LooksRegistered
from server.residents.models import DocumentKind, HelperScope, Relation, Sex
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "residents_entry", __name__, url_prefix="/residents", template_folder="templates"
)

ENTRY = "admin/residents/entry.html"
OF_THE_PERSON = (
    "name", "id_number", "sex", "born_on", "phone", "address", "village_code", "is_another"
)  # fmt: skip


@blueprint.get("/new")
@reads("residents.register")
def show_entry(*, session: Session) -> str:
    """The empty form."""
    return _form(session)


@blueprint.post("/new")
@submits("residents.register")
def enter(*, session: Session) -> Any:
    """Enter the person and all that was said of them, or nothing."""
    values, errors = submitted(EntryForm)
    if errors:
        return _form(session, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with session.begin_nested():
            resident_id = _enter(session, values)
    except DomainError as refusal:
        known = _known(session, refusal, values)
        return _form(session, refusal=refusal, known=known), STATUS[refusal.kind]
    openings.open_file(session, resident_id, reason=_("Entered into the register"))
    return redirect(
        url_for("residents_file.show_person", resident_id=resident_id), HTTPStatus.SEE_OTHER
    )


def _enter(session: Session, values: dict[str, Any]) -> int:
    entry = registering.Entry(**{name: values[name] for name in OF_THE_PERSON})
    resident_id = registering.enter_resident(session, entry).id
    assert resident_id is not None, "a flushed row has its key"
    if values["signs_in"] and values["phone"]:
        grants.let_sign_in(session, resident_id, phone=values["phone"])
    _note_papers(session, resident_id, values)
    if values["helper_phone"]:
        grants.bind_helper(
            session,
            resident_id,
            phone=values["helper_phone"],
            holder_name=values["holder_name"],
            relation=values["relation"],
            scopes=values["scopes"],
        )
    return resident_id


def _note_papers(session: Session, resident_id: int, values: dict[str, Any]) -> None:
    """The other document, and whom to call, if they were said."""
    if values["document_number"]:
        kind, number = values["document_kind"], values["document_number"]
        documents.note_document(session, resident_id, kind=kind, number=number)
    if values["contact_phone"]:
        contact = Contact(
            name=values["contact_name"],
            relation=values["contact_relation"],
            phone=values["contact_phone"],
            is_emergency=True,
        )
        contacts.note_contact(session, resident_id, contact)


def _known(session: Session, refusal: DomainError, values: dict[str, Any]) -> list[Any]:
    """Those whom the new person may be, as far as this office may know them."""
    if isinstance(refusal, AlreadyRegistered):
        number = papers.check_id_number(values["id_number"])
        holder = register.find_by_id_number(session, number)
        return [holder] if holder else []
    if isinstance(refusal, DocumentKnown):
        number = rules.read_document(values["document_kind"], values["document_number"])
        holder = register.find_by_document(session, number)
        return [holder] if holder else []
    if isinstance(refusal, LooksRegistered):
        return [register.get_in_reach(session, one) for one in refusal.facts["resident_ids"]]
    return []


def _form(session: Session, **facts: Any) -> str:
    return page(
        session,
        ENTRY,
        typed=request.form,
        villages=register.list_villages(session),
        sexes=[(one.value, word("sex", one)) for one in Sex],
        relations=[(one.value, word("relation", one)) for one in Relation],
        document_kinds=[(one.value, word("document_kind", one)) for one in DocumentKind],
        scopes=list(HelperScope),
        **facts,
    )
