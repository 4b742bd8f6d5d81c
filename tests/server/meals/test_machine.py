"""A canteen's week at random: whatever is done in whatever order, the invariants hold.

Places booked and held stay within the capacity, the database's counts are true, a resident has a
meal once a day, no standing order feeds anybody in a pause, and what was handed out, carried to a
door or taken back was paid for once. `YINLING_SOAK_STEPS` asks for more, `YINLING_SOAK_SEED` for
another week.
"""

import os
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import select, text

from server import clock
from server.db.refusals import refusing
from server.db.sessions import TryAgain
from server.errors import DomainError
from server.meals.collecting import collect_meal
from server.meals.counter.models import MealCollection
from server.meals.counter.undoing import undo_collection
from server.meals.counter.walk_ins import Shown, serve_walk_in
from server.meals.days.closing import close_day, reopen_day
from server.meals.days.models import CanteenClosure
from server.meals.deliveries.models import MealDrop, MealRound
from server.meals.deliveries.service import AtTheDoor, make_rounds, say_at_the_door, seal_round
from server.meals.missing.marking import mark_missed
from server.meals.models import BookedBy, Booking, Diet, Handing, Meal, Sitting
from server.meals.offering import pass_on
from server.meals.service import book_meal, cancel_booking
from server.meals.standing.booking import book_orders
from server.meals.standing.making import end_order, make_order
from server.meals.standing.models import MealPause, StandingOrder
from server.meals.standing.pausing import lift, pause
from server.meals.waiting.joining import accept, join, leave
from server.meals.waiting.models import MealWaiting
from server.meals.wallets.keeping import refund, top_up
from server.meals.wallets.models import Wallet
from tests.factories.meals import make_canteen, make_sitting
from tests.factories.people import an_id_number, make_resident

pytestmark = pytest.mark.long

MONDAY = datetime(2026, 11, 23, 1, tzinfo=clock.CITY)
STEPS = int(os.environ.get("YINLING_SOAK_STEPS", "0"))
SEED = os.environ.get("YINLING_SOAK_SEED")
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
        " AND (o.weekdays >> (extract(isodow FROM b.service_on)::int - 1)) & 1 = 1"
        " AND b.service_on >= p.starts_on AND b.service_on < p.ends_on"
        " AND p.noted_at < s.cutoff_at AND o.ended_at IS NULL"
    ),
    "booked where it is closed": (
        "SELECT b.id FROM booking b JOIN sitting s ON s.id = b.sitting_id"
        " WHERE s.closed_at IS NOT NULL AND b.status = 'booked'"
    ),
    "handed out otherwise than it is written": (
        "SELECT b.id FROM booking b WHERE (b.status = 'collected')::int <>"
        " (SELECT count(*) FROM meal_collection c"
        " WHERE c.booking_id = b.id AND c.undone_at IS NULL)"
    ),
    "handed over at a door and not handed out": (
        "SELECT d.id FROM meal_drop d JOIN booking b ON b.id = d.booking_id"
        " WHERE d.state = 'handed' AND b.status <> 'collected'"
    ),
    "paid for and not handed out, or the other way round": (
        "SELECT id FROM booking WHERE (status = 'collected') <> (paid_at IS NOT NULL)"
    ),
    "charged otherwise than it was paid": (
        "SELECT b.id FROM booking b WHERE -coalesce((SELECT sum(e.amount_fen) FROM wallet_entry e"
        " WHERE e.booking_id = b.id), 0) <>"
        " CASE WHEN b.paid_how = 'wallet' THEN b.own_pay_fen ELSE 0 END"
    ),
    "a wallet that is not the sum of its lines": (
        "SELECT w.id FROM wallet w WHERE w.balance_fen <> coalesce((SELECT sum(e.amount_fen)"
        " FROM wallet_entry e WHERE e.wallet_id = w.id), 0)"
    ),
}
PEOPLE, DAYS, SOME = 4, 4, st.integers(0, 11)
# In so many steps a week has passed; after it another begins.
A_WEEK = 100


