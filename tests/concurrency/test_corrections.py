"""Corrections of bills under haste: one difference is posted once, whatever happens beside it."""

from datetime import date, timedelta
from time import sleep

import pytest
from sqlalchemy import text

from server import clock
from server.db import sessions
from server.facilities.contracts import correcting, service, settling
from server.facilities.contracts.billing import bill_everybody
from server.facilities.contracts.correcting import correct_everybody, correct_stay_of
from server.facilities.contracts.errors import AlreadySettled
from server.facilities.contracts.rules import months_between
from server.facilities.models import EndReason
from server.facilities.queries.stays import get_stay
from server.facilities.stays.admitting import admit
from server.facilities.stays.ending import discharge
from server.facilities.stays.moving import go_to_hospital
from tests.concurrency.racing import as_owner, look, race
from tests.factories.facilities import make_beds

SINCE = clock.today() - timedelta(days=31)  # Some nights of a month that is over.
MANY = 24
UNEVEN = "SELECT posting_id FROM ledger_entry GROUP BY posting_id HAVING sum(amount_fen) <> 0"
CORRECTIONS = "SELECT count(*) FROM bill_correction"
BALANCES = (
    "SELECT a.kind, sum(e.amount_fen)::int FROM ledger_entry e"
    " JOIN ledger_account a ON a.id = e.account_id GROUP BY a.kind"
)
A_NIGHT_LESS = text("UPDATE bed_occupancy SET ends_on = ends_on - 1 WHERE superseded_at IS NULL")
PAID = 30_000


@pytest.fixture
def stay_id(settle, people):
    """Billed before anybody said that she had been in hospital all the time."""
    [resident] = people(1)[1]

    def move_in(session):
        [bed] = make_beds(session, 1)
        stay = admit(session, bed_id=bed.id, resident_id=resident, admitted_on=SINCE)
        fees = {"bed_fen": 90_000, "nursing_fen": 900_000, "meals_fen": 0, "other_fen": 0}
        service.agree(
            session, stay.id, starts_on=SINCE, ends_on=date(2160, 1, 1), deposit_fen=0, **fees
        )
        service.bill_month(session, stay.id, SINCE)
        go_to_hospital(session, stay.id, since=SINCE, keeps_bed=True)
        return stay.id

    return settle(move_in)


@sessions.in_transaction
def correct(wish, *, session):
    """By itself, with everybody of the home, or when a month is billed."""
    stay_id, way = wish
    site_id = get_stay(session, stay_id).site_id
    ways = (
        lambda: correct_stay_of(session, stay_id),
        lambda: correct_everybody(session, site_id),
        lambda: bill_everybody(session, site_id, SINCE),
    )
    return f"wrote {ways[way]().corrections}"


def test_of_many_who_correct_at_once_one_does(own_city, platform, stay_id):
    outcomes = race([(stay_id, number % 3) for number in range(MANY)], correct)

    assert outcomes == {"wrote 1": 1, "wrote 0": MANY - 1}
    assert look(own_city, CORRECTIONS) == [(1,)]
    assert look(own_city, UNEVEN) == []


class TestWithoutHoldingTheStay:
    """The lock is taken away, and everybody has looked before anybody writes."""

    @pytest.fixture(autouse=True)
    def everybody_looks_first(self, monkeypatch):
        plan = correcting._plan

        def look_and_wait(session, due):
            planned = plan(session, due)
            sleep(0.5)
            return planned

        monkeypatch.setattr(correcting, "hold_stays", lambda session, stay_ids: list(stay_ids))
        monkeypatch.setattr(correcting, "_plan", look_and_wait)

    def test_the_database_lets_one_write(self, own_city, platform, stay_id):
        outcomes = race([(stay_id, 1)] * 4, correct)

        assert outcomes == {"wrote 1": 1, "wrote 0": 3}
        assert look(own_city, CORRECTIONS) == [(1,)]

    def test_and_without_its_guards_several(self, own_city, platform, stay_id):
        as_owner(
            own_city,
            "ALTER TABLE bill_correction DROP CONSTRAINT uq_bill_correction_stay_id_month_number",
            "ALTER TABLE ledger_posting DROP CONSTRAINT uq_ledger_posting_reference",
        )

        race([(stay_id, 1)] * 4, correct)

        assert look(own_city, CORRECTIONS)[0][0] > 1


@sessions.in_transaction
def pay_or_correct(wish, *, session):
    stay_id, number = wish
    if number % 2:
        service.take_payment(session, stay_id, amount_fen=PAID, reference=f"A{number}")
        return "paid"
    correct_stay_of(session, stay_id)
    return "corrected"


def test_beside_payments_each_fen_is_owed_or_held_once(own_city, platform, stay_id):
    outcomes = race([(stay_id, number) for number in range(MANY)], pay_or_correct)

    assert outcomes == {"paid": MANY // 2, "corrected": MANY // 2}
    assert look(own_city, CORRECTIONS) == [(1,)]
    stand = dict(look(own_city, BALANCES))
    assert sum(stand.values()) == 0
    assert stand["cash"] == PAID * MANY // 2
    assert stand.get("receivable", 0) >= 0 >= stand.get("prepaid", 0)


@sessions.in_transaction
def settle_or_correct(wish, *, session):
    stay_id, number = wish
    if number % 2:
        settling.settle(session, stay_id)
        return "settled"
    correct_stay_of(session, stay_id)
    return "corrected"


def test_beside_settlements_nothing_is_left_and_it_is_settled_once(
    own_city, platform, stay_id, settle
):
    def leave(session):
        service.take_payment(session, stay_id, amount_fen=1_500_000, reference="ahead")
        discharge(session, stay_id, ended_on=clock.today(), reason=EndReason.WENT_HOME)
        for month in months_between(SINCE, clock.today()):
            service.bill_month(session, stay_id, month)
        session.execute(A_NIGHT_LESS)

    settle(leave)
    outcomes = race([(stay_id, number) for number in range(MANY)], settle_or_correct)

    assert outcomes["settled"] == 1
    assert outcomes[AlreadySettled.__name__] == MANY // 2 - 1
    stand = dict(look(own_city, BALANCES))
    assert stand["prepaid"] == 0
    assert look(own_city, UNEVEN) == []
