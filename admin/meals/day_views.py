"""Today at a canteen: each sitting with its places, bookings and meals handed out, kept live."""

from typing import Any

from flask import Blueprint, Response, make_response, render_template, request
from sqlmodel import Session

from admin.forms import asked
from admin.meals.forms import CanteenArgs
from admin.meals.reading import canteens_of, choose_canteen, read_board
from admin.pages import page
from server.errors import NotFound
from server.web.access import reads

blueprint = Blueprint("meals_day", __name__, url_prefix="/meals/today", template_folder="templates")

NOT_MODIFIED = 304


@blueprint.get("")
@reads("meals.see-canteen")
def show_today(*, session: Session) -> str:
    """The sittings of today, or the canteens to choose from."""
    canteens = canteens_of(session, "meals.see-canteen")
    canteen = choose_canteen(canteens, asked(CanteenArgs)["canteen"])
    board = read_board(session, canteen.id) if canteen else None
    return page(session, "admin/meals/today.html", board=board, canteens=canteens)


@blueprint.get("/live")
@reads("meals.see-canteen")
def show_live(*, session: Session) -> Any:
    """The board alone; 304 while nothing on it has changed."""
    canteen_id = asked(CanteenArgs)["canteen"]
    if canteen_id is None:
        raise NotFound()
    board = read_board(session, canteen_id)
    if request.if_none_match.contains_weak(board.version):
        response = Response(status=NOT_MODIFIED)
    else:
        response = make_response(render_template("admin/meals/board.html", board=board))
    response.set_etag(board.version, weak=True)
    return response
