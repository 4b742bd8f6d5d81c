"""Who carries the demo's meals to the door."""

from sqlmodel import Session

from server import clock
from server.meals.deliveries.queries import list_rounds, list_sittings_with_deliveries
from server.meals.deliveries.service import make_rounds, seal_round

CARRIERS = ("秦小满", "志愿者老赵")


def put_rounds(session: Session, canteen_id: int) -> None:
    """Share today's deliveries of a canteen out; the first round is on its way."""
    today = clock.today()
    for sitting in list_sittings_with_deliveries(session, canteen_id, day=today):
        if sitting.to_carry:
            make_rounds(
                session, canteen_id=canteen_id, sitting_id=sitting.id, carriers=list(CARRIERS)
            )
            break
    for first in list_rounds(session, canteen_id, day=today)[:1]:
        seal_round(session, first.id, at=clock.now())
