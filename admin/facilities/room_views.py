"""Rooms and beds: put up many at once, renamed, marked as nursing beds, taken along as a file."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.facilities.forms import BedForm, RoomForm, RoomsForm
from admin.facilities.reading import KEEP, SEE, Board, Tile, find_board, forget, keeps_beds
from admin.forms import submitted
from admin.pages import page
from admin.words import word
from server import clock
from server.db.sessions import after_commit
from server.errors import DomainError, NotFound
from server.facilities.beds import add_rooms
from server.facilities.corrections import correct_bed, rename_room
from server.facilities.rules import IN_A_ROOM
from server.i18n.catalogues import gettext as _
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "beds_rooms", __name__, url_prefix="/beds/<int:site_id>/rooms", template_folder="templates"
)


@blueprint.get("")
@reads(SEE)
def show_rooms(*, site_id: int, session: Session) -> str:
    """Every bed with its room, and the form that puts up more."""
    return _rooms(session, find_board(session, site_id))


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_beds(*, site_id: int, ending: str, session: Session) -> Response:
    """The same list as a file: beds, and no persons."""
    board = find_board(session, site_id)
    headings = [_("Floor"), _("Room"), _("Bed"), _("Kind"), _("Nursing bed"), _("Evidence"),
                _("In use since"), _("State")]  # fmt: skip
    name = f"{board.site.name}-{_('Rooms and beds')}"
    return export(ending, name, headings, (_cells(tile) for tile in board.tiles))


@blueprint.post("")
@submits(KEEP)
def put_up_rooms(*, site_id: int, session: Session) -> Any:
    """Put up rooms such as 201-220 with their beds, all or none."""
    board = find_board(session, site_id, KEEP)

    def do(**given: Any) -> None:
        add_rooms(session, site_id=site_id, **given)

    return _done(session, board, RoomsForm, do, lambda **facts: _rooms(session, board, **facts))


@blueprint.get("/<int:room_id>")
@reads(KEEP)
def show_room(*, site_id: int, room_id: int, session: Session) -> str:
    """The form of a room's name."""
    return _room(session, find_board(session, site_id, KEEP), room_id)


@blueprint.post("/<int:room_id>")
@submits(KEEP)
def rename(*, site_id: int, room_id: int, session: Session) -> Any:
    """Give a room and the beds called after it another name."""
    board = find_board(session, site_id, KEEP)

    def do(name: str) -> None:
        rename_room(session, room_id, site_id=site_id, name=name)

    return _done(
        session, board, RoomForm, do, lambda **facts: _room(session, board, room_id, **facts)
    )


@blueprint.get("/beds/<int:bed_id>")
@reads(KEEP)
def show_bed(*, site_id: int, bed_id: int, session: Session) -> str:
    """The form of a bed's label and of what makes it a nursing bed."""
    return _bed(session, find_board(session, site_id, KEEP), bed_id)


@blueprint.post("/beds/<int:bed_id>")
@submits(KEEP)
def correct(*, site_id: int, bed_id: int, session: Session) -> Any:
    """Keep label, nursing mark and evidence."""
    board = find_board(session, site_id, KEEP)

    def do(**given: Any) -> None:
        correct_bed(session, bed_id, site_id=site_id, **given)

    return _done(session, board, BedForm, do, lambda **facts: _bed(session, board, bed_id, **facts))


def _done(session: Session, board: Board, form: Any, do: Any, again: Callable[..., str]) -> Any:
    """Do what the form says and go to the list, or show the form again with what is wrong."""
    values, errors = submitted(form)
    if errors:
        return again(errors=errors, typed=request.form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        do(**values)
    except DomainError as refusal:
        return again(refusal=refusal, typed=request.form), STATUS[refusal.kind]
    after_commit(session, forget)
    there = url_for("beds_rooms.show_rooms", site_id=board.site.id)
    return redirect(there, HTTPStatus.SEE_OTHER)


def _rooms(session: Session, board: Board, **facts: Any) -> str:
    return page(
        session,
        "admin/facilities/rooms.html",
        board=board,
        may_keep=keeps_beds(session, board.site.id),
        kinds=[(one.value, word("bed_kind", one)) for one in IN_A_ROOM],
        as_of=clock.now(),
        **facts,
    )


def _room(session: Session, board: Board, room_id: int, **facts: Any) -> str:
    of_room = [tile for tile in board.tiles if tile.row.room_id == room_id]
    if not of_room:
        raise NotFound()
    room = of_room[0].row.room
    return page(
        session, "admin/facilities/room.html", board=board, room_id=room_id, room=room, **facts
    )


def _bed(session: Session, board: Board, bed_id: int, **facts: Any) -> str:
    row = board.of_bed(bed_id).row
    return page(session, "admin/facilities/bed.html", board=board, bed=row, **facts)


def _cells(tile: Tile) -> list[Any]:
    row = tile.row
    return [
        row.floor,
        row.room,
        row.label,
        word("bed_kind", row.kind),
        _("yes") if row.is_nursing else _("no"),
        "；".join(row.nursing_evidence),
        row.opened_on,
        word("bed_state", tile.state),
    ]
