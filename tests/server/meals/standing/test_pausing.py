"""暂停 from day to day, by wish and by being away."""

from datetime import datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from server import clock
from server.meals.models import BookedBy, Booking
from server.meals.service import book_meal
from server.meals.standing.away import follow_away, follow_back
from server.meals.standing.booking import book_orders
from server.meals.standing.errors import OrderedAlready, OrderOver, PausedAlready
from server.meals.standing.making import end_order, make_order
from server.meals.standing.models import MealPause
from server.meals.standing.pausing import lift, pause
from server.residents.whereabouts import AwayCause, ResidentAway, ResidentBack
from tests.factories.meals import make_canteen
from tests.factories.people import make_resident
from tests.factories.standing import make_standing
from tests.server.meals.standing.test_booking import kept, week

MONDAY = datetime(2026, 11, 23, 1, tzinfo=clock.CITY)


@pytest.fixture(autouse=True)
def days():
    with time_machine.travel(MONDAY, tick=False) as days:
        yield days


@pytest.fixture
def canteen(session):
    canteen = make_canteen(session)
    week(session, canteen)
    return canteen


@pytest.fixture
def order(session, canteen):
    order = make_standing(session, make_resident(session), canteen)
    book_orders(session, [order.id])
    return order


def in_days(number):
    return clock.today() + timedelta(days=number)


def reasons(session):
    query = select(Booking.cancel_reason).where(Booking.status == "cancelled")
    return set(session.execute(query).scalars())


def test_a_pause_calls_off_its_days_and_books_none(session, order):
    pause(session, order.id, starts_on=in_days(2), ends_on=in_days(5))

    assert book_orders(session, [order.id]) == 0
    assert kept(session) == [0, 1, 5, 6]
    assert reasons(session) == {"paused"}


def test_lifted_before_it_began_it_counts_no_more_and_meals_are_booked_again(session, order):
    paused = pause(session, order.id, starts_on=in_days(2), ends_on=in_days(5))

    lift(session, paused.id)
    lift(session, paused.id)

    assert kept(session) == list(range(7))


def test_lifted_halfway_it_keeps_the_days_gone_by(session, order, days):
    paused = pause(session, order.id, starts_on=in_days(1), ends_on=in_days(6))
    days.shift(timedelta(days=3))

    lift(session, paused.id)

    session.refresh(paused)
    assert (paused.ends_on, paused.lifted_at) == (clock.today(), None)
    assert kept(session) == [-3, 0, 1, 2, 3]


def test_what_is_past_its_cut_off_stays(session, order, days):
    days.move_to(MONDAY + timedelta(hours=14))

    pause(session, order.id, starts_on=clock.today(), ends_on=in_days(3))

    assert kept(session) == [0, 3, 4, 5, 6]


@pytest.mark.parametrize(("starts", "ends"), [(2, 5), (4, 6), (1, 3), (3, 4)])
def test_two_pauses_of_an_order_do_not_overlap(session, order, starts, ends):
    pause(session, order.id, starts_on=in_days(2), ends_on=in_days(5))

    with pytest.raises(PausedAlready):
        pause(session, order.id, starts_on=in_days(starts), ends_on=in_days(ends))


def test_they_may_follow_each_other(session, order):
    pause(session, order.id, starts_on=in_days(2), ends_on=in_days(4))
    pause(session, order.id, starts_on=in_days(4), ends_on=in_days(5))

    assert kept(session) == [0, 1, 5, 6]


def test_an_order_that_ended_is_not_paused(session, order):
    end_order(session, order.id)

    with pytest.raises(OrderOver):
        pause(session, order.id, starts_on=in_days(2), ends_on=in_days(4))


@pytest.mark.parametrize(("weekdays", "is_refused"), [([5, 6], True), ([6, 7], False)])
def test_a_meal_and_weekday_has_one_order(session, canteen, weekdays, is_refused):
    resident = make_resident(session)
    make_standing(session, resident, canteen, weekdays=31)
    values = {
        "resident_id": resident.id, "canteen_id": make_canteen(session).site_id, "meal": "lunch",
        "weekdays": weekdays, "made_by": BookedBy.SELF, "starts_on": clock.today(),
    }  # fmt: skip

    if is_refused:
        with pytest.raises(OrderedAlready):
            make_order(session, **values)
    else:
        make_order(session, **values)


class TestAway:
    @pytest.fixture
    def dinner(self, session, canteen, order):
        [sitting] = week(session, canteen, "dinner", days=1)
        return book_meal(
            session, sitting_id=sitting.id, resident_id=order.resident_id, booked_by=BookedBy.HELPER
        )

    def go(self, session, order, cause=AwayCause.IN_HOSPITAL):
        follow_away(session, ResidentAway(order.resident_id, cause, clock.today()))

    def come(self, session, order, cause=AwayCause.IN_HOSPITAL):
        follow_back(session, ResidentBack(order.resident_id, cause, clock.today()))

    def test_whoever_is_in_hospital_eats_there(self, session, order, dinner):
        self.go(session, order)

        assert kept(session) == []
        assert reasons(session) == {"in-hospital"}
        assert book_orders(session, [order.id]) == 0

    def test_back_from_hospital_meals_go_on(self, session, order, days):
        self.go(session, order)
        days.shift(timedelta(days=2))

        self.come(session, order)

        assert kept(session) == [0, 1, 2, 3, 4]

    def test_an_order_made_meanwhile_waits_as_well(self, session, canteen, order):
        self.go(session, order)

        later = make_standing(
            session, session.get_one(type(order), order.id), canteen, meal="dinner",
            resident_id=order.resident_id,
        )  # fmt: skip
        week(session, canteen, "dinner")

        assert book_orders(session, [later.id]) == 0

    def test_from_hospital_into_a_house_is_still_away(self, session, order):
        self.go(session, order)
        self.go(session, order, AwayCause.IN_CARE_HOME)
        self.come(session, order, AwayCause.IN_CARE_HOME)

        assert kept(session) == []
        [absence] = session.execute(select(MealPause)).scalars()
        assert absence.cause == "in_hospital"
