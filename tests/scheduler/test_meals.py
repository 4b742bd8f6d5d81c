"""The timetable's jobs about meals do their work, and nothing the second time."""

from datetime import timedelta
from threading import Event

import pytest
import time_machine

from scheduler import meals
from scheduler.runs import Entry, run_latest_slot
from scheduler.timetable import at
from server import clock
from server.meals.models import BookedBy
from server.meals.service import book_meal
from tests.cities import CITY
from tests.factories.meals import make_canteen, make_sitting
from tests.factories.people import make_resident
from tests.factories.standing import make_standing, make_waiting


@pytest.fixture
def run(session):
    def run(job, work):
        done = []
        session.commit()
        told = lambda run: done.append(work(run)) or done[0]  # noqa: E731
        run_latest_slot(Entry(job, at(month=1, day=1), "Tests.", told), CITY, Event())
        return done[0]

    return run


def test_standing_orders_are_booked_part_by_part_and_once(session, run, monkeypatch):
    monkeypatch.setattr(meals, "ORDERS_A_STEP", 2)
    canteen = make_canteen(session)
    for day in (1, 2):
        make_sitting(session, canteen, in_days=day, dishes=())
    for _ in range(5):
        make_standing(session, make_resident(session), canteen)

    assert run("book", meals.book_standing) == 10
    assert run("book again", meals.book_standing) == 0


def test_offers_nobody_took_go_to_the_next(session, run):
    sitting = make_sitting(session, capacity=1, in_days=2, dishes=())
    first = make_waiting(session, make_resident(session), sitting, state="offered")
    second = make_waiting(session, make_resident(session), sitting)
    session.commit()
    assert meals.offer_places(None) == 0

    with time_machine.travel(clock.now() + timedelta(minutes=31), tick=False):
        assert meals.offer_places(None) == 2
        assert meals.offer_places(None) == 0

    for one in (first, second):
        session.refresh(one)
    assert (first.state, second.state) == ("lapsed", "offered")


def test_meals_of_yesterday_nobody_came_for_are_missed(session, run):
    sitting = make_sitting(session, dishes=())
    resident = make_resident(session)
    book_meal(session, sitting_id=sitting.id, resident_id=resident.id, booked_by=BookedBy.SELF)
    assert run("note", meals.note_missed_meals) == 0

    with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        assert run("note later", meals.note_missed_meals) == 1
