"""Somebody new is entered, or taken on from another provider by number and name."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, redirect, request, url_for
from sqlmodel import Session

from admin.caregivers.forms import EntryForm, KnownForm
from admin.caregivers.reading import KEEP, pairs
from admin.forms import submitted
from admin.pages import page
from server import clock
from server.caregivers import register, registering
from server.caregivers.asking import takeovers
from server.caregivers.employing import Terms
from server.caregivers.errors import CaregiverKnownHere, CaregiverRegisteredElsewhere
from server.caregivers.models import Post
from server.errors import DomainError
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "caregivers_entry", __name__, url_prefix="/caregivers", template_folder="templates"
)
ENTRY, KNOWN = "admin/caregivers/entry.html", "admin/caregivers/known.html"
OF_THE_TERMS = (
    "site_id", "starts_on", "post", "is_front_line", "is_full_time", "on_establishment"
)  # fmt: skip


@blueprint.get("/new")
@reads(KEEP)
def show_entry(*, session: Session) -> str:
    """The empty form."""
    return _form(session, ENTRY)


@blueprint.post("/new")
@submits(KEEP)
def enter(*, session: Session) -> Any:
    """Enter them, and go to the file; a number that is known here leads to its file."""
    values, errors = submitted(EntryForm)
    if errors:
        return _form(session, ENTRY, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        caregiver = registering.enter_caregiver(session, registering.Entry(**values))
    except CaregiverKnownHere as known:
        return _form(session, ENTRY, known=known.facts["caregiver_id"]), STATUS[known.kind]
    except CaregiverRegisteredElsewhere as known:
        return _form(session, ENTRY, elsewhere=True), STATUS[known.kind]
    except DomainError as refusal:
        return _form(session, ENTRY, refusal=refusal), STATUS[refusal.kind]
    return _to_file(caregiver.id or 0)


@blueprint.get("/known")
@reads(KEEP)
def show_known(*, session: Session) -> str:
    """The form by which somebody in the register is taken on."""
    return _form(session, KNOWN, posts=pairs("post", Post))


@blueprint.post("/known")
@submits(KEEP)
def take_on_known(*, session: Session) -> Any:
    """Begin at once, or ask whoever employs them."""
    values, errors = submitted(KnownForm)
    if errors:
        shown = _form(session, KNOWN, posts=pairs("post", Post), errors=errors)
        return shown, HTTPStatus.UNPROCESSABLE_ENTITY
    terms = Terms(**{name: values[name] for name in OF_THE_TERMS})
    try:
        asked = takeovers.take_on_known(
            session, id_number=values["id_number"], name=values["name"], terms=terms
        )
    except DomainError as refusal:
        shown = _form(session, KNOWN, posts=pairs("post", Post), refusal=refusal)
        return shown, STATUS[refusal.kind]
    if asked.employment_id is not None:
        return _to_file(asked.caregiver_id)
    return redirect(url_for("caregivers_asking.list_takeovers"), HTTPStatus.SEE_OTHER)


def _to_file(caregiver_id: int) -> Any:
    there = url_for("caregiver.show_file", caregiver_id=caregiver_id)
    return redirect(there, HTTPStatus.SEE_OTHER)


def _form(session: Session, template: str, **facts: Any) -> str:
    sites = register.list_own_sites(session, permission=KEEP)
    return page(
        session,
        template,
        typed=request.form,
        sites=[(str(one.id), one.name) for one in sites],
        today=clock.today(),
        **facts,
    )
