"""The money of a stay under haste: a receipt is noted once, a month billed once, and the ceiling
holds however many press at once."""

from datetime import date, timedelta

import pytest

from server import clock
from server.db import sessions
from server.facilities.contracts import service
from server.facilities.contracts.billing import bill_everybody
from server.facilities.contracts.errors import PrepaymentTooHigh
from server.facilities.queries.stays import get_stay
from server.facilities.stays.admitting import admit
from tests.concurrency.racing import look, race
from tests.factories.facilities import make_beds

TODAY = clock.today()
SINCE = TODAY - timedelta(days=31)  # Some nights of last month.
MANY = 24
SUMS = "SELECT posting_id FROM ledger_entry GROUP BY posting_id HAVING sum(amount_fen) <> 0"


@pytest.fixture
def stay_id(settle, people):
    [resident] = people(1)[1]

    def move_in(session):
        [bed] = make_beds(session, 1)
        stay = admit(session, bed_id=bed.id, resident_id=resident, admitted_on=SINCE)
        fees = {"bed_fen": 100_000, "nursing_fen": 0, "meals_fen": 0, "other_fen": 0}
        service.agree(
            session, stay.id, starts_on=SINCE, ends_on=date(2160, 1, 1), deposit_fen=0, **fees
        )
        return stay.id

    return settle(move_in)


@sessions.in_transaction
def pay(wish, *, session):
    stay_id, receipt = wish
    service.take_payment(session, stay_id, amount_fen=100_000, reference=receipt)
    return "taken"


def test_one_receipt_noted_by_many_is_there_once(own_city, platform, stay_id):
    outcomes = race([(stay_id, "A1")] * MANY, pay)

    assert outcomes == {"taken": MANY}
    assert look(own_city, "SELECT count(*) FROM ledger_posting") == [(1,)]


def test_of_many_months_paid_ahead_at_once_twelve_are_taken(own_city, platform, stay_id):
    outcomes = race([(stay_id, f"A{number}") for number in range(MANY)], pay)

    assert outcomes == {"taken": 12, PrepaymentTooHigh.__name__: MANY - 12}
    assert look(own_city, SUMS) == []


@sessions.in_transaction
def bill(wish, *, session):
    """By itself, or with everybody of the home."""
    stay_id, is_alone = wish
    if is_alone:
        service.bill_month(session, stay_id, SINCE)
    else:
        bill_everybody(session, get_stay(session, stay_id).site_id, SINCE)
    return "billed"


def test_a_month_billed_alone_and_with_everybody_at_once_has_one_bill(own_city, platform, stay_id):
    outcomes = race([(stay_id, number % 2 == 0) for number in range(MANY)], bill)

    assert outcomes == {"billed": MANY}
    assert look(own_city, "SELECT count(*) FROM stay_bill") == [(1,)]
    assert look(own_city, "SELECT count(*) FROM ledger_posting") == [(1,)]
    assert look(own_city, SUMS) == []
