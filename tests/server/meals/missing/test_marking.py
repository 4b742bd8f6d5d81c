"""Meals nobody came for, and what follows."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from server import clock
from server.meals.missing.errors import LateRefused
from server.meals.missing.marking import mark_missed
from server.meals.missing.policy import count_misses, get_no_shows
from server.meals.models import BookedBy, Booking
from server.meals.service import book_meal
from tests.factories.meals import make_canteen, make_sitting
from tests.factories.people import make_resident


@pytest.fixture
def resident(session):
    return make_resident(session)


@pytest.fixture
def canteen(session):
    return make_canteen(session)


def book(session, resident, sitting):
    return book_meal(
        session, sitting_id=sitting.id, resident_id=resident.id, booked_by=BookedBy.SELF
    )


def miss(session, resident, canteen, times):
    for day in range(1, times + 1):
        book(session, resident, make_sitting(session, canteen, in_days=day, dishes=()))
    with time_machine.travel(clock.now() + timedelta(days=times + 1), tick=False):
        return mark_missed(session)


def test_after_its_day_a_meal_nobody_came_for_is_missed(session, resident, canteen):
    assert miss(session, resident, canteen, 2) == 2

    assert set(session.execute(select(Booking.status)).scalars()) == {"missed"}
    with time_machine.travel(clock.now() + timedelta(days=3), tick=False):
        assert mark_missed(session) == 0


def test_on_the_day_itself_everybody_may_still_come(session, resident, canteen):
    book(session, resident, make_sitting(session, canteen, dishes=()))

    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        assert mark_missed(session) == 0


@pytest.mark.parametrize(("times", "is_refused"), [(2, False), (3, True)])
def test_who_often_misses_books_no_late_place(session, resident, canteen, times, is_refused):
    assert get_no_shows(session).misses == 3
    miss(session, resident, canteen, times)

    with time_machine.travel(clock.now() + timedelta(days=10), tick=False):
        now = clock.now()
        late = make_sitting(
            session, canteen, in_days=1, dishes=(), late_places=2,
            cutoff_at=now - timedelta(hours=1), late_until=now + timedelta(hours=1),
        )  # fmt: skip
        assert count_misses(session, resident.id, days=30) == times
        if is_refused:
            with pytest.raises(LateRefused):
                book(session, resident, late)
        else:
            book(session, resident, late)


def test_booking_in_time_goes_on_as_for_everybody(session, resident, canteen):
    miss(session, resident, canteen, 3)

    with time_machine.travel(clock.now() + timedelta(days=10), tick=False):
        book(session, resident, make_sitting(session, canteen, in_days=1, dishes=()))
