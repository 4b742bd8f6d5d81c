"""The card beside the board: one bed, or somebody without one, and what can be done now."""

from dataclasses import dataclass
from typing import Any

from flask import render_template
from sqlalchemy import Row
from sqlmodel import Session

from admin.facilities.forms import OUT_OF_USE
from admin.facilities.reading import Board, Tile, keeps_beds
from admin.pages import is_part, page
from admin.words import word
from server import clock
from server.errors import NotFound
from server.facilities.models import EndReason


@dataclass(frozen=True)
class Card:
    """A bed's tile, somebody who is expected, or somebody who is away without a bed."""

    tile: Tile | None = None
    expected: Row[Any] | None = None
    away: Row[Any] | None = None


def card_of_bed(board: Board, bed_id: int) -> Card:
    """Return a bed's card, with who is expected in it next; raises `NotFound`."""
    return Card(board.of_bed(bed_id), expected=board.expected_in(bed_id))


def card_of_stay(board: Board, stay_id: int) -> Card:
    """Return the card of a stay, whatever bed it has; raises `NotFound`."""
    tile = board.of_stay(stay_id)
    if tile is not None:
        return Card(tile)
    expected = next((one for one in board.arrivals if one.stay_id == stay_id), None)
    away = next((one for one in board.away if one.stay_id == stay_id), None)
    if expected is None and away is None:
        raise NotFound()
    return Card(expected=expected, away=away)


def card_after(board: Board, stay_id: int, bed_id: int | None) -> Card:
    """Return where the person is after a change; else the bed that was left; else an empty card."""
    if board.of_stay(stay_id) is None and bed_id is not None:
        return card_of_bed(board, bed_id)
    try:
        return card_of_stay(board, stay_id)
    except NotFound:
        return Card()


def desk_page(session: Session, board: Board, card: Card | None = None, **facts: Any) -> str:
    """Return the board with the card beside it; the card alone where htmx asks."""
    facts |= {
        "board": board,
        "card": card,
        "as_of": clock.now(),
        "names_shown": keeps_beds(session, board.site.id),
        "end_reasons": [(one.value, word("end_reason", one)) for one in EndReason],
        "out_of_use": [(one.value, word("bed_state", one)) for one in OUT_OF_USE],
    }
    if is_part():
        return render_template("admin/facilities/card.html", **facts)
    return page(session, "admin/facilities/desk.html", **facts)
