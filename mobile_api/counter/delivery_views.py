"""A carrier's round: seal the boxes, and say at each door what became of the meal."""

from typing import Any

from sqlmodel import Session

from mobile_api.counter import shown
from mobile_api.counter.schemas import (
    AtTheDoorSchema,
    CollectionReceiptSchema,
    DoorPhotoSchema,
    RoundsSchema,
    SealSchema,
)
from mobile_api.counter.views import check_serves
from server import clock
from server.errors import NotFound
from server.meals.deliveries import queries
from server.meals.deliveries.service import AtTheDoor, say_at_the_door, seal_round
from server.meals.photos import keep_door_photo
from server.web.access import reads, writes
from server.web.blueprints import StrictBlueprint
from server.web.pictures import bytes_of

blueprint = StrictBlueprint(
    "deliveries", __name__, url_prefix="/v1/counter", description="Meals carried to the door."
)


@blueprint.get("/canteens/<int:canteen_id>/rounds")
@reads("meals.serve")
@blueprint.response(200, RoundsSchema)
@blueprint.doc(operationId="listRounds")
def list_rounds(*, canteen_id: int, session: Session) -> dict[str, Any]:
    """List a canteen's rounds of today with their stops in order"""
    check_serves(session, canteen_id)
    rounds = queries.list_rounds(session, canteen_id, day=clock.today())
    drops = queries.list_drops(session, [row.id for row in rounds])
    pace = queries.get_pace(session, on=clock.today())
    return {"items": [shown.delivery_round(row, drops, pace) for row in rounds]}


@blueprint.post("/rounds/<int:round_id>/sealing")
@writes("meals.serve")
@blueprint.arguments(SealSchema)
@blueprint.response(204)
@blueprint.doc(operationId="sealRound")
def seal(command: dict[str, Any], *, round_id: int, session: Session) -> None:
    """Note that the boxes of a round were sealed and are on their way"""
    found = queries.find_round(session, round_id)
    if found is None:
        raise NotFound()
    check_serves(session, found.canteen_id)
    seal_round(session, round_id, at=command["at"] + (clock.now() - command["sent_at"]))


@blueprint.post("/drops/<int:drop_id>/handing")
@writes("meals.serve")
@blueprint.arguments(AtTheDoorSchema)
@blueprint.response(200, CollectionReceiptSchema)
@blueprint.doc(operationId="sayAtTheDoor")
def say(command: dict[str, Any], *, drop_id: int, session: Session) -> dict[str, Any]:
    """Hand a meal over for its code or to somebody by name, or say why not"""
    late_by = clock.now() - command.pop("sent_at")
    said = AtTheDoor(**(command | {"at": command["at"] + late_by}))
    return shown.receipt(say_at_the_door(session, drop_id, said), None)


@blueprint.post("/drops/<int:drop_id>/photo")
@writes("meals.serve")
@blueprint.arguments(DoorPhotoSchema)
@blueprint.response(204)
@blueprint.doc(operationId="sendDoorPhoto")
def send_door_photo(command: dict[str, Any], *, drop_id: int, session: Session) -> None:
    """Keep the photo of what stands at the door, after what was said there; once is enough"""
    keep_door_photo(session, drop_id, bytes_of(command["content"]))
