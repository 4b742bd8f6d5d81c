"""A daughter books while the death of her father is entered: no meal is left on the table for him.

Between looking and taking, every booking of these races waits for a moment, so that reports come
in between. The twin takes the resident's row without looking at it again, and must go wrong.
"""

import time
from datetime import timedelta

import pytest
from sqlalchemy import bindparam, select

from server import clock
from server.db import sessions
from server.meals import placing, service
from server.meals.models import BookedBy
from server.residents.departures.models import DepartureKind
from server.residents.departures.reports import Report
from server.residents.departures.service import report_departures
from server.residents.models import Resident
from tests.concurrency.racing import MISCOUNTED, look, race
from tests.factories.meals import make_sitting

ELDERS = 40
MEALS_OF_THE_DEAD = (
    "SELECT b.id FROM booking b JOIN resident r ON r.id = b.resident_id"
    " WHERE b.status = 'booked' AND b.service_on > r.died_on"
)


@sessions.in_transaction
def book(sitting_id, resident_id, *, session):
    service.book_meal(
        session, sitting_id=sitting_id, resident_id=resident_id, booked_by=BookedBy.HELPER
    )
    return "booked"


@sessions.in_transaction
def report(resident_ids, *, session):
    died_on = clock.today() - timedelta(days=1)
    reports = [Report(one, DepartureKind.DIED, died_on, "feed", f"A{one}") for one in resident_ids]
    return {outcome.value for outcome in report_departures(session, reports)}.pop()


@pytest.fixture
def elders(people):
    return people(ELDERS)[1]


@pytest.fixture
def sitting_id(settle):
    return settle(lambda session: make_sitting(session, capacity=ELDERS).id)


@pytest.fixture(autouse=True)
def a_moment_between_looking_and_taking(monkeypatch):
    look_first = service._check_still_bookable

    def look_and_wait(session, facts, booked_by, *, now):
        look_first(session, facts, booked_by, now=now)
        time.sleep(0.02)

    monkeypatch.setattr(service, "_check_still_bookable", look_and_wait)


def at_once(elders, sitting_id):
    """Everybody is booked for and reported at the same time, each once."""
    wishes = [wish for one in elders for wish in ((book, (sitting_id, one)), (report, ([one],)))]
    return race(wishes, lambda wish: wish[0](*wish[1]), threads=16)


def test_no_booking_outlives_the_report(own_city, platform, elders, sitting_id):
    outcomes = at_once(elders, sitting_id)

    assert outcomes["recorded"] == ELDERS
    assert outcomes["booked"] + outcomes["NobodyToFeed"] == ELDERS, outcomes
    assert look(own_city, MEALS_OF_THE_DEAD) == []
    assert look(own_city, MISCOUNTED) == []


def test_without_the_guard_the_dead_have_meals(own_city, platform, elders, sitting_id, monkeypatch):
    monkeypatch.setattr(placing, "_still_here", _whoever)
    monkeypatch.setattr(service, "TAKE_A_PLACE", placing._take_a_place())

    outcomes = at_once(elders, sitting_id)

    assert outcomes["recorded"] == ELDERS
    assert look(own_city, MEALS_OF_THE_DEAD) != []


def test_a_feed_and_bookings_of_one_sitting_do_not_strangle_each_other(
    own_city, platform, elders, sitting_id
):
    """The feed holds all of its people first, so that no booking waits for it crosswise."""
    dead, alive = elders[: ELDERS // 2], elders[ELDERS // 2 :]
    for one in dead:
        book(sitting_id, one)
    wishes = [(report, (dead,)), *((book, (sitting_id, one)) for one in (*alive, *dead))]

    outcomes = race(wishes, lambda wish: wish[0](*wish[1]), threads=16)

    assert (outcomes["recorded"], outcomes["booked"]) == (1, len(alive))
    assert outcomes["AlreadyBooked"] + outcomes["NobodyToFeed"] == len(dead), outcomes
    assert look(own_city, MEALS_OF_THE_DEAD) == []
    assert look(own_city, MISCOUNTED) == []


def test_the_same_feed_twice_at_once_is_applied_once(own_city, platform, elders, sitting_id):
    outcomes = race([elders] * 4, report, threads=4)

    assert outcomes == {"recorded": 1, "unchanged": 3}
    assert look(own_city, "SELECT count(*) FROM departure") == [(ELDERS,)]


def _whoever():
    return select(Resident.id).where(Resident.id == bindparam("resident"))
