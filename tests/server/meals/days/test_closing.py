"""停餐: a day closed and opened again."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from server import clock
from server.meals.days.closing import close_day, reopen_day
from server.meals.days.errors import ClosedAlready, DayIsOver
from server.meals.days.queries import list_closures, list_standing_closures
from server.meals.errors import SittingClosed
from server.meals.models import BookedBy, Booking, Meal
from server.meals.service import book_meal
from server.meals.standing.booking import book_orders
from server.notifications.models import Message
from tests.factories.meals import make_canteen, make_sitting
from tests.factories.people import make_account, make_resident
from tests.factories.standing import make_standing, make_waiting

REASON = "厨房检修"


@pytest.fixture
def canteen(session):
    return make_canteen(session)


@pytest.fixture
def lunch(session, canteen):
    return make_sitting(session, canteen, in_days=2, dishes=(), capacity=1)


@pytest.fixture
def dinner(session, canteen):
    return make_sitting(session, canteen, in_days=2, meal=Meal.DINNER, dishes=())


def book(session, sitting, resident):
    return book_meal(
        session, sitting_id=sitting.id, resident_id=resident.id, booked_by=BookedBy.SELF
    )


def close(session, canteen, sitting, meal=None):
    return close_day(
        session, canteen_id=canteen.site_id, service_on=sitting.service_on, meal=meal, reason=REASON
    )


def statuses(session):
    query = select(Booking.status, Booking.cancel_reason).order_by(Booking.id)
    return [(status.value, reason) for status, reason in session.execute(query)]


def test_all_meals_of_the_day_are_called_off_unpaid_and_told_once(session, canteen, lunch, dinner):
    resident, account = make_resident(session), make_account(session)
    session.execute(
        text(
            "INSERT INTO resident_grant (account_id, resident_id, kind, scopes, holder_name,"
            " starts_on) VALUES (:account, :resident, 'self', '{}', '', :day)"
        ),
        {"account": account.id, "resident": resident.id, "day": clock.today()},
    )
    for sitting in (lunch, dinner):
        book(session, sitting, resident)

    closure = close(session, canteen, lunch)

    assert statuses(session) == [("cancelled", "canteen-closed")] * 2
    assert closure.cancelled == 2
    kinds = session.execute(text("SELECT kind FROM message")).scalars().all()
    assert kinds == ["meals.canteen_closed"]
    with pytest.raises(SittingClosed):
        book(session, lunch, make_resident(session))


def test_who_lost_a_meal_hears_when_the_day_is_served_after_all(session, canteen, lunch, dinner):
    lost, elsewhere, standing = (make_resident(session) for _ in range(3))
    for resident in (lost, elsewhere, standing):
        make_account(session, resident)
    for resident in (lost, elsewhere):
        book(session, dinner, resident)
    order = make_standing(session, standing, canteen, meal=Meal.DINNER)
    book_orders(session, [order.id])
    closure = close(session, canteen, dinner)
    other = make_sitting(session, in_days=2, meal=Meal.DINNER, dishes=())
    book(session, other, elsewhere)

    reopen_day(session, closure.id)
    reopen_day(session, closure.id)

    told = select(Message.subject).where(Message.kind == "meals.canteen_reopened")
    assert session.execute(told).scalars().all() == [f"canteen_closure:{closure.id}:{lost.id}"]
    assert statuses(session).count(("booked", None)) == 1


def test_one_meal_closes_alone(session, canteen, lunch, dinner):
    resident = make_resident(session)
    for sitting in (lunch, dinner):
        book(session, sitting, resident)

    close(session, canteen, lunch, Meal.LUNCH)

    assert [status for status, _ in statuses(session)] == ["cancelled", "booked"]


def test_who_waits_there_waits_no_more(session, canteen, lunch):
    offered, waiting = (
        make_waiting(session, make_resident(session), lunch, state=state)
        for state in ("offered", "waiting")
    )

    close(session, canteen, lunch)

    for one in (offered, waiting):
        session.refresh(one)
        assert one.state == "unserved"
    session.refresh(lunch)
    assert lunch.held == 0


def test_a_standing_order_skips_the_day_and_takes_it_when_it_reopens(session, canteen, lunch):
    order = make_standing(session, make_resident(session), canteen)
    book_orders(session, [order.id])
    closure = close(session, canteen, lunch)
    assert book_orders(session, [order.id]) == 0

    reopen_day(session, closure.id)
    reopen_day(session, closure.id)

    assert book_orders(session, [order.id]) == 1


def test_a_meal_closed_by_itself_stays_closed_when_the_day_reopens(session, canteen, lunch, dinner):
    close(session, canteen, lunch, Meal.LUNCH)
    whole = close(session, canteen, lunch)

    reopen_day(session, whole.id)

    for sitting in (lunch, dinner):
        session.refresh(sitting)
    assert lunch.closed_at is not None
    assert dinner.closed_at is None


def test_a_day_closes_once_and_not_after_it_is_over(session, canteen, lunch):
    close(session, canteen, lunch)

    with pytest.raises(ClosedAlready):
        close(session, canteen, lunch)
    with pytest.raises(DayIsOver):
        close_day(
            session, canteen_id=canteen.site_id, service_on=clock.today() - timedelta(days=1),
            meal=None, reason=REASON,
        )  # fmt: skip


def test_elders_and_offices_read_what_is_closed(session, canteen, lunch):
    closure = close(session, canteen, lunch)
    make_sitting(session, in_days=2)

    [row] = list_closures(session, [canteen.site_id], since=clock.today())
    assert (row.id, row.reason, row.canteen_name) == (closure.id, REASON, row.canteen_name)
    days = {"first_day": clock.today(), "end_day": clock.today() + timedelta(days=7)}
    [shown] = list_standing_closures(session, canteen.site_id, **days)
    assert (shown.service_on, shown.meal, shown.reason) == (lunch.service_on, None, REASON)
    reopen_day(session, closure.id)
    assert list_standing_closures(session, canteen.site_id, **days) == []
