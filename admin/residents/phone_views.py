"""A phone at the window: whose it is by the papers, lost, or changed for another."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import Blueprint, redirect, request, url_for
from sqlmodel import Session

from admin.forms import submitted
from admin.residents.file_reading import closed_page_or_none, file_page
from admin.residents.forms import NewPhoneForm, SeenForm
from server.errors import DomainError, NotFound
from server.residents import grants, openings, phones, register
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "residents_phones", __name__,
    url_prefix="/residents/<int:resident_id>/helpers/<int:grant_id>/phone",
    template_folder="templates",
)  # fmt: skip


@blueprint.get("")
@reads("residents.register")
def show_phone(*, resident_id: int, grant_id: int, session: Session) -> Any:
    """What can be done about the phone, and what has to be seen before."""
    return closed_page_or_none(session, resident_id) or _page(session, resident_id, grant_id)


@blueprint.post("/vouching")
@submits("residents.register", with_reason=True)
def vouch(*, resident_id: int, grant_id: int, session: Session) -> Any:
    """The holder has shown their papers: the phone is theirs."""
    return _done(session, (resident_id, grant_id), SeenForm, phones.vouch)


@blueprint.post("/sign-out")
@submits("residents.register", with_reason=True)
def sign_out(*, resident_id: int, grant_id: int, session: Session) -> Any:
    """The phone is lost: all of its devices are signed out."""
    return _done(session, (resident_id, grant_id), SeenForm, phones.sign_out)


@blueprint.post("/replacement")
@submits("residents.register", with_reason=True)
def replace(*, resident_id: int, grant_id: int, session: Session) -> Any:
    """The resident has another number now."""

    def change(session: Session, resident_id: int, grant_id: int) -> None:
        phones.replace(session, resident_id, grant_id, phone=request.form["new_phone"].strip())

    return _done(session, (resident_id, grant_id), NewPhoneForm, change)


def _done(
    session: Session, whose: tuple[int, int], form: type[ma.Schema], do: Callable[..., Any]
) -> Any:
    """Do it and go back to who acts for the resident, or say on the page why not."""
    openings.check_open(session, whose[0])
    _, errors = submitted(form)
    if errors:
        return _page(session, *whose, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        do(session, *whose)
    except NotFound:
        raise
    except DomainError as refusal:
        return _page(session, *whose, refusal=refusal), STATUS[refusal.kind]
    there = url_for("residents_helpers.show_helpers", resident_id=whose[0])
    return redirect(there, HTTPStatus.SEE_OTHER)


def _page(session: Session, resident_id: int, grant_id: int, **facts: Any) -> str:
    phones.get_phone(session, resident_id, grant_id)
    helpers = grants.list_helpers(session, resident_id)
    return file_page(
        session,
        "phone",
        register.get_in_reach(session, resident_id),
        held=next(one for one in helpers if one.id == grant_id),
        typed=request.form,
        **facts,
    )
