"""同意书: what a person has agreed to, and what is agreed to on paper or by word at a window."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, redirect, url_for
from sqlmodel import Session

from admin.forms import submitted
from admin.residents.file_reading import closed_page_or_none, file_page
from admin.residents.forms import ConsentForm
from admin.words import word
from server import clock
from server.errors import DomainError, NotFound
from server.i18n.catalogues import current_language
from server.residents import openings, register
from server.residents.consents import queries, service
from server.residents.consents.models import GivenHow, Giver, Purpose
from server.residents.consents.service import Paper
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "residents_consents", __name__, url_prefix="/residents/<int:resident_id>/consents",
    template_folder="templates",
)  # fmt: skip


@blueprint.get("")
@reads("residents.open-file")
def show_consents(*, resident_id: int, session: Session) -> Any:
    """What stands, what was taken back, and the form for paper."""
    return closed_page_or_none(session, resident_id) or _page(session, resident_id)


@blueprint.get("/texts/<string:purpose>")
@reads("residents.open-file")
def show_text(*, resident_id: int, purpose: str, session: Session) -> Any:
    """The text in force, to be read out, printed and signed."""
    if purpose not in set(Purpose):
        raise NotFound()
    if closed := closed_page_or_none(session, resident_id):
        return closed
    text = queries.get_text(
        session, Purpose(purpose), language=current_language(), today=clock.today()
    )
    person = register.get_in_reach(session, resident_id)
    return file_page(session, "consent_text", person, text=text)


@blueprint.post("")
@submits("residents.register")
def record_consent(*, resident_id: int, session: Session) -> Any:
    """Write down a consent given on paper or by word, before a witness."""
    openings.check_open(session, resident_id)
    values, errors = submitted(ConsentForm)
    if errors:
        return _page(session, resident_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        service.record_paper(session, resident_id, Paper(**values), language=current_language())
    except DomainError as refusal:
        return _page(session, resident_id, refusal=refusal), STATUS[refusal.kind]
    return _back(resident_id)


@blueprint.post("/<int:consent_id>/withdrawal")
@submits("residents.register")
def withdraw_consent(*, resident_id: int, consent_id: int, session: Session) -> Any:
    """Take a consent back at the person's word, at once."""
    openings.check_open(session, resident_id)
    service.withdraw_at_window(session, resident_id, consent_id)
    return _back(resident_id)


def _back(resident_id: int) -> Any:
    there = url_for("residents_consents.show_consents", resident_id=resident_id)
    return redirect(there, HTTPStatus.SEE_OTHER)


def _page(session: Session, resident_id: int, **facts: Any) -> str:
    today = clock.today()
    return file_page(
        session,
        "consents",
        register.get_in_reach(session, resident_id),
        consents=queries.list_of_resident(session, resident_id, today=today),
        texts=queries.list_texts(session, language=current_language(), today=today),
        ways=[(one.value, word("given_how", one)) for one in GivenHow if one is not GivenHow.APP],
        givers=[(one.value, word("giver", one)) for one in Giver],
        **facts,
    )
