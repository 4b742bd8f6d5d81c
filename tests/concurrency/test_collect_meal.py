"""The cook hands the meal out while the daughter cancels it: exactly one of them wins."""

from datetime import timedelta

import pytest

from server import clock
from server.db import sessions
from server.meals.collecting import collect_meal
from server.meals.models import BookedBy
from server.meals.service import book_meal, cancel_booking
from tests.concurrency.racing import MISCOUNTED, look, race
from tests.factories.meals import make_sitting

BOOKINGS = 12


@sessions.in_transaction
def cancel(booking, *, session):
    cancel_booking(session, booking.id)
    return "cancelled"


@sessions.in_transaction
def collect(booking, *, session):
    collect_meal(session, canteen_id=booking.canteen_id, code=booking.code)
    return "collected"


@pytest.fixture
def booked(settle, people):
    """Bookings of today that can still be cancelled."""
    _, residents = people(BOOKINGS)

    def make(session):
        later = clock.now() + timedelta(hours=1)
        sitting = make_sitting(session, in_days=0, cutoff_at=later)
        for resident in residents:
            book_meal(
                session, sitting_id=sitting.id, resident_id=resident, booked_by=BookedBy.HELPER
            )

    settle(make)


def bookings(own_city):
    @sessions.reading
    def find(*, session):
        return session.connection().exec_driver_sql("SELECT * FROM booking ORDER BY id").all()

    return find()


def test_each_booking_ends_one_way(own_city, platform, booked):
    wishes = [(do, booking) for booking in bookings(own_city) for do in (cancel, collect)]

    outcomes = race(wishes, lambda wish: wish[0](wish[1]), threads=2 * BOOKINGS)

    won = outcomes["cancelled"] + outcomes["collected"]
    lost = outcomes["AlreadyCollected"] + outcomes["BookingCancelled"]
    assert (won, lost) == (BOOKINGS, BOOKINGS), outcomes
    ended = dict(look(own_city, "SELECT status, count(*)::int FROM booking GROUP BY status"))
    assert ended.get("cancelled", 0) == outcomes["cancelled"]
    assert ended.get("collected", 0) == outcomes["collected"]
    assert look(own_city, MISCOUNTED) == []


def test_a_meal_is_handed_out_once(own_city, platform, booked):
    first = bookings(own_city)[0]

    outcomes = race([first] * 16, collect, threads=16)

    assert outcomes == {"collected": 1, "AlreadyCollected": 15}


def test_cancelling_from_many_phones_gives_one_place_back(own_city, platform, booked):
    first = bookings(own_city)[0]

    outcomes = race([first] * 16, cancel, threads=16)

    assert outcomes == {"cancelled": 16}
    assert look(own_city, "SELECT booked FROM sitting") == [(BOOKINGS - 1,)]
    assert look(own_city, MISCOUNTED) == []


def test_booking_and_cancelling_at_once_keep_the_count(own_city, platform, booked, settle, people):
    _, residents = people(BOOKINGS)
    [(sitting_id,)] = look(own_city, "SELECT id FROM sitting")

    @sessions.in_transaction
    def book(resident, *, session):
        book_meal(session, sitting_id=sitting_id, resident_id=resident, booked_by=BookedBy.HELPER)
        return "booked"

    mixed = zip(bookings(own_city), residents, strict=True)
    wishes = [wish for pair in mixed for wish in zip((cancel, book), pair, strict=True)]

    outcomes = race(wishes, lambda wish: wish[0](wish[1]), threads=2 * BOOKINGS)

    assert outcomes["cancelled"] == BOOKINGS
    assert look(own_city, MISCOUNTED) == []
    assert look(own_city, "SELECT booked FROM sitting") == [(outcomes["booked"],)]
