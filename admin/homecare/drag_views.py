"""A visit is dragged, or carried by the arrow keys, to another worker or day of the roster."""

from datetime import date, datetime
from http import HTTPStatus
from typing import Any

from flask import Blueprint, jsonify, redirect, url_for
from sqlmodel import Session

from admin.forms import asked, submitted
from admin.homecare.forms import CarryForm, PutDownForm, Span
from admin.homecare.reading import KEEP
from admin.homecare.roster_views import roster_page
from admin.words import word
from server import clock
from server.errors import DomainError
from server.homecare.visits.fitting import ONLY_TOLD, weigh_move
from server.homecare.visits.queries import get_visit
from server.homecare.visits.roster import move_visit
from server.i18n.catalogues import gettext as _
from server.i18n.catalogues import problem_sentence
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint("care_drag", __name__, url_prefix="/care/roster")


@blueprint.get("/fit")
@reads(KEEP)
def weigh(*, session: Session) -> Any:
    """Say whether a visit fits there, at its own hour, before it is put down."""
    wish = asked(CarryForm)
    if wish["visit"] is None or wish["worker"] is None or wish["day"] is None:
        return jsonify(may=False, words="")
    try:
        starts_at = _same_hour(session, wish["visit"], wish["day"])
        hitches = weigh_move(session, wish["visit"], worker_id=wish["worker"], starts_at=starts_at)
    except DomainError as refusal:
        return jsonify(may=False, words=problem_sentence(refusal.code, refusal.facts))
    said = "".join(word("visit_hitch", hitch) for hitch in hitches) or _("It fits there.")
    return jsonify(may=set(hitches) <= ONLY_TOLD, words=said)


@blueprint.post("/moves")
@submits(KEEP)
def put_down(*, session: Session) -> Any:
    """Move it there, at its own hour."""
    wish, errors = submitted(PutDownForm)
    shown = {"day": wish.get("day"), "span": Span.WEEK}
    if errors:
        return roster_page(session, shown, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        starts_at = _same_hour(session, wish["visit"], wish["day"])
        move_visit(session, wish["visit"], worker_id=wish["worker"], starts_at=starts_at)
    except DomainError as refusal:
        return roster_page(session, shown, refusal=refusal), STATUS[refusal.kind]
    there = url_for("care_roster.show_roster", day=wish["day"])
    return redirect(there, HTTPStatus.SEE_OTHER)


def _same_hour(session: Session, visit_id: int, day: date) -> datetime:
    hour = get_visit(session, visit_id).starts_at.astimezone(clock.CITY).time()
    return datetime.combine(day, hour, clock.CITY)
