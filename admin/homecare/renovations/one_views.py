"""One renovation: where it stands, what is missing, before and after side by side, its history."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from itertools import groupby
from typing import Any

import marshmallow as ma
from flask import Blueprint, Response, redirect, url_for
from sqlalchemy import Row
from sqlmodel import Session

from admin.forms import submitted
from admin.pages import page
from admin.words import word
from server import clock
from server.db.sessions import actor_of
from server.errors import DomainError, NotFound
from server.homecare.beds.queries import list_providers
from server.homecare.renovations import catalogue, queries
from server.homecare.renovations.models import PhotoPhase, RenovationNeed, RenovationPhoto, Room
from server.homecare.renovations.outlook import look_ahead
from server.homecare.renovations.states import ON_THE_WAY, RenovationState
from server.web.access import reads
from server.web.pictures import private_picture
from server.web.problems import STATUS

blueprint = Blueprint(
    "renovation",
    __name__,
    url_prefix="/renovations/<int:renovation_id>",
    template_folder="templates",
)

SEE = "homecare.see"
WAY = (*ON_THE_WAY, RenovationState.SETTLED)


@blueprint.get("")
@reads(SEE)
def show_renovation(*, renovation_id: int, session: Session) -> str:
    """One renovation."""
    return renovation_page(session, renovation_id)


@blueprint.get("/pictures/<int:file_id>")
@reads(SEE)
def show_picture(*, renovation_id: int, file_id: int, session: Session) -> Response:
    """A picture itself; no cache keeps the inside of somebody's home."""
    if not queries.has_photo(session, renovation_id, file_id):
        raise NotFound()
    return private_picture(session, file_id)


def done(
    session: Session, renovation_id: int, form: type[ma.Schema], do: Callable[..., Any]
) -> Any:
    """Do what a form asks and go back, or show the renovation with what was refused."""
    values, errors = submitted(form)
    if errors:
        shown = renovation_page(session, renovation_id, errors=errors)
        return shown, HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        do(**values)
    except DomainError as refusal:
        shown = renovation_page(session, renovation_id, refusal=refusal)
        return shown, STATUS[refusal.kind]
    there = url_for("renovation.show_renovation", renovation_id=renovation_id)
    return redirect(there, HTTPStatus.SEE_OTHER)


def renovation_page(session: Session, renovation_id: int, **facts: Any) -> str:
    """Return the page of a renovation; raises `NotFound`."""
    one = queries.get_renovation(session, renovation_id)
    quote = queries.find_quote(session, renovation_id)
    acceptances = queries.list_acceptances(session, renovation_id)
    needs = queries.list_needs(session, renovation_id)
    return page(
        session,
        "admin/homecare/renovation.html",
        one=one,
        way=WAY,
        at=WAY.index(one.state) if one.state in WAY else len(WAY),
        outlook=look_ahead(session, one),
        needs=needs,
        rooms=_side_by_side(queries.list_photos(session, renovation_id)),
        metres=queries.photo_metres(session, renovation_id),
        quote=quote,
        lines=queries.list_lines(session, quote.id or 0) if quote else (),
        moves=queries.list_moves(session, renovation_id),
        acceptances=acceptances,
        has_accepted=actor_of(session).staff_id in [one.staff_id for one in acceptances],
        is_on_the_way=one.state in ON_THE_WAY,
        today=clock.today(),
        **_choices(session, one, needs),
        **facts,
    )


def _choices(session: Session, one: Row[Any], needs: Sequence[RenovationNeed]) -> dict[str, Any]:
    items = catalogue.list_items(session, on=clock.today())
    is_looking = one.state is RenovationState.SURVEY
    needed = {need.room for need in needs}
    rooms = [room for room in Room if is_looking or room in needed]
    return {
        "items": [(item.code, item.name_zh) for item in items],
        "item_names": {item.code: item.name_zh for item in items},
        "room_choices": [(room.value, word("home_room", room)) for room in rooms],
        "providers": [tuple(row) for row in list_providers(session)] if is_looking else (),
    }


def _side_by_side(
    photos: Sequence[RenovationPhoto],
) -> list[tuple[Room, dict[PhotoPhase, list[RenovationPhoto]]]]:
    """Room by room what it was like before, and what it is like after."""
    in_order = sorted(photos, key=lambda photo: list(Room).index(photo.room))
    return [
        (room, {phase: [p for p in of_room if p.phase is phase] for phase in PhotoPhase})
        for room, of_room in (
            (room, list(group)) for room, group in groupby(in_order, lambda photo: photo.room)
        )
    ]
