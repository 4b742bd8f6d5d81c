"""Who carries the demo's meals to the door."""

from sqlmodel import Session

from server import clock
from server.meals.deliveries.queries import list_rounds, list_sittings_with_deliveries
from server.meals.deliveries.service import make_rounds, seal_round

CARRIERS = ("秦小满", "志愿者老赵")


def put_rounds(session: Session, canteen_id: int) -> None:
    """Share the deliveries of today's largest meal out; the first round is on its way."""
    today = clock.today()
    sittings = list_sittings_with_deliveries(session, canteen_id, day=today)
    most = max(sittings, key=lambda one: one.to_carry, default=None)
    if most is not None and most.to_carry:
        make_rounds(session, canteen_id=canteen_id, sitting_id=most.id, carriers=list(CARRIERS))
    for first in list_rounds(session, canteen_id, day=today)[:1]:
        seal_round(session, first.id, at=clock.now())
