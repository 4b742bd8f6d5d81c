"""A month is drawn up while a meal of it is handed out: it is in the sums, or refused."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import datetime, time
from threading import Event

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from server import clock
from server.db.sessions import transaction
from server.meals.models import BookingStatus
from server.meals.settlement import service
from server.meals.settlement.errors import MonthOfMealsIsSettled
from tests.concurrency.racing import look
from tests.factories.eaten import Kitchen

SOON, A_WHILE = 10, 0.5
SUMS = "SELECT meals, subsidy_fen FROM meal_settlement"
BESIDE = (
    "SELECT count(*)::int FROM booking b WHERE b.status = 'collected'"
    " AND NOT EXISTS (SELECT 1 FROM meal_fact f WHERE f.booking_id = b.id)"
)


@pytest.fixture
def kitchen(settle):
    """A canteen with a meal of a month gone by that nobody has fetched yet."""

    def make(session):
        kitchen = Kitchen(session)
        kitchen.waiting = kitchen.eaten(status=BookingStatus.BOOKED).id
        return kitchen

    return settle(make)


def hand_out(kitchen, *, until=None):
    at = datetime.combine(kitchen.month, time(12), clock.CITY)
    collect = "UPDATE booking SET status = 'collected', collected_at = :at WHERE id = :booking"
    with transaction() as session:
        session.execute(text(collect), {"at": at, "booking": kitchen.waiting})
        if until is not None:
            until.wait(SOON)


def draw_up(kitchen, *, until=None):
    with transaction() as session:
        service.draw_up(session, [kitchen.site_id], kitchen.month)
        if until is not None:
            until.wait(SOON)


def at_once(first, second):
    """Begin the first, and the second beside it while the first is not over."""
    may_end = Event()
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(copy_context().run, lambda: first(may_end))
        may_end.wait(A_WHILE)
        other = pool.submit(copy_context().run, second)
        may_end.wait(A_WHILE)
        is_waiting = not other.done()
        may_end.set()
        one.result(SOON)
        return is_waiting, other


def test_the_drawing_up_waits_for_a_meal_and_counts_it(own_city, kitchen):
    is_waiting, drawing = at_once(
        lambda may_end: hand_out(kitchen, until=may_end), lambda: draw_up(kitchen)
    )

    drawing.result(SOON)
    assert is_waiting
    assert look(own_city, SUMS) == [(1, 300)]


def test_a_meal_waits_for_the_drawing_up_and_is_refused(own_city, kitchen):
    is_waiting, meal = at_once(
        lambda may_end: draw_up(kitchen, until=may_end), lambda: hand_out(kitchen)
    )

    with pytest.raises(DBAPIError, match="this month of the canteen is settled"):
        meal.result(SOON)
    assert is_waiting
    assert look(own_city, SUMS) == [(0, 0)]
    assert look(own_city, BESIDE) == [(0,)]


def test_without_the_guard_a_meal_slips_past_its_month(own_city, kitchen):
    """The twin: what the trigger is for."""
    owner = create_engine(own_city.owner_url)
    with owner.begin() as connection:
        connection.execute(text("SET search_path TO city_1405"))
        connection.execute(text("DROP TRIGGER month_of_meals_stays_open ON booking"))
    owner.dispose()

    _, drawing = at_once(lambda may_end: hand_out(kitchen, until=may_end), lambda: draw_up(kitchen))

    drawing.result(SOON)
    assert look(own_city, BESIDE) == [(1,)]


def test_two_who_draw_it_up_at_once_draw_it_up_once(own_city, kitchen):
    _, second = at_once(lambda may_end: draw_up(kitchen, until=may_end), lambda: draw_up(kitchen))

    with pytest.raises(MonthOfMealsIsSettled):
        second.result(SOON)
    assert look(own_city, "SELECT count(*)::int FROM meal_settlement") == [(1,)]
