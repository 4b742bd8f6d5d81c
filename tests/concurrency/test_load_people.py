"""Two lists of the same people, deaths and bookings at the same moment: each waits, none locks up.

The lists name everybody in opposite orders. The twin does not hold the residents first, and must
end in a deadlock.
"""

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server import clock
from server.db import sessions
from server.intake.rows import Row
from server.meals.models import BookedBy
from server.meals.service import book_meal
from server.residents import loading
from server.residents.cells import Identity
from server.residents.departures.models import DepartureKind
from server.residents.departures.reports import Report
from server.residents.departures.service import report_departures
from server.residents.importing import Person
from server.residents.models import Sex
from tests.cities import VILLAGE
from tests.concurrency.racing import MISCOUNTED, look, race
from tests.factories.meals import make_sitting
from tests.factories.people import an_id_number

BORN_ON = date(1944, 5, 6)
PEOPLE = 400
DEADLOCK = "40P01"


def person(number, address):
    identity = Identity(an_id_number(number, BORN_ON), BORN_ON, Sex.FEMALE)
    row = Row(number, ())
    return Person(row, f"赵{number}", identity, VILLAGE, address, None, None, None)


def a_list(name, *, backwards=False):
    """Everybody, at another address."""
    people = [person(number, f"{name}巷{number}号") for number in range(PEOPLE)]
    return people[::-1] if backwards else people


@pytest.fixture
def register(settle):
    """Everybody is in the register; returns their numbers in it."""

    def enter(session):
        loading.load_people(session, a_list("旧"))
        rows = session.execute(text("SELECT id FROM resident ORDER BY id"))
        return rows.scalars().all()

    return settle(enter)


def once(work):
    """Do it in one transaction that is not run again: a deadlock is told."""
    try:
        with sessions.transaction() as session:
            work(session)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == DEADLOCK:
            return "deadlock"
        raise
    return "done"


def lists_at_once(times):
    wishes = [a_list(f"第{number}", backwards=number % 2 == 0) for number in range(times)]
    return race(wishes, lambda people: once(lambda own: loading.load_people(own, people)))


def test_lists_in_opposite_orders_wait_for_each_other(own_city, register):
    assert lists_at_once(6) == {"done": 6}


def test_lists_of_many_slices_too(own_city, register, monkeypatch):
    monkeypatch.setattr(loading, "SLICE", 50)

    assert lists_at_once(6) == {"done": 6}


def test_without_holding_the_people_first_they_lock_each_other_up(own_city, register, monkeypatch):
    nothing = text("SELECT :digests")
    monkeypatch.setattr(loading, "HOLD_KNOWN", nothing)
    monkeypatch.setattr(loading, "HOLD_FOUND", text("SELECT 1"))
    monkeypatch.setattr(loading, "SLICE", 50)

    assert lists_at_once(6)["deadlock"] > 0


def test_a_list_deaths_and_bookings_come_at_once(own_city, register, settle):
    sitting_id = settle(lambda session: make_sitting(session, capacity=PEOPLE).id)
    died_on = clock.today() - timedelta(days=1)

    def load(session):
        loading.load_people(session, a_list("新", backwards=True))

    def report(session):
        told = [
            Report(one, DepartureKind.DIED, died_on, "feed", f"A{one}") for one in register[:100]
        ]
        report_departures(session, told)

    def book(number):
        def one(session):
            book_meal(
                session, sitting_id=sitting_id, resident_id=register[number],
                booked_by=BookedBy.HELPER,
            )  # fmt: skip

        return one

    deeds = [load, report, *(book(number) for number in range(80, 130))]
    outcomes = race(deeds, once, threads=12)

    assert "deadlock" not in outcomes
    assert outcomes["done"] >= 2 + 30, outcomes
    assert look(own_city, MISCOUNTED) == []
