"""A canteen's week at random: whatever is done in whatever order, the invariants hold.

Places booked and held stay within the capacity, the database's counts are true, a resident has a
meal once a day, and no standing order feeds anybody in a pause. `YINLING_SOAK_STEPS` asks for more.
"""

import os
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import select, text

from server import clock
from server.db.refusals import refusing
from server.db.sessions import TryAgain
from server.errors import DomainError
from server.meals.collecting import collect_meal
from server.meals.days.closing import close_day, reopen_day
from server.meals.days.models import CanteenClosure
from server.meals.models import BookedBy, Booking, Meal
from server.meals.offering import pass_on
from server.meals.service import book_meal, cancel_booking
from server.meals.standing.booking import book_orders
from server.meals.standing.making import end_order, make_order
from server.meals.standing.models import MealPause, StandingOrder
from server.meals.standing.pausing import lift, pause
from server.meals.waiting.joining import accept, join, leave
from server.meals.waiting.models import MealWaiting
from tests.factories.meals import make_canteen, make_sitting
from tests.factories.people import make_resident

pytestmark = pytest.mark.long

MONDAY = datetime(2026, 11, 23, 1, tzinfo=clock.CITY)
STEPS = int(os.environ.get("YINLING_SOAK_STEPS", "0"))
BROKEN = {
    "more booked and held than there are places": (
        "SELECT id FROM sitting WHERE booked + held > capacity"
    ),
    "places miscounted": (
        "SELECT s.id FROM sitting s WHERE s.booked <> (SELECT count(*) FROM booking b"
        " WHERE b.sitting_id = s.id AND b.status <> 'cancelled') OR s.held <> (SELECT count(*)"
        " FROM meal_waiting w WHERE w.sitting_id = s.id AND w.state = 'offered')"
    ),
    "a meal twice a day": (
        "SELECT resident_id FROM booking WHERE status <> 'cancelled'"
        " GROUP BY resident_id, service_on, meal HAVING count(*) > 1"
    ),
    "fed in a pause": (
        "SELECT b.id FROM booking b JOIN standing_order o ON o.resident_id = b.resident_id"
        " AND o.canteen_id = b.canteen_id AND o.meal = b.meal"
        " JOIN sitting s ON s.id = b.sitting_id JOIN meal_pause p ON p.order_id = o.id"
        " WHERE b.booked_by = 'standing' AND b.status = 'booked' AND p.lifted_at IS NULL"
        " AND b.service_on >= p.starts_on AND b.service_on < p.ends_on"
        " AND p.noted_at < s.cutoff_at AND o.ended_at IS NULL"
    ),
    "booked where it is closed": (
        "SELECT b.id FROM booking b JOIN sitting s ON s.id = b.sitting_id"
        " WHERE s.closed_at IS NOT NULL AND b.status = 'booked'"
    ),
}
PEOPLE, DAYS, SOME = 4, 4, st.integers(0, 11)


def some(session, table, number, *conditions):
    """One row of the table, or None: numbers go round."""
    rows = session.execute(select(table).where(*conditions).order_by(table.id)).scalars().all()
    return rows[number % len(rows)] if rows else None


