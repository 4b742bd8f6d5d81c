"""How many places a sitting has, where somebody changes it by hand."""

from sqlmodel import Session

from server import clock
from server.db.refusals import refusing
from server.meals.kitchen.errors import MenuOfThePast, PlacesTaken
from server.meals.kitchen.menus import get_sitting
from server.meals.offering import offer_places


def set_places(session: Session, canteen_id: int, sitting_id: int, places: int) -> int:
    """Let a sitting have so many places; who waits is offered the new ones before anybody else.

    Returns how many offers were made. Raises `PlacesTaken`, `MenuOfThePast`, `NotFound`.
    """
    sitting = get_sitting(session, canteen_id, sitting_id)
    session.refresh(sitting, with_for_update=True)
    if sitting.service_on < clock.today():
        raise MenuOfThePast()
    taken = PlacesTaken(taken=sitting.booked + sitting.held)
    with refusing(session, {"ck_sitting_booked_within_capacity": taken}):
        sitting.capacity = places
        session.flush()
    return offer_places(session, [sitting_id])
