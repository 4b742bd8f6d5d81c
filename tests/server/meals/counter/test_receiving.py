"""What counters tell of: each meal is answered by itself, counts once, and none is lost."""

from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import event, text

from server import clock
from server.errors import NotFound
from server.meals.counter import queries
from server.meals.counter.errors import (
    MealCodeForged,
    MealDaySettled,
    MealOfAnotherCanteen,
    MealOfAnotherDay,
    UndoTooLate,
)
from server.meals.counter.keys import find_signer, make_key, renew_keys, revoke_key
from server.meals.counter.models import How
from server.meals.counter.receiving import Telling, receive
from server.meals.counter.undoing import undo_collection
from server.meals.errors import AlreadyCollected, BookingCancelled, MealCodeUnknown
from server.meals.models import BookedBy, Booking
from server.meals.queries.bookings import get_booking
from server.meals.service import book_meal, cancel_booking
from tests.factories.meals import make_canteen, make_sitting
from tests.factories.people import make_resident

NOON = "2026-11-23T12:00:00+08:00"


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def sitting(session):
    return make_sitting(session, in_days=0, cutoff_at=clock.now() + timedelta(hours=1))


@pytest.fixture
def book(session, sitting):
    def do(at=None):
        wanted = at or sitting
        row = book_meal(
            session,
            sitting_id=wanted.id,
            resident_id=make_resident(session).id,
            booked_by=BookedBy.STAFF,
        )
        return session.get_one(Booking, row.id)

    return do


@pytest.fixture
def statements(connection):
    """What is sent to the database: `with statements() as sent: …`; `len(sent)`."""

    @contextmanager
    def count():
        sent = []
        note = lambda *given: sent.append(given[2])  # noqa: E731
        event.listen(connection, "before_cursor_execute", note)
        yield sent
        event.remove(connection, "before_cursor_execute", note)

    return count


@pytest.fixture
def booking(book):
    return book()


def told(booking=None, *, how=How.NAME, ago=0, **given):
    named = {"booking_id": booking.id} if booking is not None else {}
    at = clock.now() - timedelta(seconds=ago)
    return Telling(given.pop("key", uuid4().hex), at, how, **(named | given))


def refusals(receipts):
    return [type(one.refusal) if one.refusal else None for one in receipts]


def findings(session):
    rows = session.execute(text("SELECT kind, subject FROM finding ORDER BY id")).all()
    return [tuple(row) for row in rows]


class TestABatch:
    def test_is_answered_row_by_row_in_its_order(self, session, sitting, book):
        good, twice, gone = book(), book(), book()
        receive(session, sitting.canteen_id, [told(twice)])
        cancel_booking(session, gone.id)

        receipts = receive(
            session,
            sitting.canteen_id,
            [told(gone), told(twice), told(good), told(code="999999")],
        )

        assert refusals(receipts) == [BookingCancelled, AlreadyCollected, None, MealCodeUnknown]
        session.refresh(good)
        assert good.status == "collected"

    def test_costs_the_same_few_statements_however_long(self, session, sitting, book, statements):
        few, many = [told(book())], [told(book()) for _ in range(12)]
        canteen_id = sitting.canteen_id
        with statements() as one:
            receive(session, canteen_id, few)
        with statements() as twelve:
            receive(session, canteen_id, many)

        assert len(twelve) == len(one) <= 4

    def test_sent_again_is_answered_the_same_and_kept_once(self, session, sitting, booking):
        meal = told(booking, is_offline=True)
        receive(session, sitting.canteen_id, [meal])

        assert refusals(receive(session, sitting.canteen_id, [meal])) == [None]
        kept = session.execute(text("SELECT count(*) FROM meal_collection")).scalar_one()
        assert (kept, findings(session)) == (1, [])


class TestTwoCountersWithoutANetwork:
    def test_the_first_counts_and_the_second_becomes_a_finding(self, session, sitting, booking):
        first, second = told(booking, is_offline=True), told(booking, is_offline=True)
        receive(session, sitting.canteen_id, [first])

        receipts = receive(session, sitting.canteen_id, [second])

        assert refusals(receipts) == [AlreadyCollected]
        assert findings(session) == [("meal_handed_out_twice", f"collection:{second.key}")]

    def test_told_again_the_second_is_found_once(self, session, sitting, booking):
        second = told(booking, is_offline=True)
        receive(session, sitting.canteen_id, [told(booking)])

        receive(session, sitting.canteen_id, [second])
        receive(session, sitting.canteen_id, [second])

        assert len(findings(session)) == 1

    def test_within_one_batch_one_counts(self, session, sitting, booking):
        both = [told(booking, ago=9, is_offline=True), told(booking, is_offline=True)]

        assert refusals(receive(session, sitting.canteen_id, both)) == [None, AlreadyCollected]
        assert len(findings(session)) == 1

    def test_asked_before_the_meal_was_handed_out_nothing_is_found(self, session, sitting, booking):
        receive(session, sitting.canteen_id, [told(booking)])
        receive(session, sitting.canteen_id, [told(booking, is_offline=False)])

        assert findings(session) == []

    def test_a_cancelled_meal_that_was_eaten_is_found(self, session, sitting, booking):
        cancel_booking(session, booking.id)

        receive(session, sitting.canteen_id, [told(booking, is_offline=True)])

        assert [kind for kind, _ in findings(session)] == ["meal_handed_out_unbooked"]


