"""A day with a limit in money: what lunch took is not there for supper."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from server import clock
from server.meals.entitlement import SUBSIDY_TERMS
from server.meals.models import BookedBy, Meal
from server.meals.service import book_meal, cancel_booking
from server.policies.models import Parameter, Standing
from tests.factories.meals import make_canteen, make_sitting
from tests.factories.people import make_resident


@pytest.fixture
def five_yuan_a_day(session):
    terms = {"fen_a_day": 500, "meals_a_day": 3}
    session.add(
        Parameter(
            key=SUBSIDY_TERMS, key_no=99_998, value=terms, starts_on=clock.today(),
            document="本市办法", clause="四", standing=Standing.SOURCED, pack="city",
        )
    )  # fmt: skip
    session.flush()


@pytest.fixture
def book(session):
    """Books a meal of tomorrow for an elder of eighty-two, worth three yuan of subsidy."""
    elder, canteen = make_resident(session), make_canteen(session)

    def book(meal):
        sitting = make_sitting(session, canteen, meal=meal)
        return book_meal(
            session, sitting_id=sitting.id, resident_id=elder.id, booked_by=BookedBy.STAFF
        )

    return book


def test_supper_gets_what_lunch_left_and_breakfast_nothing(five_yuan_a_day, book):
    subsidies = [book(meal).subsidy_fen for meal in (Meal.LUNCH, Meal.DINNER, Meal.BREAKFAST)]

    assert subsidies == [300, 200, 0]


def test_a_cancelled_meal_gives_its_share_back(session, five_yuan_a_day, book):
    lunch = book(Meal.LUNCH)
    cancel_booking(session, lunch.id)

    assert book(Meal.DINNER).subsidy_fen == 300
    assert book(Meal.BREAKFAST).subsidy_fen == 200


def test_a_city_without_a_limit_keeps_none(session, book):
    book(Meal.LUNCH)

    limits = session.execute(text("SELECT subsidy_day_fen FROM booking")).scalars().all()
    assert limits == [None]


def test_the_limit_stands_on_the_booking_with_its_reasons(session, five_yuan_a_day, book):
    booking = book(Meal.LUNCH)

    query = text("SELECT subsidy_day_fen, reasons FROM booking WHERE id = :id")
    row = session.execute(query, {"id": booking.id}).one()
    assert row.subsidy_day_fen == 500
    assert [one["code"] for one in row.reasons] == ["subsidy-by-age"]
    assert booking.service_on == clock.today() + timedelta(days=1)
