"""One bed at home: where it stands, what is missing, the one next step, and its history."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import Blueprint, redirect, url_for
from sqlmodel import Session

from admin.forms import submitted
from admin.homecare.beds.forms import BY_HAND, PAUSED_BY_HAND
from admin.pages import page
from admin.words import word
from server import clock
from server.db.sessions import actor_of
from server.errors import DomainError
from server.homecare.beds import placing, queries
from server.homecare.beds.outlook import look_ahead
from server.homecare.models import IN_USE, HomeBedState
from server.homecare.states import ON_THE_WAY
from server.homecare.visits.wishes import said_of_bed
from server.web.access import reads
from server.web.problems import STATUS

blueprint = Blueprint(
    "home_bed",
    __name__,
    url_prefix="/home-beds/<int:home_bed_id>",
    template_folder="templates",
)

SEE = "homecare.see"
WAY = (*ON_THE_WAY, HomeBedState.SERVING)


@blueprint.get("")
@reads(SEE)
def show_bed(*, home_bed_id: int, session: Session) -> str:
    """One bed."""
    return bed_page(session, home_bed_id)


@blueprint.get("/agreement")
@reads(SEE)
def show_agreement(*, home_bed_id: int, session: Session) -> str:
    """服务协议 on one sheet of A4, with what is agreed filled in."""
    return page(
        session,
        "admin/homecare/agreement.html",
        bed=queries.get_bed(session, home_bed_id),
        agreements=queries.list_agreements(session, home_bed_id),
        build=queries.find_build(session, home_bed_id),
        today=clock.today(),
    )


def done(session: Session, home_bed_id: int, form: type[ma.Schema], do: Callable[..., Any]) -> Any:
    """Do what a form asks and go back to the bed, or show the bed with what was refused."""
    values, errors = submitted(form)
    if errors:
        shown = bed_page(session, home_bed_id, errors=errors)
        return shown, HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        do(**values)
    except DomainError as refusal:
        return bed_page(session, home_bed_id, refusal=refusal), STATUS[refusal.kind]
    there = url_for("home_bed.show_bed", home_bed_id=home_bed_id)
    return redirect(there, HTTPStatus.SEE_OTHER)


def bed_page(session: Session, home_bed_id: int, **facts: Any) -> str:
    """Return the page of a bed; raises `NotFound`."""
    bed = queries.get_bed(session, home_bed_id)
    acceptances = queries.list_acceptances(session, home_bed_id)
    mine = actor_of(session).staff_id
    return page(
        session,
        "admin/homecare/bed.html",
        bed=bed,
        way=WAY,
        at=WAY.index(bed.state) if bed.state in WAY else len(WAY),
        outlook=look_ahead(session, bed),
        moves=queries.list_moves(session, home_bed_id),
        published=queries.find_notice(session, home_bed_id),
        objections=queries.list_objections(session, home_bed_id),
        agreements=queries.list_agreements(session, home_bed_id),
        build=queries.find_build(session, home_bed_id),
        offered=placing.find_offered_place(session, home_bed_id),
        acceptances=acceptances,
        said=said_of_bed(session, home_bed_id),
        has_accepted=mine in [one.staff_id for one in acceptances],
        today=clock.today(),
        is_on_the_way=bed.state in ON_THE_WAY,
        is_in_use=bed.state in IN_USE,
        **_choices(session, bed.state),
        **facts,
    )


def _choices(session: Session, state: HomeBedState) -> dict[str, Any]:
    is_choosing = state is HomeBedState.ASSESSMENT
    return {
        "providers": [tuple(one) for one in queries.list_providers(session)] if is_choosing else (),
        "pauses": [(one.value, word("home_bed_pause", one)) for one in PAUSED_BY_HAND],
        "ends": [(one.value, word("home_bed_end", one)) for one in BY_HAND],
    }
