"""What a standing order books of the coming days, and what it leaves alone."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select, text

from server import clock
from server.meals import service
from server.meals.entitlement import SUBSIDY_TERMS
from server.meals.models import BookedBy, Booking, Diet, Handing, Meal
from server.meals.service import book_meal, cancel_booking
from server.meals.standing.booking import book_orders
from server.meals.standing.making import end_order, end_past, make_order
from server.meals.standing.models import StandingRefusal
from server.meals.standing.queries import list_holding
from server.meals.standing.refusals import UNPRICED
from server.policies.models import Parameter, Standing
from server.residents.models import CareLink
from tests.factories.meals import make_canteen, make_sitting
from tests.factories.people import make_resident
from tests.factories.standing import make_standing

MONDAY = datetime(2026, 11, 23, 1, tzinfo=clock.CITY)


@pytest.fixture(autouse=True)
def days():
    with time_machine.travel(MONDAY, tick=False) as days:
        yield days


@pytest.fixture
def canteen(session):
    return make_canteen(session)


@pytest.fixture
def resident(session):
    return make_resident(session)


def week(session, canteen, meal=Meal.LUNCH, days=7, **given):
    return [
        make_sitting(session, canteen, in_days=day, meal=meal, dishes=(), **given)
        for day in range(days)
    ]


def kept(session, **given):
    """The bookings that hold, by day from today on."""
    rows = session.execute(
        select(Booking).where(Booking.status != "cancelled").order_by(Booking.service_on)
    ).scalars()
    return [(one.service_on - clock.today()).days for one in rows]


def refusals(session):
    rows = session.execute(
        select(StandingRefusal)
        .where(StandingRefusal.solved_at.is_(None))
        .order_by(StandingRefusal.service_on)
        .execution_options(populate_existing=True)
    )
    return [(one.service_on, one.code, one.tries) for one in rows.scalars()]


def test_an_order_is_booked_for_its_weekdays_at_once(session, canteen, resident):
    week(session, canteen)

    make_order(
        session, resident_id=resident.id, canteen_id=canteen.site_id, meal=Meal.LUNCH,
        weekdays=[1, 3, 5], made_by=BookedBy.SELF, starts_on=clock.today(), diet=Diet.SOFT,
        handing=Handing.DELIVERY,
    )  # fmt: skip

    assert kept(session) == [0, 2, 4]
    one = session.execute(select(Booking)).scalars().first()
    assert (one.booked_by, one.diet, one.handing) == ("standing", "soft", "delivery")


def test_the_price_is_what_booking_by_hand_would_cost(session, canteen, resident):
    monday, tuesday = week(session, canteen, days=2)
    by_hand = book_meal(
        session, sitting_id=monday.id, resident_id=resident.id, booked_by=BookedBy.SELF
    )

    book_orders(session, [make_standing(session, resident, canteen).id])

    standing = session.execute(select(Booking).where(Booking.sitting_id == tuesday.id)).scalar_one()
    parts = ("list_price_fen", "operator_discount_fen", "subsidy_fen", "charity_fen", "own_pay_fen")
    assert [getattr(standing, part) for part in parts] == [getattr(by_hand, p) for p in parts]
    assert standing.reasons


def test_twice_is_as_good_as_once(session, canteen, resident):
    week(session, canteen)
    order = make_standing(session, resident, canteen)

    assert [book_orders(session, [order.id]) for _ in range(2)] == [7, 0]


def test_a_day_cancelled_by_hand_is_not_booked_again(session, canteen, resident):
    week(session, canteen)
    order = make_standing(session, resident, canteen)
    book_orders(session, [order.id])
    one = session.execute(select(Booking).order_by(Booking.service_on).offset(2)).scalars().first()
    cancel_booking(session, one.id)

    assert book_orders(session, [order.id]) == 0
    assert kept(session) == [0, 1, 3, 4, 5, 6]


def test_a_meal_booked_elsewhere_by_hand_stands(session, canteen, resident):
    week(session, canteen, days=2)
    elsewhere = make_sitting(session, in_days=1)
    book_meal(session, sitting_id=elsewhere.id, resident_id=resident.id, booked_by=BookedBy.SELF)

    assert book_orders(session, [make_standing(session, resident, canteen).id]) == 1


def test_of_three_meals_a_day_two_are_subsidised(session, canteen, resident):
    for meal in Meal:
        week(session, canteen, meal, days=2)
    orders = [make_standing(session, resident, canteen, meal=meal).id for meal in Meal]

    assert book_orders(session, orders) == 6
    numbers = session.execute(select(Booking.subsidised_no)).scalars()
    assert Counter(numbers) == {1: 2, 2: 2, None: 2}


def test_the_last_place_goes_to_who_ordered_first_and_the_other_is_told_why(session, canteen):
    week(session, canteen, days=1, capacity=1)
    first, second = (make_standing(session, make_resident(session), canteen) for _ in range(2))

    book_orders(session, [second.id, first.id])

    assert session.execute(select(Booking.resident_id)).scalars().all() == [first.resident_id]
    assert refusals(session) == [(clock.today(), "sitting-full", 1)]


def test_what_was_refused_is_tried_again_and_solved(session, canteen, resident):
    [sitting] = week(session, canteen, days=1, capacity=0)
    order = make_standing(session, resident, canteen)
    for _ in range(2):
        book_orders(session, [order.id])
    assert refusals(session) == [(clock.today(), "sitting-full", 2)]

    sitting.capacity = 5
    session.flush()

    assert book_orders(session, [order.id]) == 1
    assert refusals(session) == []


def test_one_that_cannot_be_priced_does_not_stop_the_others(session, canteen, monkeypatch):
    week(session, canteen, days=1)
    orders = [make_standing(session, make_resident(session), canteen) for _ in range(3)]
    values_of_place = service.values_of_place

    def breaks_for_one(facts, *, resident_id, **given):
        if resident_id == orders[1].resident_id:
            raise ZeroDivisionError
        return values_of_place(facts, resident_id=resident_id, **given)

    monkeypatch.setattr(service, "values_of_place", breaks_for_one)

    assert book_orders(session, [order.id for order in orders]) == 2
    assert refusals(session) == [(clock.today(), UNPRICED, 1)]


def test_one_row_that_the_database_refuses_does_not_stop_the_others(session, canteen, monkeypatch):
    week(session, canteen, days=1)
    orders = [make_standing(session, make_resident(session), canteen) for _ in range(5)]
    values_of_place = service.values_of_place

    def wrong_for_one(facts, *, resident_id, **given):
        values = values_of_place(facts, resident_id=resident_id, **given)
        return values | ({"own_pay": -1} if resident_id == orders[3].resident_id else {})

    monkeypatch.setattr(service, "values_of_place", wrong_for_one)

    assert book_orders(session, [order.id for order in orders]) == 4
    [(_, code, _)] = refusals(session)
    assert code.startswith("ck_booking_parts")


def test_a_code_that_is_taken_is_drawn_anew(session, canteen, monkeypatch):
    week(session, canteen, days=1)
    orders = [make_standing(session, make_resident(session), canteen).id for _ in range(2)]
    drawn = iter([7, 7, 8])
    monkeypatch.setattr(service.secrets, "randbelow", lambda _: next(drawn))

    assert book_orders(session, orders) == 2
    codes = session.execute(select(Booking.code).order_by(Booking.code)).scalars().all()
    assert codes == ["000007", "000008"]


def test_the_canteen_may_know_whom_it_feeds(session, canteen, resident):
    week(session, canteen)

    book_orders(session, [make_standing(session, resident, canteen).id])

    link = session.execute(select(CareLink)).scalar_one()
    assert (link.site_id, link.resident_id) == (canteen.site_id, resident.id)


def test_the_number_of_statements_does_not_grow_with_the_orders(session, canteen, statements):
    week(session, canteen)
    few, many = (
        [make_standing(session, make_resident(session), canteen).id for _ in range(n)]
        for n in (1, 6)
    )

    with statements() as of_few:
        book_orders(session, few)
    with statements() as of_many:
        book_orders(session, many)

    assert len(of_few) == len(of_many)


def test_nothing_is_booked_before_the_order_begins_or_after_its_last_day(
    session, canteen, resident
):
    week(session, canteen)
    today = clock.today()
    days = {"starts_on": today + timedelta(days=2), "ends_on": today + timedelta(days=5)}

    book_orders(session, [make_standing(session, resident, canteen, **days).id])

    assert kept(session) == [2, 3, 4]


def test_whoever_died_gets_nothing_after_that_day(session, canteen, resident):
    week(session, canteen)
    order = make_standing(session, resident, canteen)
    session.execute(
        text("UPDATE resident SET died_on = :day WHERE id = :id"),
        {"day": clock.today() + timedelta(days=1), "id": resident.id},
    )

    book_orders(session, [order.id])

    assert kept(session) == [0, 1]


def test_an_order_that_ends_gives_back_what_can_be_cancelled(session, canteen, resident):
    week(session, canteen, days=1, cutoff_at=clock.now() + timedelta(minutes=1))
    week(session, canteen, Meal.DINNER, days=2)
    lunch = make_standing(session, resident, canteen)
    dinner = make_standing(session, resident, canteen, meal=Meal.DINNER)
    book_orders(session, [lunch.id, dinner.id])

    with time_machine.travel(clock.now() + timedelta(minutes=2), tick=False):
        end_order(session, lunch.id)
        end_order(session, dinner.id)
        end_order(session, dinner.id)

    assert kept(session) == [0]
    assert session.execute(select(func.count()).select_from(Booking)).scalar_one() == 3


def test_an_order_past_its_last_day_ends_by_itself(session, canteen, resident, days):
    order = make_standing(session, resident, canteen, ends_on=clock.today() + timedelta(days=1))
    days.shift(timedelta(days=1))

    assert (end_past(session), end_past(session)) == (1, 0)
    assert list_holding(session, after=0, limit=10) == []
    session.refresh(order)
    assert order.end_reason == "ran_out"


def test_the_citys_own_terms_hold_for_meals_that_book_themselves(session, canteen, resident):
    terms = {"fen_a_day": 200, "meals_a_day": 3}
    session.add(
        Parameter(
            key=SUBSIDY_TERMS, key_no=99_997, value=terms, starts_on=clock.today(),
            document="本市办法", clause="四", standing=Standing.SOURCED, pack="city",
        )
    )  # fmt: skip
    week(session, canteen, days=2)
    order = make_standing(session, resident, canteen)

    book_orders(session, [order.id])

    subsidies = session.execute(select(Booking.subsidy_fen)).scalars().all()
    assert subsidies
    assert set(subsidies) == {200}
