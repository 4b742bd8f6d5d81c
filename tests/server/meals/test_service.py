"""The counter: who may collect, and how it says no. Booking itself is proved at the phone API."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import text

from server import clock
from server.db.sessions import TryAgain
from server.errors import NotFound
from server.meals.collecting import collect_meal
from server.meals.errors import (
    AlreadyCollected,
    BookingCancelled,
    MealCodeUnknown,
    PastCutOff,
    SittingFull,
)
from server.meals.models import BookedBy, Booking, Diet, Handing, Meal
from server.meals.service import book_meal, cancel_booking, quote
from tests.factories.meals import make_canteen, make_sitting
from tests.factories.people import make_resident


@pytest.fixture
def sitting(session):
    """A lunch of today that can still be cancelled."""
    return make_sitting(session, in_days=0, cutoff_at=clock.now() + timedelta(hours=1))


@pytest.fixture
def booking(session, sitting):
    return session.get_one(Booking, book(session, sitting).id)


def book(session, sitting, resident=None):
    resident = resident or make_resident(session)
    return book_meal(
        session, sitting_id=sitting.id, resident_id=resident.id, booked_by=BookedBy.STAFF
    )


def test_a_meal_is_handed_out_for_its_code(session, booking):
    assert collect_meal(session, canteen_id=booking.canteen_id, code=booking.code) == booking.id

    session.refresh(booking)
    assert (booking.status, booking.cancelled_at) == ("collected", None)


def test_it_is_handed_out_once(session, booking):
    collect_meal(session, canteen_id=booking.canteen_id, code=booking.code)

    with pytest.raises(AlreadyCollected) as refused:
        collect_meal(session, canteen_id=booking.canteen_id, code=booking.code)
    session.refresh(booking)
    assert refused.value.facts == {"collected_at": booking.collected_at.isoformat()}


def test_a_cancelled_meal_is_not_handed_out(session, booking):
    cancel_booking(session, booking.id)

    with pytest.raises(BookingCancelled):
        collect_meal(session, canteen_id=booking.canteen_id, code=booking.code)


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "１２３４５６", "' OR 1=1 --"])
def test_an_unknown_code_is_refused(session, booking, code):
    with pytest.raises(MealCodeUnknown):
        collect_meal(session, canteen_id=booking.canteen_id, code=code)


def test_a_code_counts_at_its_own_canteen_and_on_its_own_day(session, booking):
    other = make_canteen(session)

    with pytest.raises(MealCodeUnknown):
        collect_meal(session, canteen_id=other.site_id, code=booking.code)
    with (
        time_machine.travel(clock.now() + timedelta(days=1), tick=False),
        pytest.raises(MealCodeUnknown),
    ):
        collect_meal(session, canteen_id=booking.canteen_id, code=booking.code)


def test_a_code_is_not_given_twice_on_one_day(session, sitting, monkeypatch):
    """Two numbers meet: the second booking draws again, as the whole transaction runs again."""
    drawn = iter([111111, 111111, 222222])
    monkeypatch.setattr("server.meals.service.secrets.randbelow", lambda _: next(drawn))
    book(session, sitting)
    session.commit()

    with pytest.raises(TryAgain):
        book(session, sitting)
    session.rollback()

    assert book(session, sitting).code == "222222"


def test_a_canteen_knows_its_diner_until_two_months_later(session, sitting):
    resident = make_resident(session)
    book(session, sitting, resident)
    later = make_sitting(session, make_canteen(session), meal=Meal.DINNER)
    book(session, later, resident)

    links = session.execute(
        text("SELECT site_id, starts_on, ends_on FROM care_link ORDER BY site_id")
    ).all()

    assert [link.site_id for link in links] == [sitting.canteen_id, later.canteen_id]
    assert {link.starts_on for link in links} == {clock.today()}
    assert all(link.ends_on.day == 1 for link in links)
    assert all(link.ends_on > clock.today() + timedelta(days=28) for link in links)


def test_a_quote_for_nobody_is_not_found(session, sitting):
    with pytest.raises(NotFound):
        quote(session, sitting_id=sitting.id, resident_id=2**62)


def test_a_booking_says_which_diet_and_where_the_meal_goes(session, sitting):
    booking = book_meal(
        session,
        sitting_id=sitting.id,
        resident_id=make_resident(session).id,
        booked_by=BookedBy.STAFF,
        diet=Diet.SOFT,
        handing=Handing.DELIVERY,
    )

    assert (booking.diet, booking.handing) == (Diet.SOFT, Handing.DELIVERY)


class TestAfterTheCutOff:
    @pytest.fixture
    def sitting(self, session):
        """A lunch with one late place, which can be booked for another hour."""
        now = clock.now()
        return make_sitting(
            session,
            in_days=0,
            cutoff_at=now - timedelta(hours=1),
            late_until=now + timedelta(hours=1),
            late_places=1,
        )

    def test_a_late_place_is_taken_and_told_as_such(self, session, sitting):
        assert book(session, sitting).is_late
        session.refresh(sitting)
        assert (sitting.booked, sitting.late_booked) == (1, 1)

    def test_the_next_one_comes_too_late(self, session, sitting):
        book(session, sitting)

        with pytest.raises(PastCutOff):
            book(session, sitting)

    def test_a_full_canteen_has_no_late_places_either(self, session, sitting):
        sitting.capacity = 0
        session.add(sitting)

        with pytest.raises(SittingFull):
            book(session, sitting)

    def test_a_late_place_is_not_given_back(self, session, sitting):
        with pytest.raises(PastCutOff):
            cancel_booking(session, book(session, sitting).id)

    def test_after_the_late_hour_nothing_is_booked(self, session, sitting):
        with (
            time_machine.travel(sitting.late_until + timedelta(seconds=1), tick=False),
            pytest.raises(PastCutOff),
        ):
            book(session, sitting)


def test_who_booked_in_time_takes_no_late_place(session, sitting):
    assert not book(session, sitting).is_late
    session.refresh(sitting)
    assert (sitting.booked, sitting.late_booked) == (1, 0)
