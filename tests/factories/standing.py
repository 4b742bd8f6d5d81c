"""Standing orders and places in a line."""

from datetime import timedelta

from server import clock
from server.meals.models import BookedBy, Diet, Handing, Meal
from server.meals.standing.models import EVERY_DAY, StandingOrder
from server.meals.waiting.models import MealWaiting, MealWaitingState


def make_standing(session, resident, canteen, **given):
    """An order of lunch for every day from today on; nothing is booked by making it so."""
    values = {
        "resident_id": resident.id,
        "canteen_id": canteen.site_id,
        "meal": Meal.LUNCH,
        "weekdays": EVERY_DAY,
        "diet": Diet.NORMAL,
        "handing": Handing.AT_CANTEEN,
        "starts_on": clock.today(),
        "made_by": BookedBy.SELF,
        "made_at": clock.now(),
    } | given
    order = StandingOrder(**values)
    session.add(order)
    session.flush()
    return order


def make_waiting(session, resident, sitting, **given):
    """A place in the line of a sitting, whether it is full or not."""
    values = {
        "sitting_id": sitting.id,
        "canteen_id": sitting.canteen_id,
        "resident_id": resident.id,
        "service_on": sitting.service_on,
        "meal": sitting.meal,
        "diet": Diet.NORMAL,
        "handing": Handing.AT_CANTEEN,
        "state": MealWaitingState.WAITING,
        "joined_by": BookedBy.SELF,
        "joined_at": clock.now(),
    } | given
    if values["state"] == MealWaitingState.OFFERED:
        now = clock.now()
        values |= {"offered_at": now, "expires_at": now + timedelta(minutes=30)}
    waiting = MealWaiting(**values)
    session.add(waiting)
    session.flush()
    return waiting
