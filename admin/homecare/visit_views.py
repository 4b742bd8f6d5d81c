"""One visit: moved, exchanged, called off, or put right by two people."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import Blueprint, redirect, url_for
from sqlmodel import Session

from admin.forms import submitted
from admin.homecare.forms import (
    CancelVisitForm,
    CorrectionForm,
    DecisionForm,
    MoveForm,
    SwapForm,
)
from admin.homecare.reading import KEEP, SEE, may_keep, scope
from admin.pages import page
from server import clock
from server.errors import DomainError
from server.homecare.plans.queries import list_services
from server.homecare.visits import queries
from server.homecare.visits.cancelling import cancel_visit
from server.homecare.visits.correcting import ask_for_correction, decide_correction
from server.homecare.visits.doubts import doubts_of, get_limits, metres_off
from server.homecare.visits.roster import list_workers, move_visit, swap_visits
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "care_visit", __name__, url_prefix="/care/visits", template_folder="templates"
)


@blueprint.get("/<int:visit_id>")
@reads(SEE)
def show_visit(*, visit_id: int, session: Session) -> str:
    """What was planned, what was proved, and what can be done."""
    return _page(session, visit_id)


@blueprint.post("/<int:visit_id>/move")
@submits(KEEP)
def move(*, visit_id: int, session: Session) -> Any:
    """Send somebody else, or at another time."""

    def do(values: dict[str, Any]) -> object:
        starts_at = _in_city(values["starts_at"])
        return move_visit(session, visit_id, worker_id=values["worker"], starts_at=starts_at)

    return _done(session, visit_id, MoveForm, do)


@blueprint.post("/<int:visit_id>/swap")
@submits(KEEP)
def swap(*, visit_id: int, session: Session) -> Any:
    """Two workers exchange their visits."""
    return _done(
        session,
        visit_id,
        SwapForm,
        lambda values: swap_visits(session, visit_id, values["other_visit"]),
    )


@blueprint.post("/<int:visit_id>/cancellation")
@submits(KEEP)
def cancel(*, visit_id: int, session: Session) -> Any:
    """Call it off for a reason."""
    return _done(
        session,
        visit_id,
        CancelVisitForm,
        lambda values: cancel_visit(session, visit_id, reason=values["cancel_reason"]),
    )


@blueprint.post("/<int:visit_id>/corrections")
@submits(KEEP)
def ask_correction(*, visit_id: int, session: Session) -> Any:
    """Say what really was; a second person decides."""

    def do(values: dict[str, Any]) -> object:
        return ask_for_correction(
            session,
            visit_id,
            arrived_at=_in_city(values["arrived_at"]),
            left_at=_in_city(values["left_at"]),
            tasks_done=values["tasks_done"],
            reason=values["correction_reason"],
        )

    return _done(session, visit_id, CorrectionForm, do)


@blueprint.post("/<int:visit_id>/corrections/<int:visit_correction_id>/decision")
@submits(KEEP)
def decide(*, visit_id: int, visit_correction_id: int, session: Session) -> Any:
    """Confirm or refuse what somebody else asked for."""
    return _done(
        session,
        visit_id,
        DecisionForm,
        lambda values: decide_correction(session, visit_correction_id, **values),
    )


def _in_city(moment: datetime) -> datetime:
    return moment.replace(tzinfo=clock.CITY)


def _done(
    session: Session,
    visit_id: int,
    form: type[ma.Schema],
    do: Callable[[dict[str, Any]], object],
) -> Any:
    queries.get_visit(session, visit_id)
    values, errors = submitted(form)
    if errors:
        return _page(session, visit_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        do(values)
    except DomainError as refusal:
        return _page(session, visit_id, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for(".show_visit", visit_id=visit_id), HTTPStatus.SEE_OTHER)


def _page(session: Session, visit_id: int, **facts: Any) -> str:
    visit = queries.get_shown(session, visit_id)
    day = visit.service_on
    that_day = queries.list_of_sites(session, scope(session), first=day, last=day)
    services = list_services(session, on=clock.today())
    return page(
        session,
        "admin/homecare/visit.html",
        visit=visit,
        doubts=doubts_of(visit, get_limits(session)),
        off=metres_off(visit),
        services=services,
        corrections=queries.corrections_of(session, visit_id),
        workers=[
            (row.worker_id, row.name) for row in list_workers(session, [visit.site_id], on=day)
        ],
        others=[row for row in that_day if row.id != visit_id and row.state == "planned"],
        may_keep=may_keep(session),
        **facts,
    )
