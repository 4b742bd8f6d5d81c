"""长期订餐 on the phone: make one, see what it booked or could not, pause it, end it."""

from typing import Any

from flask import request
from sqlmodel import Session

from mobile_api.meals import standing_shown as shown
from mobile_api.meals.standing_schemas import (
    MakeStandingOrderSchema,
    OfWhomArgs,
    PauseSchema,
    StandingOrderSchema,
    StandingOrdersSchema,
)
from server import clock
from server.db.sessions import actor_of, reading
from server.meals.models import BookedBy
from server.meals.standing import queries
from server.meals.standing.making import end_order, make_order
from server.meals.standing.pausing import find_pause, lift, pause
from server.residents.grants import check_may, residents_within
from server.residents.models import HelperScope
from server.web.access import reads, writes
from server.web.blueprints import StrictBlueprint

blueprint = StrictBlueprint(
    "standing_orders",
    __name__,
    url_prefix="/v1",
    description="Meals that are booked by themselves every week.",
)
PERMISSION = "meals.book"


@reading
def resident_of_order(*, session: Session) -> int | None:
    """Return whose order the address names, as far as this actor may know."""
    return queries.find_resident_of(session, (request.view_args or {})["standing_id"])


@reading
def resident_of_pause(*, session: Session) -> int | None:
    """Return whose pause the address names, as far as this actor may know."""
    return queries.find_resident_of_pause(session, (request.view_args or {})["pause_id"])


def booked_by(session: Session, resident_id: int) -> BookedBy:
    """Return on which way this account books for the resident."""
    is_self = resident_id in actor_of(session).own_resident_ids
    return BookedBy.SELF if is_self else BookedBy.HELPER


@blueprint.get("/standing-orders")
@reads(PERMISSION)
@blueprint.arguments(OfWhomArgs, location="query")
@blueprint.response(200, StandingOrdersSchema)
@blueprint.doc(operationId="listStandingOrders")
def list_standing_orders(args: dict[str, Any], *, session: Session) -> dict[str, Any]:
    """List the standing orders that hold, of everybody this account may book for"""
    if args["resident_id"] is None:
        residents = residents_within(session, HelperScope.BOOK_MEALS)
    else:
        check_may(session, args["resident_id"], HelperScope.BOOK_MEALS)
        residents = [args["resident_id"]]
    return {"items": shown.orders(session, queries.list_orders(session, residents))}


@blueprint.post("/standing-orders")
@writes(PERMISSION)
@blueprint.arguments(MakeStandingOrderSchema)
@blueprint.response(201, StandingOrderSchema)
@blueprint.doc(operationId="makeStandingOrder")
def make_standing_order(command: dict[str, Any], *, session: Session) -> dict[str, Any]:
    """Order a meal for some weekdays; the coming days are booked at once"""
    check_may(session, command["resident_id"], HelperScope.BOOK_MEALS)
    command["starts_on"] = command["starts_on"] or clock.today()
    order = make_order(session, **command, made_by=booked_by(session, command["resident_id"]))
    return _shown(session, order.id or 0)


@blueprint.get("/standing-orders/<int:standing_id>")
@reads(PERMISSION)
@blueprint.response(200, StandingOrderSchema)
@blueprint.doc(operationId="getStandingOrder")
def get_standing_order(*, standing_id: int, session: Session) -> dict[str, Any]:
    """Show a standing order with its pauses and the days that could not be booked"""
    return _shown(session, standing_id)


@blueprint.post("/standing-orders/<int:standing_id>/end")
@writes(PERMISSION, for_resident=resident_of_order)
@blueprint.response(200, StandingOrderSchema)
@blueprint.doc(operationId="endStandingOrder")
def end_standing_order(*, standing_id: int, session: Session) -> dict[str, Any]:
    """End a standing order and give back what it booked; doing it twice is as good as once"""
    _check(session, standing_id)
    end_order(session, standing_id)
    return _shown(session, standing_id)


@blueprint.post("/standing-orders/<int:standing_id>/pauses")
@writes(PERMISSION, for_resident=resident_of_order)
@blueprint.arguments(PauseSchema)
@blueprint.response(201, StandingOrderSchema)
@blueprint.doc(operationId="pauseStandingOrder")
def pause_standing_order(
    command: dict[str, Any], *, standing_id: int, session: Session
) -> dict[str, Any]:
    """Have no meals from a day to a day; what was booked for them is given back"""
    _check(session, standing_id)
    pause(session, standing_id, **command)
    return _shown(session, standing_id)


@blueprint.post("/meal-pauses/<int:pause_id>/end")
@writes(PERMISSION, for_resident=resident_of_pause)
@blueprint.response(200, StandingOrdersSchema)
@blueprint.doc(operationId="resumeMeals")
def resume_meals(*, pause_id: int, session: Session) -> dict[str, Any]:
    """Have meals again from today on, after a pause or back from hospital"""
    resident_id = find_pause(session, pause_id).resident_id
    check_may(session, resident_id, HelperScope.BOOK_MEALS)
    lift(session, pause_id)
    return {"items": shown.orders(session, queries.list_orders(session, [resident_id]))}


def _check(session: Session, standing_id: int) -> None:
    resident_id = queries.get_order(session, standing_id).resident_id
    check_may(session, resident_id, HelperScope.BOOK_MEALS)


def _shown(session: Session, standing_id: int) -> dict[str, Any]:
    row = queries.get_order(session, standing_id)
    check_may(session, row.resident_id, HelperScope.BOOK_MEALS)
    return shown.orders(session, [row])[0]
