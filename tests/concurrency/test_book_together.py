"""Two workers book together for many at once, and somebody books alone between them.

Each worker is a gathering of its own, as each process has one. Nothing is sold twice, nobody has
two meals, everybody hears their own answer.
"""

from itertools import count
from threading import local

import pytest

from mobile_api.meals import booking_together
from server.db import sessions
from server.meals.models import BookedBy
from server.meals.service import book_meal
from server.meals.together import booking
from server.web.gathering import Gathering
from tests.concurrency.racing import MISCOUNTED, OVERSOLD, as_owner, look, race
from tests.factories.meals import make_sitting

WORKERS = 2
PLACES = 50
DINERS = 200
TRAIL_OF_BOOKINGS = (
    "SELECT count(*), count(DISTINCT act_id) FROM trail_entry WHERE table_name = 'booking'"
)
STRAY_ACTS = (
    "SELECT a.id FROM act a WHERE a.action LIKE '%book_meal'"
    " AND NOT EXISTS (SELECT 1 FROM trail_entry t WHERE t.act_id = a.id AND t.table_name <> 'act')"
)


@pytest.fixture
def batches(monkeypatch):
    """Let the threads be those of two workers; returns how many were taken together each time."""
    sizes = []

    def carry_out(asked):
        answers = booking_together._carry_out(asked)
        sizes.append(sum(answer is not None for answer in answers))
        return answers

    gatherings = [Gathering(carry_out) for _ in range(WORKERS)]
    numbers, of_thread = count(), local()

    def gathering_of_worker():
        if not hasattr(of_thread, "number"):
            of_thread.number = next(numbers) % WORKERS
        return gatherings[of_thread.number]

    monkeypatch.setattr(booking_together, "_gathering", gathering_of_worker)
    return sizes


@sessions.in_transaction
def book_alone(sitting_id, resident_id, *, session):
    book_meal(session, sitting_id=sitting_id, resident_id=resident_id, booked_by=BookedBy.STAFF)
    return 201


class TestTheLastPlaces:
    @pytest.fixture
    def sitting_id(self, settle):
        return settle(lambda session: make_sitting(session, capacity=PLACES).id)

    @pytest.fixture
    def ask(self, people, sitting_id, book_by_phone):
        token, residents = people(DINERS)

        def ask():
            return race(
                residents, lambda resident: book_by_phone(token, sitting_id, resident).status_code
            )

        return ask

    def test_are_sold_once_each(self, own_city, batches, ask):
        assert ask() == {201: PLACES, 409: DINERS - PLACES}

        assert max(batches) > 1, "nobody was taken together: the race proves nothing"
        assert look(own_city, "SELECT booked FROM sitting") == [(PLACES,)]
        assert look(own_city, MISCOUNTED) == []
        assert look(own_city, TRAIL_OF_BOOKINGS) == [(PLACES, PLACES)]
        assert look(own_city, "SELECT count(*) FROM idempotency_key") == [(PLACES,)]
        assert look(own_city, STRAY_ACTS) == []

    def test_without_holding_the_sitting_the_database_still_refuses(
        self, own_city, batches, ask, monkeypatch
    ):
        monkeypatch.setattr(booking, "_hold", lambda session, wishes: None)

        assert ask()[201] == PLACES
        assert look(own_city, "SELECT booked FROM sitting") == [(PLACES,)]

    def test_without_either_guard_the_same_race_oversells(
        self, own_city, platform, batches, ask, monkeypatch
    ):
        monkeypatch.setattr(booking, "_hold", lambda session, wishes: None)
        as_owner(own_city, "ALTER TABLE sitting DROP CONSTRAINT ck_sitting_booked_within_capacity")

        assert ask()[201] > PLACES
        assert look(own_city, OVERSOLD) != []


def test_many_sittings_in_any_order_are_booked_without_a_deadlock(
    own_city, platform, settle, people, book_by_phone, batches
):
    """Some ask at the window meanwhile, one transaction each."""
    sittings = settle(lambda session: [make_sitting(session, capacity=DINERS).id for _ in range(8)])
    token, residents = people(DINERS)
    wishes = [
        (sittings[number * 5 % 8], resident, number % 7 == 0)
        for number, resident in enumerate(residents)
    ]

    def ask(wish):
        sitting_id, resident, is_at_window = wish
        if is_at_window:
            return book_alone(sitting_id, resident)
        return book_by_phone(token, sitting_id, resident).status_code

    assert race(wishes, ask) == {201: DINERS}
    assert max(batches) > 1
    assert look(own_city, MISCOUNTED) == []
    assert look(own_city, TRAIL_OF_BOOKINGS) == [(DINERS, DINERS)]


def test_the_same_request_again_and_again_is_one_booking_and_one_answer(
    own_city, settle, people, book_by_phone, batches
):
    """Two workers, ten people, each asked for by many taps with the same key."""
    sitting_id = settle(lambda session: make_sitting(session, capacity=PLACES).id)
    token, residents = people(10)
    told = {resident: set() for resident in residents}

    def tap(resident):
        response = book_by_phone(token, sitting_id, resident, key=f"{resident:032d}")
        told[resident].add(response.text)
        return response.status_code

    assert race(residents * 8, tap) == {201: 80}
    assert [len(answers) for answers in told.values()] == [1] * 10
    assert look(own_city, "SELECT count(*) FROM booking") == [(10,)]
    assert look(own_city, "SELECT booked FROM sitting") == [(10,)]
