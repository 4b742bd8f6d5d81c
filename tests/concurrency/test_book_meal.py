"""Everybody presses the button at once: nothing is sold twice, and nothing is lost.

Each race has a twin that runs the same harness with the database's guard taken away, and must
then go wrong: a race test that cannot fail proves nothing.
"""

from collections import Counter
from datetime import timedelta

import pytest

from server import clock
from server.db import sessions
from server.meals.errors import PastCutOff, SittingFull
from server.meals.models import BookedBy, Meal
from server.meals.service import book_meal
from tests.concurrency.racing import MISCOUNTED, OVERSOLD, as_owner, look, race
from tests.factories.meals import make_canteen, make_sitting

PLACES = 50
DINERS = 200
TAPS = 20
WITHOUT_CAPACITY = "ALTER TABLE sitting DROP CONSTRAINT ck_sitting_booked_within_capacity"
WITHOUT_ONE_MEAL = "DROP INDEX uq_booking_one_meal"
WITHOUT_NUMBERS = "DROP INDEX uq_booking_subsidised_no"


@sessions.in_transaction
def book(sitting_id, resident_id, *, session):
    book_meal(session, sitting_id=sitting_id, resident_id=resident_id, booked_by=BookedBy.HELPER)
    return "booked"


def sitting_of(settle, **given):
    return settle(lambda session: make_sitting(session, **given).id)


class TestAHotSitting:
    @pytest.fixture
    def diners(self, people):
        return people(DINERS)

    @pytest.fixture
    def sitting_id(self, settle):
        return sitting_of(settle, capacity=PLACES)

    def test_two_hundred_ask_for_fifty_places_and_fifty_get_one(
        self, own_city, platform, diners, sitting_id
    ):
        _, residents = diners

        outcomes = race(residents, lambda resident: book(sitting_id, resident))

        assert outcomes == {"booked": PLACES, SittingFull.__name__: DINERS - PLACES}
        assert look(own_city, "SELECT booked FROM sitting") == [(PLACES,)]
        assert look(own_city, "SELECT count(*), count(DISTINCT code) FROM booking") == [
            (PLACES, PLACES)
        ]
        assert look(own_city, MISCOUNTED) == []

    def test_through_the_phone_api_it_is_the_same(
        self, own_city, diners, sitting_id, book_by_phone
    ):
        token, residents = diners

        outcomes = race(
            residents, lambda resident: book_by_phone(token, sitting_id, resident).status_code
        )

        assert outcomes == {201: PLACES, 409: DINERS - PLACES}
        assert look(own_city, "SELECT booked FROM sitting") == [(PLACES,)]
        assert look(own_city, MISCOUNTED) == []
        assert look(own_city, "SELECT count(*) FROM idempotency_key") == [(PLACES,)]
        assert look(own_city, "SELECT count(*) FROM trail_entry WHERE table_name = 'booking'") == [
            (PLACES,)
        ]

    def test_without_the_guard_the_same_race_oversells(
        self, own_city, platform, diners, sitting_id
    ):
        _, residents = diners
        residents = residents[: 2 * PLACES]
        as_owner(own_city, WITHOUT_CAPACITY)

        outcomes = race(residents, lambda resident: book(sitting_id, resident))

        assert outcomes["booked"] > PLACES
        assert look(own_city, OVERSOLD) == [(sitting_id,)]


class TestLatePlaces:
    """The kitchen has counted already, and keeps a few places for those who come late."""

    LATE = 5

    @pytest.fixture
    def sitting_id(self, settle):
        now = clock.now()
        return sitting_of(
            settle,
            capacity=PLACES,
            cutoff_at=now - timedelta(hours=1),
            late_until=now + timedelta(hours=1),
            late_places=self.LATE,
        )

    def test_as_many_get_one_as_there_are(self, own_city, platform, people, sitting_id):
        _, residents = people(PLACES)

        outcomes = race(residents, lambda resident: book(sitting_id, resident))

        assert outcomes == {"booked": self.LATE, PastCutOff.__name__: PLACES - self.LATE}
        assert look(own_city, "SELECT booked, late_booked FROM sitting") == [(self.LATE, self.LATE)]

    def test_without_the_guard_more_get_one(self, own_city, platform, people, sitting_id):
        _, residents = people(PLACES)
        as_owner(own_city, "ALTER TABLE sitting DROP CONSTRAINT ck_sitting_late_within_quota")

        outcomes = race(residents, lambda resident: book(sitting_id, resident))

        assert outcomes["booked"] > self.LATE


class TestADoubleTap:
    """One resident, one meal, two canteens, twenty taps, each with a key of its own."""

    @pytest.fixture
    def taps(self, settle, people):
        token, [resident] = people(1)
        sittings = [sitting_of(settle, capacity=PLACES) for _ in range(2)]
        return token, [(sittings[number % 2], resident) for number in range(TAPS)]

    def test_one_meal_is_booked(self, own_city, taps, book_by_phone):
        token, wishes = taps

        outcomes = race(wishes, lambda wish: book_by_phone(token, *wish).status_code)

        assert outcomes == {201: 1, 409: TAPS - 1}
        assert look(own_city, "SELECT count(*) FROM booking") == [(1,)]
        assert look(own_city, "SELECT sum(booked)::int FROM sitting") == [(1,)]
        assert look(own_city, MISCOUNTED) == []

    def test_without_the_guard_the_same_taps_book_more_than_one(self, own_city, platform, taps):
        _, wishes = taps
        as_owner(own_city, WITHOUT_ONE_MEAL, WITHOUT_NUMBERS)

        outcomes = race(wishes, lambda wish: book(*wish))

        assert outcomes["booked"] > 1


def test_the_same_request_twenty_times_at_once_is_one_booking_and_one_answer(
    own_city, settle, people, book_by_phone
):
    token, [resident] = people(1)
    sitting_id = sitting_of(settle, capacity=PLACES)

    def tap(_):
        response = book_by_phone(token, sitting_id, resident, key="k" * 32)
        return response.status_code, response.text

    outcomes = race(range(TAPS), tap)

    [((status, _), count)] = outcomes.items()
    assert (status, count) == (201, TAPS)
    assert look(own_city, "SELECT count(*) FROM booking") == [(1,)]
    assert look(own_city, "SELECT booked FROM sitting") == [(1,)]


class TestTheDailyCap:
    """Breakfast, lunch and dinner of many residents at once: two of the three are subsidised."""

    @pytest.fixture
    def day(self, settle, people):
        _, residents = people(8)
        canteen = settle(make_canteen)
        sittings = [sitting_of(settle, canteen=canteen, meal=meal) for meal in Meal]
        return [(sitting, resident) for resident in residents for sitting in sittings]

    SUBSIDISED = "SELECT resident_id, count(subsidised_no)::int FROM booking GROUP BY resident_id"

    def test_two_meals_are_subsidised(self, own_city, platform, day):
        outcomes = race(day, lambda wish: book(*wish), threads=len(day))

        assert outcomes == {"booked": len(day)}
        counts = Counter(count for _, count in look(own_city, self.SUBSIDISED))
        assert counts == {2: len(day) // 3}

    def test_without_the_guard_the_third_is_subsidised_too(self, own_city, platform, day):
        as_owner(own_city, WITHOUT_NUMBERS)

        race(day, lambda wish: book(*wish), threads=len(day))

        assert max(count for _, count in look(own_city, self.SUBSIDISED)) == 3
