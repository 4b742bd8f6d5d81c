"""床位图: a home's beds, floor by floor, kept live; and the card of the one that is chosen."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from sqlmodel import Session

from admin.facilities.cards import card_of_bed, card_of_stay, desk_page
from admin.facilities.forms import BedArgs
from admin.facilities.reading import KEEP, SEE, homes_of, keeps_beds, read_board
from admin.forms import asked
from admin.pages import page
from server import clock
from server.web.access import reads

blueprint = Blueprint("beds", __name__, url_prefix="/beds", template_folder="templates")


@blueprint.get("/mine")
@reads(KEEP)
def show_mine(*, session: Session) -> Any:
    """The board of the home one works for, or the homes to choose from."""
    homes = homes_of(session, KEEP)
    if len(homes) == 1:
        there = url_for("beds.show_board", site_id=homes[0].id)
        return redirect(there, HTTPStatus.SEE_OTHER)
    return page(session, "admin/facilities/homes.html", homes=homes)


@blueprint.get("/<int:site_id>")
@reads(SEE)
def show_board(*, site_id: int, session: Session) -> str:
    """The board with no bed chosen."""
    return desk_page(session, read_board(session, site_id))


@blueprint.get("/<int:site_id>/live")
@reads(SEE)
def show_live(*, site_id: int, session: Session) -> Any:
    """The board alone; 304 while nothing on it has changed."""
    board, as_of = read_board(session, site_id), clock.now()
    names_shown = keeps_beds(session, site_id)
    version = board.etag(as_of)
    if request.if_none_match.contains_weak(version):
        response = Response(status=HTTPStatus.NOT_MODIFIED)
    else:
        facts = {"board": board, "as_of": as_of, "names_shown": names_shown}
        response = make_response(render_template("admin/facilities/board.html", **facts))
    response.set_etag(version, weak=True)
    return response


@blueprint.get("/<int:site_id>/beds/<int:bed_id>")
@reads(SEE)
def show_bed(*, site_id: int, bed_id: int, session: Session) -> str:
    """A bed's card: who is in it, and what can be done now; htmx asks for the card alone."""
    filters = asked(BedArgs)
    board = read_board(session, site_id)
    return desk_page(session, board, card_of_bed(board, bed_id), to=filters["to"])


@blueprint.get("/<int:site_id>/stays/<int:stay_id>")
@reads(SEE)
def show_stay(*, site_id: int, stay_id: int, session: Session) -> str:
    """The card of somebody who is expected, or away without a bed."""
    board = read_board(session, site_id)
    return desk_page(session, board, card_of_stay(board, stay_id))
