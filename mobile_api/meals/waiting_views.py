"""候补 on the phone: wait for a place, take what is offered, or let it go."""

from typing import Any

from flask import request
from sqlmodel import Session

from mobile_api.meals import shown, standing_shown
from mobile_api.meals.schemas import BookingSchema
from mobile_api.meals.standing_schemas import (
    JoinWaitingSchema,
    OfWhomArgs,
    WaitingListSchema,
    WaitingSchema,
)
from mobile_api.meals.standing_views import booked_by
from server import clock
from server.db.sessions import reading
from server.meals.waiting import joining, queries
from server.residents.grants import check_may, residents_within
from server.residents.models import HelperScope
from server.web.access import reads, writes
from server.web.blueprints import StrictBlueprint

blueprint = StrictBlueprint(
    "meal_waiting",
    __name__,
    url_prefix="/v1/meal-waiting",
    description="Waiting for a place at a sitting that is full.",
)
PERMISSION = "meals.book"


@reading
def resident_of_waiting(*, session: Session) -> int | None:
    """Return who waits at the place in the address, as far as this actor may know."""
    return queries.find_resident_of(session, (request.view_args or {})["waiting_id"])


@blueprint.get("")
@reads(PERMISSION)
@blueprint.arguments(OfWhomArgs, location="query")
@blueprint.response(200, WaitingListSchema)
@blueprint.doc(operationId="listWaiting")
def list_waiting(args: dict[str, Any], *, session: Session) -> dict[str, Any]:
    """List where one waits, what is offered first"""
    if args["resident_id"] is None:
        residents = residents_within(session, HelperScope.BOOK_MEALS)
    else:
        check_may(session, args["resident_id"], HelperScope.BOOK_MEALS)
        residents = [args["resident_id"]]
    rows = queries.list_open(session, residents)
    return {"items": [standing_shown.waiting(row) for row in rows]}


@blueprint.post("")
@writes(PERMISSION)
@blueprint.arguments(JoinWaitingSchema)
@blueprint.response(201, WaitingSchema)
@blueprint.doc(operationId="joinWaiting")
def join_waiting(command: dict[str, Any], *, session: Session) -> dict[str, Any]:
    """Wait for a place at a full sitting"""
    resident_id = command["resident_id"]
    check_may(session, resident_id, HelperScope.BOOK_MEALS)
    waiting = joining.join(session, **command, joined_by=booked_by(session, resident_id))
    return _shown(session, waiting.id or 0)


@blueprint.get("/<int:waiting_id>")
@reads(PERMISSION)
@blueprint.response(200, WaitingSchema)
@blueprint.doc(operationId="getWaiting")
def get_waiting(*, waiting_id: int, session: Session) -> dict[str, Any]:
    """Show one place in a line, and what is offered"""
    return _shown(session, waiting_id)


@blueprint.post("/<int:waiting_id>/acceptance")
@writes(PERMISSION, for_resident=resident_of_waiting)
@blueprint.response(200, BookingSchema)
@blueprint.doc(operationId="acceptPlace")
def accept_place(*, waiting_id: int, session: Session) -> dict[str, Any]:
    """Take the place that is held, which books the meal"""
    _shown(session, waiting_id)
    booking = joining.accept(session, waiting_id)
    return shown.booking(booking, now=clock.now(), today=clock.today())


@blueprint.post("/<int:waiting_id>/leaving")
@writes(PERMISSION, for_resident=resident_of_waiting)
@blueprint.response(200, WaitingSchema)
@blueprint.doc(operationId="leaveWaiting")
def leave_waiting(*, waiting_id: int, session: Session) -> dict[str, Any]:
    """Wait no longer, or let what is offered go to the next; twice is as good as once"""
    _shown(session, waiting_id)
    joining.leave(session, waiting_id)
    return _shown(session, waiting_id)


def _shown(session: Session, waiting_id: int) -> dict[str, Any]:
    row = queries.get_shown(session, waiting_id)
    check_may(session, row.resident_id, HelperScope.BOOK_MEALS)
    return standing_shown.waiting(row)
