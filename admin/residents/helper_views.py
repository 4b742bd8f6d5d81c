"""Who acts for a person: bound at the window, dismissed at once."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

from flask import Blueprint, redirect, request, url_for
from sqlmodel import Session

from admin.forms import submitted
from admin.residents.file_reading import closed_page_or_none, file_page
from admin.residents.forms import ClosingForm, HelperForm
from admin.words import word
from server.errors import DomainError
from server.meals import closing
from server.residents import grants, openings, register
from server.residents.models import HelperScope, Relation
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "residents_helpers", __name__, url_prefix="/residents/<int:resident_id>/helpers",
    template_folder="templates",
)  # fmt: skip

A_DAY = timedelta(days=1)


@blueprint.get("")
@reads("residents.open-file")
def show_helpers(*, resident_id: int, session: Session) -> Any:
    """Everybody who acts or acted for this person."""
    return closed_page_or_none(session, resident_id) or _page(session, resident_id)


@blueprint.post("")
@submits("residents.register")
def bind_helper(*, resident_id: int, session: Session) -> Any:
    """Let somebody act for this person from today."""
    openings.check_open(session, resident_id)
    values, errors = submitted(HelperForm)
    if errors:
        return _page(session, resident_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    last_day = values.pop("last_day")
    try:
        grants.bind_helper(
            session,
            resident_id,
            phone=values.pop("helper_phone"),
            ends_on=last_day + A_DAY if last_day else None,
            **values,
        )
    except DomainError as refusal:
        return _page(session, resident_id, refusal=refusal), STATUS[refusal.kind]
    return _back(resident_id)


@blueprint.post("/<int:grant_id>/end")
@submits("residents.register")
def dismiss_helper(*, resident_id: int, grant_id: int, session: Session) -> Any:
    """Take a helper's right back, at once."""
    openings.check_open(session, resident_id)
    grants.dismiss_helper(session, resident_id, grant_id)
    return _back(resident_id)


@blueprint.post("/<int:grant_id>/closing")
@submits("residents.register", with_reason=True)
def close_account(*, resident_id: int, grant_id: int, session: Session) -> Any:
    """Close the account by which the person signs in, at their word."""
    openings.check_open(session, resident_id)
    values, errors = submitted(ClosingForm)
    if errors:
        return _page(session, resident_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    closing.close_account_of(
        session, resident_id, grant_id, cancels_bookings=values["bookings"] == "cancel"
    )
    return _back(resident_id)


def _back(resident_id: int) -> Any:
    there = url_for("residents_helpers.show_helpers", resident_id=resident_id)
    return redirect(there, HTTPStatus.SEE_OTHER)


def _page(session: Session, resident_id: int, **facts: Any) -> str:
    person = register.get_in_reach(session, resident_id)
    return file_page(
        session,
        "helpers",
        person,
        helpers=grants.list_helpers(session, resident_id),
        relations=[(one.value, word("relation", one)) for one in Relation],
        scopes=list(HelperScope),
        typed=request.form,
        **facts,
    )
