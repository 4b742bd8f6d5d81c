"""Cash that a tablet took without a network counts on the day it was taken, as a supplement."""

from datetime import datetime, timedelta

import pytest
import time_machine

from server import clock
from server.ledger.models import AccountKind
from server.ledger.queries import balances_of
from server.meals.counter.models import How
from server.meals.counter.receiving import Telling, receive
from server.meals.models import Booking
from server.meals.wallets.cash_queries import list_counts
from server.meals.wallets.counting import count_cash
from server.meals.wallets.errors import NothingLate
from server.meals.wallets.late_cash import enter_late, list_late
from server.meals.wallets.paying import TOLD_LATE_AT_MOST

NOON = datetime(2027, 5, 12, 12, tzinfo=clock.CITY)


@pytest.fixture
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def meal(at_noon, session, book):
    """A lunch at noon for nine yuan, which the eater pays in cash."""
    booking = book()
    session.commit()
    return booking


def tell(desk, meal):
    """The tablet tells that it handed the lunch out at noon."""
    told = Telling("offline-1", NOON, How.NAME, booking_id=meal.id, is_offline=True)
    with desk.at_work() as session:
        [receipt] = receive(session, meal.canteen_id, [told])
    assert receipt.refusal is None


def close_day(desk, canteen, counted_fen=0):
    with desk.at_work() as session:
        count_cash(session, canteen.site_id, day=NOON.date(), counted_fen=counted_fen)


def test_it_is_a_supplement_of_the_day_it_was_taken(session, desk, canteen, meal):
    close_day(desk, canteen)
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        tell(desk, meal)
        with desk.at_work() as at_work:
            assert enter_late(at_work, canteen.site_id, NOON.date()) == 900
        session.commit()

        [late] = list_late(session, canteen.site_id, NOON.date())
        assert (late.amount_fen, clock.day_of(late.at)) == (900, NOON.date())
    [count] = list_counts(session, canteen.site_id, NOON.date())
    assert (count.expected_fen, count.counted_fen) == (0, 0)
    drawer = balances_of(session, canteen.site_id, f"counter:{canteen.site_id}")
    assert drawer[AccountKind.CASH] == 900


def test_it_is_entered_once(desk, canteen, meal):
    close_day(desk, canteen)
    with time_machine.travel(NOON + timedelta(hours=3), tick=False):
        tell(desk, meal)
        with desk.at_work() as session:
            enter_late(session, canteen.site_id, NOON.date())
        with desk.at_work() as session, pytest.raises(NothingLate):
            enter_late(session, canteen.site_id, NOON.date())


def test_a_day_that_is_open_has_no_supplement(session, desk, canteen, meal):
    tell(desk, meal)
    session.commit()

    assert list_late(session, canteen.site_id, NOON.date()) == []


def test_what_is_told_much_later_counts_when_it_is_told(session, desk, canteen, meal):
    close_day(desk, canteen)
    told_at = NOON + TOLD_LATE_AT_MOST + timedelta(minutes=1)
    with time_machine.travel(told_at, tick=False):
        tell(desk, meal)
    session.commit()

    assert session.get(Booking, meal.id).paid_at == told_at
