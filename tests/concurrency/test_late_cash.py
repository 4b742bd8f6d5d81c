"""Late cash is entered while the same day is counted again: the ledger has it once."""

from datetime import timedelta

import pytest

from server import clock
from server.db import sessions
from server.db.acts import Act, Face, acting
from server.meals.counter.models import How
from server.meals.counter.receiving import Telling, receive
from server.meals.models import BookedBy
from server.meals.service import book_meal
from server.meals.wallets.counting import count_cash
from server.meals.wallets.late_cash import enter_late
from tests.concurrency.racing import look, race
from tests.factories.meals import make_canteen, make_sitting
from tests.factories.people import make_resident
from tests.factories.wallets import Desk

MANY = 12
IN_THE_LEDGER = """
    SELECT sum(e.amount_fen)::int FROM ledger_entry e JOIN ledger_account a ON a.id = e.account_id
     WHERE a.kind = 'cash'
"""


def at_work(desk, do):
    @sessions.in_transaction
    def done(*, session):
        return do(session)

    with acting(Act(Face.CONSOLE, "tests", "test", token=desk.token)):
        return done()


@pytest.fixture
def desk(settle):
    """A counter whose day was counted; a lunch for nine yuan is told of afterwards."""

    def make(session):
        canteen = make_canteen(session)
        later = clock.now() + timedelta(hours=1)
        lunch = make_sitting(session, canteen, in_days=0, cutoff_at=later)
        meal = book_meal(
            session, sitting_id=lunch.id, resident_id=make_resident(session).id,
            booked_by=BookedBy.STAFF,
        )  # fmt: skip
        return Desk(session, canteen.site_id), canteen.site_id, meal.id

    desk, site_id, booking_id = settle(make)
    at_work(desk, lambda own: count_cash(own, site_id, day=clock.today(), counted_fen=0).id)
    told = Telling("offline-1", clock.now(), How.NAME, booking_id=booking_id, is_offline=True)
    at_work(desk, lambda own: receive(own, site_id, [told]))
    return desk, site_id


def test_it_is_in_the_ledger_once(own_city, desk):
    at, site_id = desk
    today = clock.today()

    def enter(number):
        if number % 2:
            at_work(at, lambda own: count_cash(own, site_id, day=today, counted_fen=900).id)
            return "counted"
        at_work(at, lambda own: enter_late(own, site_id, today))
        return "entered"

    outcomes = race(range(MANY), enter)

    assert outcomes["counted"] == MANY // 2
    assert outcomes["entered"] <= 1
    assert outcomes["entered"] + outcomes["NothingLate"] == MANY // 2
    assert look(own_city, IN_THE_LEDGER) == [(900,)]
