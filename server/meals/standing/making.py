"""Make and end a standing order. What it can book of the coming days is booked at once."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select, text, update
from sqlmodel import Session, col

from server import clock
from server.db.refusals import refusing
from server.errors import NotFound
from server.meals import reasons
from server.meals.kitchen.needs import usual_diet
from server.meals.models import BookedBy, Canteen, Diet, Handing, Meal
from server.meals.standing import rules
from server.meals.standing.booking import book_orders
from server.meals.standing.calling_off import call_off
from server.meals.standing.errors import OrderedAlready, OrderOver
from server.meals.standing.models import WEEKDAYS, OrderEnd, StandingOrder
from server.residents.presence import check_still_here

END_PAST = text(
    """
    UPDATE standing_order SET ended_at = :now, end_reason = 'ran_out'
     WHERE ended_at IS NULL AND ends_on <= :today
       AND (CAST(:resident AS bigint) IS NULL OR resident_id = :resident)
    RETURNING id
    """
)


def make_order(
    session: Session,
    *,
    resident_id: int,
    canteen_id: int,
    meal: Meal,
    weekdays: Sequence[int],
    made_by: BookedBy,
    starts_on: date,
    ends_on: date | None = None,
    diet: Diet | None = None,
    handing: Handing = Handing.AT_CANTEEN,
) -> StandingOrder:
    """Order a meal for these weekdays, and book what is open of the coming days.

    Without a `diet` it is cooked as was noted of the resident by now.

    Raises `OrderedAlready`, `DaysUnusable`, `ResidentGone`, `NotFound`.
    """
    today = clock.today()
    rules.check_order_days(starts_on, ends_on, today=today)
    check_still_here(session, resident_id)
    _check_canteen(session, canteen_id)
    end_past(session, resident_id)
    diet = diet or usual_diet(session, resident_id)
    order = StandingOrder(
        resident_id=resident_id, canteen_id=canteen_id, meal=meal,
        weekdays=rules.weekdays_of(weekdays), diet=diet, handing=handing, starts_on=starts_on,
        ends_on=ends_on, made_by=made_by, made_at=clock.now(),
    )  # fmt: skip
    with refusing(session, {f"uq_standing_order_{day}": OrderedAlready() for day in WEEKDAYS}):
        session.add(order)
    assert order.id is not None, "a stored order has its number"
    book_orders(session, [order.id])
    return order


def end_order(session: Session, order_id: int) -> None:
    """End an order by wish, and call off what it booked; twice is as good as once.

    What the kitchen counts on already stays. Raises `NotFound`.
    """
    order = lock_order(session, order_id)
    if order.ended_at is None:
        order.ended_at, order.end_reason = clock.now(), OrderEnd.WISHED
        session.flush()
        call_off(session, orders=[order_id], reason=reasons.STANDING_ENDED)


def end_past(session: Session, resident_id: int | None = None) -> int:
    """End what has passed its last day, of everybody or of one resident; returns how many."""
    values: dict[str, Any] = {"now": clock.now(), "today": clock.today(), "resident": resident_id}
    return len(session.connection().execute(END_PAST, values).all())


def end_orders_of(session: Session, resident_ids: Sequence[int], end: OrderEnd) -> None:
    """End every order of these residents; their bookings are the caller's to cancel."""
    session.execute(
        update(StandingOrder)
        .where(
            col(StandingOrder.resident_id).in_(resident_ids), col(StandingOrder.ended_at).is_(None)
        )
        .values(ended_at=clock.now(), end_reason=end),
        execution_options={"synchronize_session": False},
    )


def lock_order(session: Session, order_id: int) -> StandingOrder:
    """Hold an order, so that nothing is booked by it meanwhile; raises `NotFound`."""
    order: StandingOrder | None = session.execute(
        select(StandingOrder).where(col(StandingOrder.id) == order_id).with_for_update(),
        execution_options={"populate_existing": True},
    ).scalar_one_or_none()
    if order is None:
        raise NotFound()
    return order


def check_holds(order: StandingOrder) -> None:
    """Raise `OrderOver` for an order that has ended."""
    if order.ended_at is not None:
        raise OrderOver()


def _check_canteen(session: Session, canteen_id: int) -> None:
    found = select(col(Canteen.site_id)).where(col(Canteen.site_id) == canteen_id)
    if session.execute(found).first() is None:
        raise NotFound()