def test_a_meal_that_was_thought_missed_counts_when_it_is_told_of_later(session, sitting, booking):
    session.execute(
        text("UPDATE booking SET status = 'missed', missed_at = now() WHERE id = :id"),
        {"id": booking.id},
    )
    with time_machine.travel(clock.now() + timedelta(days=1), tick=False):
        late = told(booking, ago=24 * 3600, is_offline=True)
        assert refusals(receive(session, sitting.canteen_id, [late])) == [None]

    session.refresh(booking)
    assert (booking.status, booking.missed_at) == ("collected", None)
    assert booking.collected_at == clock.now()


def test_a_settled_day_takes_nothing_more_and_says_so_to_a_person(
    session, sitting, booking, monkeypatch
):
    found = queries.list_told_of

    def all_settled(*given, **named):
        rows = found(*given, **named)
        return [SimpleNamespace(**(dict(row._mapping) | {"is_settled": True})) for row in rows]

    monkeypatch.setattr(queries, "list_told_of", all_settled)

    receipts = receive(session, sitting.canteen_id, [told(booking, is_offline=True)])

    assert refusals(receipts) == [MealDaySettled]
    assert [kind for kind, _ in findings(session)] == ["meal_told_after_settlement"]


class TestASignedCode:
    @pytest.fixture(autouse=True)
    def _key(self, session):
        make_key(session)

    def token(self, session, booking):
        return find_signer(session).token(get_booking(session, booking.id))

    def test_hands_out_its_meal(self, session, sitting, booking):
        meal = told(how=How.QR, token=self.token(session, booking))

        assert refusals(receive(session, sitting.canteen_id, [meal])) == [None]

    def test_of_another_canteen_is_told_as_such(self, session, booking):
        elsewhere = make_canteen(session)
        meal = told(how=How.QR, token=self.token(session, booking))

        assert refusals(receive(session, elsewhere.site_id, [meal])) == [MealOfAnotherCanteen]

    def test_of_another_day_is_told_as_such(self, session, sitting, booking):
        meal = told(how=How.QR, token=self.token(session, booking), ago=24 * 3600)

        assert refusals(receive(session, sitting.canteen_id, [meal])) == [MealOfAnotherDay]

    def test_that_is_forged_is_told_as_such(self, session, sitting, booking):
        signed = self.token(session, booking)
        forged = signed[:60] + signed[61] + signed[60] + signed[62:]
        assert forged != signed

        receipts = receive(session, sitting.canteen_id, [told(how=How.QR, token=forged)])

        assert refusals(receipts) == [MealCodeForged]

    def test_still_holds_after_the_key_was_changed(self, session, sitting, booking):
        token = self.token(session, booking)
        make_key(session)

        assert find_signer(session).number == 2
        assert refusals(receive(session, sitting.canteen_id, [told(how=How.QR, token=token)])) == [
            None
        ]

    def test_of_a_revoked_key_is_forged(self, session, sitting, booking):
        token = self.token(session, booking)
        revoke_key(session, 1)

        assert refusals(receive(session, sitting.canteen_id, [told(how=How.QR, token=token)])) == [
            MealCodeForged
        ]

    def test_keys_are_renewed_after_a_quarter(self, session):
        assert renew_keys(session) is False
        with time_machine.travel(clock.now() + timedelta(days=90), tick=False):
            assert renew_keys(session) is True


class TestUndoing:
    def test_gives_the_meal_back_within_two_minutes(self, session, sitting, booking):
        meal = told(booking)
        receive(session, sitting.canteen_id, [meal])

        undo_collection(session, meal.key, at=clock.now() + timedelta(seconds=90), reason="拿错了")

        session.refresh(booking)
        assert (booking.status, booking.collected_at) == ("booked", None)
        assert refusals(receive(session, sitting.canteen_id, [told(booking)])) == [None]

    def test_is_too_late_after_two_minutes(self, session, sitting, booking):
        meal = told(booking)
        receive(session, sitting.canteen_id, [meal])

        with pytest.raises(UndoTooLate):
            undo_collection(
                session, meal.key, at=clock.now() + timedelta(seconds=121), reason="拿错了"
            )

    def test_of_what_was_never_handed_out_is_not_found(self, session):
        with pytest.raises(NotFound):
            undo_collection(session, "f" * 32, at=clock.now(), reason="拿错了")