def some(session, table, number, *conditions):
    """One row of the table, or None: numbers go round, and -1 is the latest."""
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
        self.numbers = [an_id_number(900 + one) for one in range(PEOPLE)]
        self.people = [make_resident(self.session, id_number=one).id for one in self.numbers]
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

    @rule(person=SOME, sitting=SOME, is_for_today=st.booleans(), handing=st.sampled_from(Handing))
    def book(self, person, sitting, is_for_today, handing):
        now = [one for one in self.sittings if one.service_on == clock.today()]
        offered = now if is_for_today else self.sittings
        self.do(
            book_meal, sitting_id=offered[sitting % len(offered)].id,
            resident_id=self.people[person % PEOPLE], booked_by=BookedBy.SELF,
            diet=Diet.NORMAL, handing=handing,
        )  # fmt: skip

    @rule(number=SOME)
    def cancel(self, number):
        if found := some(self.session, Booking, number, Booking.status == "booked"):
            self.do(cancel_booking, found.id)

    @rule(number=SOME)
    def collect(self, number):
        if found := some(self.session, Booking, number, Booking.service_on == clock.today()):
            self.do(collect_meal, canteen_id=found.canteen_id, code=found.code)

    @rule(number=SOME, after=st.sampled_from([0, 60, 120, 121]))
    def take_back(self, number, after):
        if found := some(self.session, MealCollection, -1 - number % 3):
            at = found.device_at + timedelta(seconds=after)
            self.do(undo_collection, found.client_key, at=at, reason="点错了")

    @rule(person=SOME, number=SOME)
    def walk_in(self, person, number):
        if found := some(self.session, Sitting, number, Sitting.service_on == clock.today()):
            shown = Shown(id_number=self.numbers[person % PEOPLE])
            self.do(
                serve_walk_in, canteen_id=found.canteen_id, sitting_id=found.id, shown=shown,
                key=uuid4().hex,
            )  # fmt: skip

    @rule()
    def send_out(self):
        for one in [one for one in self.sittings if one.service_on == clock.today()]:
            given = {"canteen_id": one.canteen_id, "sitting_id": one.id}
            self.do(make_rounds, **given, carriers=["小周"])
        for one in self.session.execute(select(MealRound.id)).scalars().all():
            self.do(seal_round, one, at=clock.now())

    @rule(number=SOME, is_home=st.booleans())
    def stand_at_a_door(self, number, is_home):
        if found := some(self.session, MealDrop, -1 - number % 3):
            said = {"received_by": "女儿"} if is_home else {"reason": "没人开门"}
            self.do(say_at_the_door, found.id, AtTheDoor(uuid4().hex, clock.now(), **said))

    @rule(person=SOME, canteen=SOME, yuan=st.integers(1, 20))
    def pay_in(self, person, canteen, yuan):
        self.do(
            top_up, site_id=self.canteens[canteen % 2].site_id, amount_fen=100 * yuan,
            resident_id=self.people[person % PEOPLE], key=uuid4().hex,
        )  # fmt: skip

    @rule(number=SOME)
    def give_back(self, number):
        if found := some(self.session, Wallet, number):
            self.do(refund, found.id, key=uuid4().hex)

    @rule()
    def note_who_did_not_come(self):
        self.do(mark_missed)

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

    @rule(hours=st.integers(1, 6))
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
    machine = seed(int(SEED))(machine) if SEED else machine
    steps = {"max_examples": STEPS // A_WEEK, "stateful_step_count": A_WEEK} if STEPS else {
        "max_examples": 3, "stateful_step_count": 20,
    }  # fmt: skip
    case = machine.TestCase
    case.settings = settings(
        **steps, deadline=None, derandomize=SEED is None, database=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip

    case("runTest").runTest()
