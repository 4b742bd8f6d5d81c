"""One meal told of by many counters: the first that arrives counts, the others are found."""

from datetime import timedelta
from uuid import uuid4

import pytest

from server import clock
from server.db import sessions
from server.meals.counter.models import How, MealCollection
from server.meals.counter.receiving import Telling, receive
from server.meals.models import BookedBy
from server.meals.service import book_meal
from tests.concurrency.racing import as_owner, look, race
from tests.factories.meals import make_sitting

COUNTERS = 8


@pytest.fixture
def booked(settle, people, own_city):
    """One meal of today."""
    _, [resident] = people(1)

    def make(session):
        later = clock.now() + timedelta(hours=1)
        sitting = make_sitting(session, in_days=0, cutoff_at=later)
        book_meal(session, sitting_id=sitting.id, resident_id=resident, booked_by=BookedBy.STAFF)

    settle(make)
    [(booking, canteen)] = look(own_city, "SELECT id, canteen_id FROM booking")
    return booking, canteen


def told(booking):
    booking_id, canteen_id = booking

    @sessions.in_transaction
    def tell(key, *, session):
        meal = Telling(key, clock.now(), How.NAME, booking_id=booking_id, is_offline=True)
        [receipt] = receive(session, canteen_id, [meal])
        return type(receipt.refusal).__name__ if receipt.refusal else "accepted"

    return tell


def keys():
    return [uuid4().hex for _ in range(COUNTERS)]


def test_the_first_counts_and_each_other_becomes_a_finding(own_city, platform, booked):
    outcomes = race(keys(), told(booked), threads=COUNTERS)

    assert outcomes == {"accepted": 1, "AlreadyCollected": COUNTERS - 1}
    assert look(own_city, "SELECT count(*)::int FROM meal_collection") == [(1,)]
    found = "SELECT count(*)::int FROM finding WHERE kind = 'meal_handed_out_twice'"
    assert look(own_city, found) == [(COUNTERS - 1,)]


@sessions.in_transaction
def write_plainly(booking_id, *, session):
    """What an import, or a statement by hand, would write."""
    session.add(
        MealCollection(
            client_key=uuid4().hex,
            booking_id=booking_id,
            how=How.NAME,
            device_at=clock.now(),
            received_at=clock.now(),
        )
    )
    session.flush()
    return "written"


def test_nobody_writes_a_second_collection_beside_it(own_city, platform, booked):
    outcomes = race([booked[0]] * COUNTERS, write_plainly, threads=COUNTERS)

    assert outcomes == {"written": 1, "IntegrityError": COUNTERS - 1}


def test_without_the_unique_index_a_meal_would_be_handed_out_many_times(own_city, platform, booked):
    as_owner(own_city, "DROP INDEX uq_meal_collection_of_booking")

    assert race([booked[0]] * COUNTERS, write_plainly, threads=COUNTERS) == {"written": COUNTERS}
