"""One place comes free: ten wait for it, twenty pass by and tap at the same moment."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from server import clock
from server.db import sessions
from server.meals.errors import SittingFull
from server.meals.models import BookedBy, Booking, Canteen, Meal
from server.meals.service import book_meal, cancel_booking
from server.meals.standing.booking import book_orders
from server.meals.standing.errors import OrderedAlready
from server.meals.standing.making import make_order
from server.meals.standing.models import WEEKDAYS
from server.meals.standing.pausing import pause
from server.meals.waiting.joining import accept, join
from server.residents.models import Resident
from tests.concurrency.racing import MISCOUNTED, as_owner, look, race
from tests.factories.meals import make_canteen, make_sitting
from tests.factories.standing import make_standing

WAITING, PASSING = 10, 20
LOOKS_AWAY = (
    "CREATE FUNCTION look_away() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN NEW.held := 0; RETURN NEW; END $$",
    "CREATE TRIGGER look_away BEFORE UPDATE ON sitting FOR EACH ROW EXECUTE FUNCTION look_away()",
)
IN_A_PAUSE = (
    "SELECT count(*)::int FROM booking b JOIN meal_pause p ON p.resident_id = b.resident_id"
    " AND b.service_on >= p.starts_on AND b.service_on < p.ends_on WHERE b.status = 'booked'"
)
HELD_AND_BOOKED = "SELECT booked, held FROM sitting"
STATES = "SELECT state, count(*)::int FROM meal_waiting GROUP BY state"


@sessions.in_transaction
def book(sitting_id, resident_id, *, session):
    book_meal(session, sitting_id=sitting_id, resident_id=resident_id, booked_by=BookedBy.HELPER)
    return "booked"


@sessions.in_transaction
def cancel(booking_id, *, session):
    cancel_booking(session, booking_id)
    return "cancelled"


@sessions.in_transaction
def wait(sitting_id, resident_id, *, session):
    waiting = join(
        session, sitting_id=sitting_id, resident_id=resident_id, joined_by=BookedBy.HELPER
    )
    return waiting.id


@sessions.in_transaction
def order(resident_id, canteen_id, *, session):
    make_order(
        session, resident_id=resident_id, canteen_id=canteen_id, meal=Meal.LUNCH,
        weekdays=range(1, 8), made_by=BookedBy.HELPER, starts_on=clock.today(),
    )  # fmt: skip
    return "ordered"


@sessions.in_transaction
def night(order_id, *, session):
    book_orders(session, [order_id])
    return "booked"


@sessions.in_transaction
def rest(order_id, *, session):
    today = clock.today()
    days = {"starts_on": today + timedelta(days=2), "ends_on": today + timedelta(days=5)}
    pause(session, order_id, **days)
    return "rested"


def sitting_at(session, canteen_id, day):
    return make_sitting(session, session.get_one(Canteen, canteen_id), in_days=day, dishes=())


@sessions.in_transaction
def take(waiting_id, *, session):
    accept(session, waiting_id)
    return "accepted"


class TestOnePlace:
    @pytest.fixture
    def sitting_id(self, settle):
        return settle(lambda session: make_sitting(session, capacity=1, in_days=2).id)

    @pytest.fixture
    def crowd(self, people, platform, sitting_id):
        """The booking that is given back, who waits in which order, and who passes by."""
        _, [eats, *others] = people(1 + WAITING + PASSING)
        book(sitting_id, eats)
        with sessions.transaction() as session:
            booking_id = session.execute(select(col(Booking.id))).scalar_one()
        line = [wait(sitting_id, one) for one in others[:WAITING]]
        return booking_id, line, others[WAITING:]

    def deeds(self, crowd, sitting_id):
        booking_id, _, passing = crowd
        taps = [(book, (sitting_id, one)) for one in passing]
        return [*taps[: PASSING // 2], (cancel, (booking_id,)), *taps[PASSING // 2 :]]

    def test_who_waits_first_has_it_and_nobody_else(self, own_city, crowd, sitting_id):
        outcomes = race(self.deeds(crowd, sitting_id), lambda deed: deed[0](*deed[1]))

        assert outcomes == {"cancelled": 1, SittingFull.__name__: PASSING}
        assert look(own_city, HELD_AND_BOOKED) == [(0, 1)]
        assert dict(look(own_city, STATES)) == {"offered": 1, "waiting": WAITING - 1}
        _, line, _ = crowd
        assert look(own_city, "SELECT id FROM meal_waiting WHERE state = 'offered'") == [(line[0],)]

        taken = race([line[0]] * 5, take)

        assert taken["accepted"] == 1
        assert look(own_city, HELD_AND_BOOKED) == [(1, 0)]
        assert look(own_city, MISCOUNTED) == []

    def test_where_held_places_are_not_counted_a_passer_by_has_it(
        self, own_city, crowd, sitting_id
    ):
        booking_id, _, passing = crowd
        as_owner(own_city, *LOOKS_AWAY)
        cancel(booking_id)

        outcomes = race(passing, lambda one: book(sitting_id, one))

        assert outcomes["booked"] == 1
        assert dict(look(own_city, STATES))["offered"] == 1


class TestStandingOrders:
    """One resident, one meal, ten phones; and a pause that comes while the night's job books."""

    @pytest.fixture
    def wish(self, settle, people, platform):
        _, [resident] = people(1)
        canteens = [settle(make_canteen).site_id for _ in range(2)]
        for day in range(1, 6):
            for canteen in canteens:
                settle(lambda session, of=canteen, day=day: sitting_at(session, of, day).id)
        return resident, canteens

    def test_a_weekday_has_one_order(self, own_city, wish):
        resident, canteens = wish

        outcomes = race([*canteens] * 5, lambda canteen: order(resident, canteen))

        assert outcomes == {"ordered": 1, OrderedAlready.__name__: 9}
        assert look(own_city, "SELECT count(*) FROM standing_order") == [(1,)]

    def test_without_the_guard_it_has_several(self, own_city, wish):
        resident, canteens = wish
        as_owner(own_city, *(f"DROP INDEX uq_standing_order_{day}" for day in WEEKDAYS))

        outcomes = race([*canteens] * 5, lambda canteen: order(resident, canteen))

        assert outcomes["ordered"] > 1

    def test_a_pause_beside_the_nights_job_leaves_no_meal_in_it(self, own_city, settle, wish):
        resident, [canteen, _] = wish
        order_id = settle(
            lambda session: (
                make_standing(
                    session, session.get_one(Resident, resident), session.get_one(Canteen, canteen)
                ).id
            )
        )
        deeds = [rest, *[night] * 6]

        outcomes = race(deeds, lambda deed: deed(order_id))

        assert outcomes["rested"] == 1
        assert look(own_city, IN_A_PAUSE) == [(0,)]
        assert look(own_city, "SELECT count(*) FROM booking WHERE status = 'booked'") == [(2,)]
        assert look(own_city, MISCOUNTED) == []
