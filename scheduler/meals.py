"""What moves by itself in meals: orders are booked, offers lapse, misses noted, counties told."""

from scheduler.runs import Run
from server.db.sessions import transaction
from server.meals.missing.marking import AT_ONCE, mark_missed
from server.meals.offering import is_any_due, pass_on
from server.meals.standing.booking import book_orders
from server.meals.standing.making import end_past
from server.meals.standing.queries import list_holding
from server.meals.viability.telling import tell_counties

ORDERS_A_STEP = 250


def book_standing(run: Run) -> int:
    """Book what standing orders want of the coming days, part by part; harmless twice.

    A run that is taken up again finds what was booked, and goes on behind it.
    """
    with run.step() as session:
        end_past(session)
    booked, after, orders = 0, 0, [0]
    while orders:
        with run.step() as session:
            orders = list_holding(session, after=after, limit=ORDERS_A_STEP)
            booked += book_orders(session, orders) if orders else 0
        after = orders[-1] if orders else after
    return booked


def offer_places(_run: Run) -> int:
    """Pass offers on that nobody took in time, and offer what is free to who waits."""
    with transaction(writes=False) as session:
        if not is_any_due(session):
            return 0
    with transaction() as session:
        return pass_on(session)


def note_missed_meals(run: Run) -> int:
    """Mark meals of days gone by that nobody came for."""
    missed, last = 0, AT_ONCE
    while last >= AT_ONCE:
        with run.step() as session:
            last = mark_missed(session)
        missed += last
    return missed


def tell_of_canteens(run: Run) -> int:
    """Tell counties of canteens that stand still and of late settlements; harmless twice a day."""
    with run.step() as session:
        return tell_counties(session)
