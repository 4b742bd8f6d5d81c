"""值班台: who calls for help now, one button to take it in hand, and how it ended."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from sqlmodel import Session

from admin.forms import asked, submitted
from admin.homecare.alarms.forms import ClosingForm, HandForm, NoFilters
from admin.homecare.alarms.reading import shown
from admin.homecare.reading import scope
from admin.pages import is_part, page
from admin.words import word
from server import clock
from server.errors import DomainError
from server.homecare.alarms import queries
from server.homecare.alarms.answering import ANSWER, close_alarm, take_in_hand
from server.homecare.alarms.models import AlarmOutcome
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "duty_desk", __name__, url_prefix="/homecare/alarms", template_folder="templates"
)
SEE = "homecare.see-alarms"


@blueprint.get("")
@reads(SEE)
def show_desk(*, session: Session) -> str:
    """All that is open, nobody's first; it asks for itself."""
    asked(NoFilters)
    return page(session, "admin/homecare/desk.html", as_of=clock.now(), **_open(session))


@blueprint.get("/live")
@reads(SEE)
def show_live(*, session: Session) -> Any:
    """The cards alone; 304 while nothing of them has changed."""
    asked(NoFilters)
    if not is_part():
        return redirect(url_for("duty_desk.show_desk"), HTTPStatus.SEE_OTHER)
    version = queries.version_of(session, scope(session, SEE))
    if request.if_none_match.contains_weak(version):
        response = Response(status=HTTPStatus.NOT_MODIFIED)
    else:
        response = make_response(render_template("admin/homecare/desk_live.html", **_open(session)))
    response.set_etag(version, weak=True)
    return response


@blueprint.get("/<int:alarm_id>")
@reads(SEE)
def show_alarm(*, alarm_id: int, session: Session) -> str:
    """One call for help, with what happened."""
    return _page(session, alarm_id)


@blueprint.post("/<int:alarm_id>/hand")
@submits(ANSWER)
def take(*, alarm_id: int, session: Session) -> Any:
    """我来处理."""

    def do() -> None:
        take_in_hand(session, alarm_id)

    return _done(session, alarm_id, HandForm, do)


@blueprint.post("/<int:alarm_id>/closing")
@submits(ANSWER)
def close(*, alarm_id: int, session: Session) -> Any:
    """How it ended."""

    def do(outcome: AlarmOutcome, note: str) -> None:
        close_alarm(session, alarm_id, outcome=outcome, note=note)

    return _done(session, alarm_id, ClosingForm, do)


def _done(session: Session, alarm_id: int, form: type[ma.Schema], do: Callable[..., None]) -> Any:
    values, errors = submitted(form)
    if errors:
        return _page(session, alarm_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        do(**values)
    except DomainError as refusal:
        return _page(session, alarm_id, refusal=refusal), STATUS[refusal.kind]
    there = url_for("duty_desk.show_alarm", alarm_id=alarm_id)
    return redirect(there, HTTPStatus.SEE_OTHER)


def _open(session: Session) -> dict[str, Any]:
    """The version is read first: what comes between is drawn again a moment later."""
    within = scope(session, SEE)
    version = queries.version_of(session, within)
    return {"version": version, "alarms": shown(session, queries.list_open(session, within))}


def _page(session: Session, alarm_id: int, **facts: Any) -> str:
    [alarm] = shown(session, [queries.get_alarm(session, alarm_id)])
    outcomes = [(outcome.value, word("alarm_outcome", outcome)) for outcome in AlarmOutcome]
    return page(session, "admin/homecare/alarm.html", alarm=alarm, outcomes=outcomes, **facts)
