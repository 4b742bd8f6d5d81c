"""The caller's desk: one call at a time, the number opened on purpose, answers by keys."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import Blueprint, redirect, url_for
from sqlmodel import Session

from admin.forms import submitted
from admin.homecare.calls.forms import AnswerForm, TryForm
from admin.homecare.calls.sample_views import CALL, SEE
from admin.pages import page
from server import clock
from server.db.sessions import actor_of
from server.errors import DomainError, NotFound
from server.homecare.callbacks import queries
from server.homecare.callbacks.calling import answer, find_own, not_reached, take_next
from server.homecare.callbacks.errors import NoCallWaits
from server.homecare.callbacks.rules import Answers, Content, Did, Stayed, There
from server.homecare.plans.queries import list_services
from server.i18n.catalogues import gettext as _
from server.residents import openings
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "call_desk", __name__, url_prefix="/homecare/calls", template_folder="templates"
)
CHOICES = {"there": There, "stayed": Stayed, "did": Did, "content": Content}


@blueprint.post("/<int:sample_id>/next")
@submits(CALL)
def take(*, sample_id: int, session: Session) -> Any:
    """Take the next call in hand; where none waits, back to what the calls came to."""
    queries.get_shown(session, sample_id)
    try:
        call_id = take_next(session, sample_id)
    except NoCallWaits:
        there = url_for("calls.show_sample", sample_id=sample_id, _anchor="nobody-waits")
        return redirect(there, HTTPStatus.SEE_OTHER)
    return redirect(url_for(".show_call", call_id=call_id), HTTPStatus.SEE_OTHER)


@blueprint.get("/calls/<int:call_id>")
@reads(SEE)
def show_call(*, call_id: int, session: Session) -> str:
    """One visit as it was proved; in whose hands it is has the script beside it."""
    return _page(session, call_id)


@blueprint.post("/calls/<int:call_id>/number")
@submits(CALL)
def open_number(*, call_id: int, session: Session) -> Any:
    """Show the number to whoever has the call in hand; the person can see that it was looked at."""
    call = queries.get_call(session, call_id)
    if find_own(session) != call_id:
        raise NotFound()
    openings.open_file(session, call.resident_id, reason=_("Call back about a visit"))
    return redirect(url_for(".show_call", call_id=call_id), HTTPStatus.SEE_OTHER)


@blueprint.post("/calls/<int:call_id>/answers")
@submits(CALL)
def keep_answers(*, call_id: int, session: Session) -> Any:
    """Write down what was said, and go on to the next call."""
    values, errors = submitted(AnswerForm)
    return _after(session, call_id, errors, lambda: answer(session, call_id, Answers(**values)))


@blueprint.post("/calls/<int:call_id>/tries")
@submits(CALL)
def keep_try(*, call_id: int, session: Session) -> Any:
    """Nobody was reached: again later."""
    values, errors = submitted(TryForm)
    return _after(
        session, call_id, errors, lambda: not_reached(session, call_id, values["try_outcome"])
    )


def _after(
    session: Session, call_id: int, errors: dict[str, list[str]], step: Callable[[], object]
) -> Any:
    call = queries.get_call(session, call_id)
    if errors:
        return _page(session, call_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        step()
    except DomainError as refusal:
        return _page(session, call_id, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for("calls.show_sample", sample_id=call.sample_id), HTTPStatus.SEE_OTHER)


def _page(session: Session, call_id: int, **facts: Any) -> str:
    call = queries.get_call(session, call_id)
    is_mine = call.held_by == actor_of(session).staff_id and find_own(session) == call_id
    return page(
        session,
        "admin/homecare/call.html",
        call=call,
        is_mine=is_mine,
        is_open=is_mine and openings.is_open(session, call.resident_id),
        tries=queries.list_tries(session, call_id),
        services=list_services(session, on=clock.today()),
        choices=CHOICES,
        **facts,
    )
