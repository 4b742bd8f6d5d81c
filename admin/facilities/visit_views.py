"""Visits that families ask for, and what the home answers."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import Blueprint, redirect, url_for
from sqlmodel import Session

from admin.facilities.path_forms import AnswerForm, RefusalForm
from admin.forms import submitted
from admin.pages import page
from server import clock
from server.db.sessions import actor_of
from server.errors import DomainError
from server.facilities.viewings import queries, service
from server.identity.roles import reach_of
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint("visits", __name__, url_prefix="/visits", template_folder="templates")

PERMISSION = "facilities.answer"
SHOWN_BACK = timedelta(days=30)


@blueprint.get("")
@reads(PERMISSION)
def list_visits(*, session: Session) -> str:
    """Visits ahead and of the last month."""
    return _page(session)


@blueprint.post("/<int:viewing_id>/confirmation")
@submits(PERMISSION)
def confirm_visit(*, viewing_id: int, session: Session) -> Any:
    """Expect the visit."""
    return _done(session, viewing_id, AnswerForm, service.confirm_viewing)


@blueprint.post("/<int:viewing_id>/refusal")
@submits(PERMISSION)
def decline_visit(*, viewing_id: int, session: Session) -> Any:
    """Say why it cannot be then, and when it can."""
    return _done(session, viewing_id, RefusalForm, service.decline_viewing)


@blueprint.post("/<int:viewing_id>/done")
@submits(PERMISSION)
def note_visit(*, viewing_id: int, session: Session) -> Any:
    """They were here."""
    return _done(session, viewing_id, ma.Schema, service.note_viewing)


def _done(session: Session, viewing_id: int, form: type[ma.Schema], do: Callable[..., Any]) -> Any:
    values, errors = submitted(form)
    if errors:
        return _page(session, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        do(session, viewing_id, **values)
    except DomainError as refusal:
        return _page(session, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for("visits.list_visits"), HTTPStatus.SEE_OTHER)


def _page(session: Session, **facts: Any) -> str:
    reach = reach_of(actor_of(session), PERMISSION)
    visits = queries.list_asked(
        session,
        prefixes=reach.prefixes,
        site_ids=reach.site_ids,
        since=clock.today() - SHOWN_BACK,
    )
    return page(session, "admin/facilities/visits.html", visits=visits, **facts)
