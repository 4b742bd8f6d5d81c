"""联系人: whom to call about a person, in which order."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import Blueprint, redirect, request, url_for
from sqlmodel import Session

from admin.forms import submitted
from admin.residents.fact_forms import CallForm
from admin.residents.fact_kinds import as_typed
from admin.residents.file_reading import closed_page_or_none, file_page
from admin.words import word
from server.errors import DomainError
from server.residents import contacts, openings, register
from server.residents.contacts import Contact
from server.residents.models import Relation
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "residents_contacts", __name__, url_prefix="/residents/<int:resident_id>/contacts",
    template_folder="templates",
)  # fmt: skip


@blueprint.get("")
@reads("residents.open-file")
def show_contacts(*, resident_id: int, session: Session) -> Any:
    """Whom to call, and the form for one more."""
    return closed_page_or_none(session, resident_id) or _page(session, resident_id)


@blueprint.get("/<int:contact_id>")
@reads("residents.register")
def show_contact(*, resident_id: int, contact_id: int, session: Session) -> Any:
    """The form of somebody whose name, phone or order is to be put right."""
    if closed := closed_page_or_none(session, resident_id):
        return closed
    register.get_in_reach(session, resident_id)
    contact = contacts.get_contact(session, resident_id, contact_id)
    return _page(session, resident_id, contact=contact, typed=as_typed(CallForm, contact))


@blueprint.post("")
@submits("residents.register")
def note_contact(*, resident_id: int, session: Session) -> Any:
    """Note somebody to call."""
    return _done(
        session, resident_id, lambda contact: contacts.note_contact(session, resident_id, contact)
    )


@blueprint.post("/<int:contact_id>")
@submits("residents.register")
def correct_contact(*, resident_id: int, contact_id: int, session: Session) -> Any:
    """Put right what was noted of somebody to call."""
    register.get_in_reach(session, resident_id)
    return _done(
        session,
        resident_id,
        lambda one: contacts.correct_contact(session, resident_id, contact_id, one),
        contact=contacts.get_contact(session, resident_id, contact_id),
    )


@blueprint.post("/<int:contact_id>/removal")
@submits("residents.register")
def remove_contact(*, resident_id: int, contact_id: int, session: Session) -> Any:
    """Take out somebody who is no longer to be called."""
    openings.check_open(session, resident_id)
    contacts.remove_contact(session, resident_id, contact_id)
    return _back(resident_id)


def _done(session: Session, resident_id: int, do: Callable[[Contact], Any], **facts: Any) -> Any:
    """Do what the form says and come back to the page, or say on it why not."""
    openings.check_open(session, resident_id)
    values, errors = submitted(CallForm)
    facts["typed"] = request.form
    if errors:
        page = _page(session, resident_id, errors=errors, **facts)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        do(Contact(**values))
    except DomainError as refusal:
        return _page(session, resident_id, refusal=refusal, **facts), STATUS[refusal.kind]
    return _back(resident_id)


def _back(resident_id: int) -> Any:
    there = url_for("residents_contacts.show_contacts", resident_id=resident_id)
    return redirect(there, HTTPStatus.SEE_OTHER)


def _page(session: Session, resident_id: int, **facts: Any) -> str:
    noted = contacts.list_contacts(session, resident_id)
    return file_page(
        session,
        "contacts",
        register.get_in_reach(session, resident_id),
        contacts=noted,
        relations=[(one.value, word("relation", one)) for one in Relation],
        orders=[(str(one), str(one)) for one in range(1, 10)],
        next_order=str(min(len(noted) + 1, 9)),
        **{"typed": {}, "contact": None, **facts},
    )