class Week(RuleBasedStateMachine):
    """Two canteens, four days, four people, few places."""

    session = None

    def __init__(self):
        super().__init__()
        self.time = time_machine.travel(MONDAY, tick=False)
        self.days = self.time.__enter__()
        self.all = self.session.begin_nested()
        self.people = [make_resident(self.session).id for _ in range(PEOPLE)]
        self.canteens = [make_canteen(self.session) for _ in range(2)]
        self.sittings = [
            make_sitting(self.session, one, in_days=day, capacity=2, dishes=())
            for one in self.canteens
            for day in range(DAYS)
        ]

    def teardown(self):
        self.all.rollback()
        self.time.__exit__(None, None, None)

    def do(self, deed, *args, **given):
        """A refusal is an answer, and leaves nothing behind."""
        with suppress(DomainError, TryAgain), refusing(self.session, {}):
            deed(self.session, *args, **given)

    @rule(person=SOME, sitting=SOME)
    def book(self, person, sitting):
        self.do(
            book_meal, sitting_id=self.sittings[sitting % len(self.sittings)].id,
            resident_id=self.people[person % PEOPLE], booked_by=BookedBy.SELF,
        )  # fmt: skip

    @rule(number=SOME)
    def cancel(self, number):
        if found := some(self.session, Booking, number, Booking.status == "booked"):
            self.do(cancel_booking, found.id)

    @rule(number=SOME)
    def collect(self, number):
        if found := some(self.session, Booking, number, Booking.service_on == clock.today()):
            self.do(collect_meal, canteen_id=found.canteen_id, code=found.code)

    @rule(person=SOME, canteen=SOME, weekday=st.integers(1, 7))
    def order(self, person, canteen, weekday):
        self.do(
            make_order, resident_id=self.people[person % PEOPLE],
            canteen_id=self.canteens[canteen % 2].site_id, meal=Meal.LUNCH,
            weekdays=[weekday, weekday % 7 + 1], made_by=BookedBy.SELF, starts_on=clock.today(),
        )  # fmt: skip

    @rule(number=SOME)
    def end(self, number):
        if found := some(self.session, StandingOrder, number):
            self.do(end_order, found.id)

    @rule(number=SOME, first=st.integers(0, 3), days=st.integers(1, 3))
    def rest(self, number, first, days):
        if found := some(self.session, StandingOrder, number):
            starts_on = clock.today() + timedelta(days=first)
            self.do(pause, found.id, starts_on=starts_on, ends_on=starts_on + timedelta(days=days))

    @rule(number=SOME)
    def go_on(self, number):
        if found := some(self.session, MealPause, number, MealPause.lifted_at.is_(None)):
            self.do(lift, found.id)

    @rule()
    def night(self):
        orders = self.session.execute(select(StandingOrder.id)).scalars().all()
        self.do(book_orders, orders)
        self.do(pass_on)

    @rule(person=SOME, sitting=SOME)
    def wait(self, person, sitting):
        self.do(
            join, sitting_id=self.sittings[sitting % len(self.sittings)].id,
            resident_id=self.people[person % PEOPLE], joined_by=BookedBy.SELF,
        )  # fmt: skip

    @rule(number=SOME, takes=st.booleans())
    def answer(self, number, takes):
        if found := some(self.session, MealWaiting, number):
            self.do(accept if takes else leave, found.id)

    @rule(sitting=SOME, capacity=st.integers(0, 4))
    def change_capacity(self, sitting, capacity):
        values = {"id": self.sittings[sitting % len(self.sittings)].id, "capacity": capacity}
        statement = text("UPDATE sitting SET capacity = :capacity WHERE id = :id")
        with suppress(Exception), self.session.begin_nested():
            self.session.execute(statement, values)

    @rule(canteen=SOME, day=st.integers(0, 3))
    def close(self, canteen, day):
        self.do(
            close_day, canteen_id=self.canteens[canteen % 2].site_id,
            service_on=clock.today() + timedelta(days=day), meal=None, reason="检修",
        )  # fmt: skip

    @rule(number=SOME)
    def reopen(self, number):
        if found := some(self.session, CanteenClosure, number):
            self.do(reopen_day, found.id)

    @rule(hours=st.integers(1, 14))
    def time_passes(self, hours):
        if clock.today() < MONDAY.date() + timedelta(days=2):
            self.days.shift(timedelta(hours=hours))

    @invariant()
    def nothing_is_broken(self):
        broken = {
            name: rows
            for name, query in BROKEN.items()
            if (rows := self.session.execute(text(query)).all())
        }
        assert broken == {}


def test_a_week_at_random_breaks_nothing(session):
    machine = type("OneWeek", (Week,), {"session": session})
    steps = {"max_examples": 1, "stateful_step_count": STEPS} if STEPS else {
        "max_examples": 3, "stateful_step_count": 20,
    }  # fmt: skip
    case = machine.TestCase
    case.settings = settings(
        **steps, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip

    case("runTest").runTest()
