"""What is done with a bed and with whoever is in it; a refusal is told on the card itself."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import Blueprint, make_response, redirect, request, url_for
from sqlmodel import Session

from admin.facilities.cards import Card, card_after, card_of_bed, desk_page
from admin.facilities.forms import (
    CancelForm,
    CleanedForm,
    DayForm,
    DischargeForm,
    HospitalForm,
    InUseForm,
    MoveForm,
    OutOfUseForm,
    ReturnForm,
)
from admin.facilities.reading import KEEP, Board, find_board, forget, get_home
from admin.forms import submitted
from admin.pages import is_part
from server import clock
from server.db.sessions import after_commit
from server.errors import DomainError, NotFound
from server.facilities import beds
from server.facilities.queries.stays import get_stay
from server.facilities.stays.admitting import take_up
from server.facilities.stays.ending import discharge
from server.facilities.stays.holding import cancel_hold
from server.facilities.stays.moving import come_back, go_on_leave, go_to_hospital, move_to_bed
from server.web.access import submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "beds_deeds", __name__, url_prefix="/beds/<int:site_id>", template_folder="templates"
)

CHANGED = "beds-changed"
Do = Callable[..., Any]


@blueprint.post("/stays/<int:stay_id>/admission")
@submits(KEEP)
def admit_expected(*, site_id: int, stay_id: int, session: Session) -> Any:
    """Whoever was expected has come, into the bed that is held."""

    def do(day: Any) -> None:
        take_up(session, stay_id, admitted_on=day)

    return _with_stay(session, site_id, stay_id, DayForm, do)


@blueprint.post("/stays/<int:stay_id>/cancellation")
@submits(KEEP)
def cancel_expected(*, site_id: int, stay_id: int, session: Session) -> Any:
    """Nobody comes: the bed is free again."""

    def do(day: Any) -> None:
        cancel_hold(session, stay_id)

    return _with_stay(session, site_id, stay_id, CancelForm, do)


@blueprint.post("/stays/<int:stay_id>/leave")
@submits(KEEP)
def begin_leave(*, site_id: int, stay_id: int, session: Session) -> Any:
    """At home for some days, the bed kept."""

    def do(day: Any) -> None:
        go_on_leave(session, stay_id, since=day)

    return _with_stay(session, site_id, stay_id, DayForm, do)


@blueprint.post("/stays/<int:stay_id>/hospital")
@submits(KEEP)
def send_to_hospital(*, site_id: int, stay_id: int, session: Session) -> Any:
    """In hospital, the bed kept or not."""

    def do(day: Any, keeps_bed: bool) -> None:
        go_to_hospital(session, stay_id, since=day, keeps_bed=keeps_bed)

    return _with_stay(session, site_id, stay_id, HospitalForm, do)


@blueprint.post("/stays/<int:stay_id>/return")
@submits(KEEP)
def take_back(*, site_id: int, stay_id: int, session: Session) -> Any:
    """Back again, in the bed that was kept or in another."""

    def do(day: Any, into: int | None) -> None:
        come_back(session, stay_id, on=day, bed_id=into)

    return _with_stay(session, site_id, stay_id, ReturnForm, do)


@blueprint.post("/stays/<int:stay_id>/move")
@submits(KEEP)
def move(*, site_id: int, stay_id: int, session: Session) -> Any:
    """Into another bed of the home."""

    def do(day: Any, into: int) -> None:
        move_to_bed(session, stay_id, bed_id=into, on=day)

    return _with_stay(session, site_id, stay_id, MoveForm, do)


@blueprint.post("/stays/<int:stay_id>/discharge")
@submits(KEEP)
def end_stay(*, site_id: int, stay_id: int, session: Session) -> Any:
    """The last day, and why."""

    def do(day: Any, end_reason: Any) -> None:
        discharge(session, stay_id, ended_on=day, reason=end_reason)

    return _with_stay(session, site_id, stay_id, DischargeForm, do)


@blueprint.post("/beds/<int:bed_id>/cleaned")
@submits(KEEP)
def mark_cleaned(*, site_id: int, bed_id: int, session: Session) -> Any:
    """The bed is ready for the next."""

    def do(day: Any) -> None:
        beds.mark_ready(session, bed_id)

    return _with_bed(session, site_id, bed_id, CleanedForm, do)


@blueprint.post("/beds/<int:bed_id>/out-of-use")
@submits(KEEP)
def take_out_of_use(*, site_id: int, bed_id: int, session: Session) -> Any:
    """Nobody comes into the bed, for a reason."""

    def do(day: Any, **given: Any) -> None:
        beds.take_out_of_use(session, bed_id, starts_on=day, **given)

    return _with_bed(session, site_id, bed_id, OutOfUseForm, do)


@blueprint.post("/beds/<int:bed_id>/in-use")
@submits(KEEP)
def put_back_into_use(*, site_id: int, bed_id: int, session: Session) -> Any:
    """The bed may be used again."""

    def do(day: Any) -> None:
        beds.put_back_into_use(session, bed_id, on=day)

    return _with_bed(session, site_id, bed_id, InUseForm, do)


def _with_stay(session: Session, site_id: int, stay_id: int, form: type[ma.Schema], do: Do) -> Any:
    get_home(session, site_id, KEEP)
    if get_stay(session, stay_id).site_id != site_id:
        raise NotFound()
    bed_id = request.form.get("bed", type=int)

    return _done(session, site_id, form, do, lambda board: card_after(board, stay_id, bed_id))


def _with_bed(session: Session, site_id: int, bed_id: int, form: type[ma.Schema], do: Do) -> Any:
    find_board(session, site_id, KEEP).of_bed(bed_id)
    return _done(session, site_id, form, do, lambda board: card_of_bed(board, bed_id))


def _done(
    session: Session, site_id: int, form: type[ma.Schema], do: Do, card: Callable[[Board], Card]
) -> Any:
    """Do what the form says and show the card as it is now, or say on it why not."""
    values, errors = submitted(form)
    facts: dict[str, Any] = {"failed": _deed(), "typed": request.form}
    if errors:
        board = find_board(session, site_id)
        page = desk_page(session, board, card(board), errors=errors, **facts)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    values.pop("bed", None)
    try:
        do(**{**values, "day": values.get("day") or clock.today()})
    except DomainError as refusal:
        board = find_board(session, site_id)
        page = desk_page(session, board, card(board), refusal=refusal, **facts)
        return page, STATUS[refusal.kind]
    after_commit(session, forget)
    return _told(session, find_board(session, site_id), card)


def _told(session: Session, board: Board, card: Callable[[Board], Card]) -> Any:
    shown = card(board)
    if is_part():
        response = make_response(desk_page(session, board, shown, said=_deed()))
        response.headers["HX-Trigger"] = CHANGED
        return response
    if shown.tile is not None:
        there = url_for("beds.show_bed", site_id=board.site.id, bed_id=shown.tile.row.bed_id)
    else:
        there = url_for("beds.show_board", site_id=board.site.id)
    return redirect(there, HTTPStatus.SEE_OTHER)


def _deed() -> str:
    return (request.endpoint or "").partition(".")[2]
