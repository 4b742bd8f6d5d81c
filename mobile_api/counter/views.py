"""A canteen's tablet: sign in, the day's list, and what was handed out, told now or later."""

from typing import Any

from sqlmodel import Session

from mobile_api.counter import shown
from mobile_api.counter.schemas import (
    CollectionReceiptSchema,
    CollectionReceiptsSchema,
    CounterCanteensSchema,
    CounterDaySchema,
    CounterSignedInSchema,
    CounterSignInSchema,
    SendCollectionsSchema,
    UndoneSchema,
    UndoSchema,
    WalkInSchema,
)
from server import clock
from server.db.sessions import actor_of
from server.errors import NotFound
from server.identity.models import Staff
from server.identity.roles import reach_of
from server.identity.service import sign_ins
from server.identity.service.phone_door import sign_in_at_counter
from server.identity.service.staff_door import Caller
from server.meals.counter import queries
from server.meals.counter.keys import list_public_keys
from server.meals.counter.receiving import Receipt, Telling, receive
from server.meals.counter.undoing import undo_collection
from server.meals.counter.walk_ins import Shown, serve_walk_in
from server.meals.queries.canteens import list_canteens_within
from server.web.access import at_the_door, client_address, reads, writes
from server.web.blueprints import StrictBlueprint

blueprint = StrictBlueprint(
    "counter", __name__, url_prefix="/v1/counter", description="A canteen's counter."
)


@blueprint.post("/sign-ins")
@at_the_door
@blueprint.arguments(CounterSignInSchema)
@blueprint.response(201, CounterSignedInSchema)
@blueprint.doc(operationId="signInAtCounter", security=[])
def sign_in(command: dict[str, Any], *, session: Session) -> dict[str, Any]:
    """Sign a canteen's tablet in for a working day"""
    caller = Caller(client_address(), command.pop("device_label"))
    came = sign_in_at_counter(session, **command, caller=caller)
    staff = session.get(Staff, came.sign_in.staff_id)
    name = staff.display_name if staff else ""
    return {"token": came.token, "expires_at": came.sign_in.expires_at, "name": name}


@blueprint.delete("/sign-ins/current")
@writes("meals.serve")
@blueprint.response(204)
@blueprint.doc(operationId="signOutAtCounter")
def sign_out(*, session: Session) -> None:
    """Sign a canteen's tablet out"""
    sign_ins.sign_out(session)


@blueprint.get("/canteens")
@reads("meals.serve")
@blueprint.response(200, CounterCanteensSchema)
@blueprint.doc(operationId="listCounterCanteens")
def list_canteens(*, session: Session) -> dict[str, Any]:
    """List the canteens at which the signed-in person hands out meals"""
    reach = reach_of(actor_of(session), "meals.serve")
    rows = list_canteens_within(session, prefixes=reach.prefixes, site_ids=reach.site_ids)
    return {"items": [{"id": row.id, "name": row.name} for row in rows]}


@blueprint.get("/canteens/<int:canteen_id>/today")
@reads("meals.serve")
@blueprint.response(200, CounterDaySchema)
@blueprint.doc(operationId="getCounterDay")
def get_day(*, canteen_id: int, session: Session) -> dict[str, Any]:
    """Show who eats at a canteen today, and the keys by which its codes are checked"""
    check_serves(session, canteen_id)
    day = clock.today()
    return shown.counter_day(
        canteen_id,
        day,
        diners=queries.list_day(session, canteen_id, day=day),
        sittings=queries.list_sittings_of_day(session, canteen_id, day=day),
        keys=list_public_keys(session),
    )


@blueprint.post("/canteens/<int:canteen_id>/collections")
@writes("meals.serve")
@blueprint.arguments(SendCollectionsSchema)
@blueprint.response(200, CollectionReceiptsSchema)
@blueprint.doc(operationId="sendCollections")
def send_collections(
    command: dict[str, Any], *, canteen_id: int, session: Session
) -> dict[str, Any]:
    """Take in meals that were handed out, however late; each is kept once and answered by itself"""
    check_serves(session, canteen_id)
    late_by = clock.now() - command["sent_at"]
    told = [Telling(**(given | {"at": given["at"] + late_by})) for given in command["collections"]]
    return {"items": _shown(session, canteen_id, receive(session, canteen_id, told))}


@blueprint.post("/collections/<key>/undoing")
@writes("meals.serve")
@blueprint.arguments(UndoSchema)
@blueprint.response(200, UndoneSchema)
@blueprint.doc(operationId="undoCollection")
def undo(command: dict[str, Any], *, key: str, session: Session) -> dict[str, Any]:
    """Take a meal back that was handed out by mistake, within two minutes and for a reason"""
    at = command["at"] + (clock.now() - command["sent_at"])
    return {"booking_id": undo_collection(session, key, at=at, reason=command["reason"])}


@blueprint.post("/canteens/<int:canteen_id>/walk-ins")
@writes("meals.serve")
@blueprint.arguments(WalkInSchema)
@blueprint.response(200, CollectionReceiptSchema)
@blueprint.doc(operationId="serveWalkIn")
def walk_in(command: dict[str, Any], *, canteen_id: int, session: Session) -> dict[str, Any]:
    """Book and hand out a meal to somebody who has not booked, by ID number or meal card"""
    check_serves(session, canteen_id)
    who = Shown(id_number=command["id_number"], card_number=command["card_number"])
    receipt = serve_walk_in(
        session,
        canteen_id=canteen_id,
        sitting_id=command["sitting_id"],
        shown=who,
        key=command["key"],
    )
    [answer] = _shown(session, canteen_id, [receipt])
    return answer


def check_serves(session: Session, canteen_id: int) -> None:
    """Raise `NotFound` for a canteen at which this person hands out nothing."""
    reach = reach_of(actor_of(session), "meals.serve")
    if canteen_id not in reach.site_ids:
        raise NotFound()


def _shown(session: Session, canteen_id: int, receipts: list[Receipt]) -> list[dict[str, Any]]:
    booked = {one.booking_id for one in receipts if one.booking_id is not None}
    diners = queries.name_diners(session, canteen_id, sorted(booked))
    return [shown.receipt(one, diners.get(one.booking_id or 0)) for one in receipts]
