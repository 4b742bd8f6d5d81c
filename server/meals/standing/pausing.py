"""暂停: no meals from a day to a day, and meals again."""

from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session, col

from server import clock
from server.db.refusals import refusing
from server.errors import NotFound
from server.meals import reasons
from server.meals.standing import rules
from server.meals.standing.booking import book_orders
from server.meals.standing.calling_off import call_off
from server.meals.standing.errors import PausedAlready
from server.meals.standing.making import check_holds, lock_order
from server.meals.standing.models import MealPause, PauseCause, StandingOrder


def pause(session: Session, order_id: int, *, starts_on: date, ends_on: date) -> MealPause:
    """Book nothing by this order from `starts_on` until the day before `ends_on`.

    What it booked for these days is called off, as far as the kitchen does not count on it. Whoever
    books by the order at the same moment comes first or finds the pause. Raises `PausedAlready`,
    `OrderOver`, `DaysUnusable`, `NotFound`.
    """
    rules.check_pause_days(starts_on, ends_on, today=clock.today())
    order = lock_order(session, order_id)
    check_holds(order)
    paused = MealPause(
        resident_id=order.resident_id, order_id=order_id, cause=PauseCause.WISHED,
        starts_on=starts_on, ends_on=ends_on, noted_at=clock.now(),
    )  # fmt: skip
    with refusing(session, {"ex_meal_pause_one_an_order": PausedAlready()}):
        session.add(paused)
    call_off(session, orders=[order_id], reason=reasons.PAUSED, since=starts_on, until=ends_on)
    return paused


def lift(session: Session, pause_id: int) -> None:
    """Let meals go on from today, and book what is open; twice is as good as once.

    Raises `NotFound`.
    """
    found = find_pause(session, pause_id)
    session.execute(_lifting(found).where(col(MealPause.id) == pause_id))
    book_orders(session, _orders_of(session, found))


def find_pause(session: Session, pause_id: int) -> MealPause:
    """Return one pause; raises `NotFound`."""
    found: MealPause | None = session.execute(
        select(MealPause).where(col(MealPause.id) == pause_id)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound()
    return found


def _lifting(paused: MealPause) -> Any:
    """A pause that has begun keeps its days until today; one that has not counts no more."""
    today = clock.today()
    change = update(MealPause).execution_options(synchronize_session=False)
    if paused.starts_on < today:
        return change.values(ends_on=today).where(
            col(MealPause.ends_on).is_(None) | (col(MealPause.ends_on) > today)
        )
    return change.values(lifted_at=clock.now()).where(col(MealPause.lifted_at).is_(None))


def _orders_of(session: Session, paused: MealPause) -> list[int]:
    if paused.order_id is not None:
        return [paused.order_id]
    return list(
        session.execute(
            select(col(StandingOrder.id)).where(
                col(StandingOrder.resident_id) == paused.resident_id,
                col(StandingOrder.ended_at).is_(None),
            )
        ).scalars()
    )
