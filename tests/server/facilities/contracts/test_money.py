"""From the contract to the last fen given back."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import text

from server import clock
from server.facilities.contracts import service, settling
from server.facilities.contracts.errors import (
    AlreadySettled,
    ContractMissing,
    ContractOverlaps,
    DepositTooHigh,
    MonthNotOver,
    MonthsUnbilled,
    NothingToBill,
    PrepaymentTooHigh,
    ReceiptNoted,
    StayGoesOn,
)
from server.facilities.contracts.queries import list_bills, list_money_held, subject_of
from server.facilities.models import EndReason
from server.facilities.stays.admitting import admit
from server.facilities.stays.ending import discharge
from server.facilities.stays.moving import come_back, go_to_hospital
from server.ledger.queries import balances_of
from tests.factories.facilities import make_bed
from tests.factories.people import make_resident

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
TERMS = {
    "number": "2026-001",
    "starts_on": date(2026, 3, 11),
    "ends_on": date(2027, 3, 11),
    "bed_fen": 150000,
    "nursing_fen": 120000,
    "meals_fen": 60000,
    "other_fen": 0,
    "deposit_fen": 500000,
}


@pytest.fixture
def on(session):
    """Live a day: `with on(date(2026, 4, 2)): …`; its money balances by then."""

    def live(day):
        return time_machine.travel(f"{day}T09:00+08:00", tick=False)

    return live


@pytest.fixture
def stay(session, on):
    """Somebody who has moved in on 11 March, with a contract."""
    with on(date(2026, 3, 11)):
        stay = admit(
            session,
            bed_id=make_bed(session).id,
            resident_id=make_resident(session).id,
            admitted_on=clock.today(),
        )
        service.agree(session, stay.id, **TERMS)
    return stay


def balances(session, stay):
    session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    session.execute(text("SET CONSTRAINTS ALL DEFERRED"))
    found = balances_of(session, stay.site_id, subject_of(stay.id))
    assert sum(found.values()) == 0
    return {kind.value: fen for kind, fen in found.items() if fen}


def test_twenty_one_nights_of_march_are_billed_once(session, stay, on):
    with on(date(2026, 4, 1)):
        bill = service.bill_month(session, stay.id, MARCH)
        again = service.bill_month(session, stay.id, date(2026, 3, 31))

    assert bill.id == again.id
    assert [line["amount_fen"] for line in bill.lines] == [101613, 81290, 40645]
    assert bill.total_fen == 223548
    assert balances(session, stay) == {"receivable": 223548, "income": -223548}


def test_a_contract_without_a_night_in_the_month_is_not_on_its_bill(session, stay, on):
    later = {"starts_on": date(2027, 3, 11), "ends_on": date(2028, 3, 11), "deposit_fen": 0}
    service.agree(session, stay.id, **TERMS | later)
    with on(date(2026, 4, 1)):
        bill = service.bill_month(session, stay.id, MARCH)

    assert [line["item"] for line in bill.lines] == ["bed", "nursing", "meals"]


def test_days_in_hospital_cost_less(session, stay, on):
    with on(date(2026, 3, 21)):
        go_to_hospital(session, stay.id, since=clock.today(), keeps_bed=True)
    with on(date(2026, 4, 2)):
        come_back(session, stay.id, on=clock.today())
        bill = service.bill_month(session, stay.id, MARCH)

    assert [(line["here"], line["away"]) for line in bill.lines] == [(10, 11)] * 3
    assert [line["amount_fen"] for line in bill.lines] == [101613, 60000, 19355]


def test_what_was_paid_in_advance_is_used_first(session, stay, on):
    with on(date(2026, 4, 1)):
        service.take_payment(session, stay.id, amount_fen=200000, reference="r1")
        service.bill_month(session, stay.id, MARCH)
        assert balances(session, stay)["receivable"] == 23548
        service.take_payment(session, stay.id, amount_fen=30000, reference="r2")

    assert balances(session, stay) == {"cash": 230000, "prepaid": -6452, "income": -223548}


def test_a_payment_noted_twice_is_there_once(session, stay, on):
    with on(date(2026, 4, 1)):
        for _ in range(2):
            service.take_payment(session, stay.id, amount_fen=200000, reference="r1")
            service.take_deposit(session, stay.id, amount_fen=500000, reference="r1")

    assert balances(session, stay) == {"cash": 700000, "prepaid": -200000, "deposit": -500000}


def test_no_more_than_a_year_is_taken_in_advance_nor_more_deposit_than_agreed(session, stay, on):
    with on(date(2026, 4, 1)):
        with pytest.raises(PrepaymentTooHigh) as refusal:
            service.take_payment(session, stay.id, amount_fen=12 * 330000 + 1, reference="r1")
        assert refusal.value.facts == {"most_fen": 12 * 330000}
        service.take_payment(session, stay.id, amount_fen=12 * 330000, reference="r1")
        with pytest.raises(DepositTooHigh):
            service.take_deposit(session, stay.id, amount_fen=500001, reference="r1")


def test_the_agreed_deposit_has_a_ceiling(session, stay):
    dear = TERMS | {"starts_on": date(2027, 3, 11), "ends_on": date(2028, 3, 11)}
    with pytest.raises(DepositTooHigh):
        service.agree(session, stay.id, **dear | {"deposit_fen": 12 * 150000 + 1})


def test_one_contract_a_night(session, stay):
    with pytest.raises(ContractOverlaps):
        service.agree(session, stay.id, **TERMS | {"ends_on": date(2026, 5, 1)})


def test_a_month_that_is_not_over_and_one_without_nights_are_not_billed(session, stay, on):
    with on(date(2026, 3, 31)):
        with pytest.raises(MonthNotOver):
            service.bill_month(session, stay.id, MARCH)
        with pytest.raises(NothingToBill):
            service.bill_month(session, stay.id, date(2026, 2, 1))


def test_a_night_that_no_contract_covers_stops_the_bill(session, on):
    with on(date(2026, 3, 11)):
        stay = admit(
            session,
            bed_id=make_bed(session).id,
            resident_id=make_resident(session).id,
            admitted_on=clock.today(),
        )
        service.agree(session, stay.id, **TERMS | {"starts_on": date(2026, 3, 12)})
    with on(date(2026, 4, 1)), pytest.raises(ContractMissing) as refusal:
        service.bill_month(session, stay.id, MARCH)
    assert refusal.value.facts == {"day": "2026-03-11"}


def test_the_first_night_after_a_contract_is_the_one_that_is_named(session, stay, on):
    with on(date(2027, 4, 1)), pytest.raises(ContractMissing) as refusal:
        service.bill_month(session, stay.id, date(2027, 3, 20))
    assert refusal.value.facts == {"day": "2027-03-11"}
    with on(date(2027, 4, 1)):
        assert service.first_uncovered(session, stay) == date(2027, 3, 11)
    with on(date(2027, 3, 1)):
        assert service.first_uncovered(session, stay) is None


class TestLeaving:
    @pytest.fixture
    def left(self, session, stay, on):
        """Left on 11 April, with deposit and a payment in advance."""
        with on(date(2026, 4, 11)):
            service.take_deposit(session, stay.id, amount_fen=500000, reference="d1")
            service.take_payment(session, stay.id, amount_fen=400000, reference="p1")
            discharge(session, stay.id, ended_on=clock.today(), reason=EndReason.WENT_HOME)
            yield stay

    def test_whoever_has_paid_too_much_gets_it_back_to_the_fen(self, session, left):
        service.bill_month(session, left.id, MARCH)
        april = service.bill_month(session, left.id, APRIL)

        settled = settling.settle(session, left.id)

        assert april.total_fen == 110000
        assert settled.refund_fen == 500000 + 400000 - 223548 - 110000
        assert balances(session, left) == {"cash": 333548, "income": -333548}

    def test_every_month_is_billed_before(self, session, left):
        service.bill_month(session, left.id, MARCH)

        with pytest.raises(MonthsUnbilled) as refusal:
            settling.settle(session, left.id)
        assert refusal.value.facts == {"month": "2026-04"}

    def test_after_it_no_money_moves_any_more(self, session, left):
        service.bill_month(session, left.id, MARCH)
        service.bill_month(session, left.id, APRIL)
        settling.settle(session, left.id)

        with pytest.raises(AlreadySettled):
            settling.settle(session, left.id)
        with pytest.raises(AlreadySettled):
            service.take_payment(session, left.id, amount_fen=1, reference="p2")
        assert len(list_bills(session, left.id)) == 2

    def test_money_at_risk_is_what_the_facility_holds(self, session, left):
        [held] = list_money_held(session, prefixes=[], site_ids=[left.site_id])

        assert (held.prepaid_fen, held.deposit_fen, held.stays) == (400000, 500000, 1)


def test_nobody_settles_while_the_stay_goes_on(session, stay):
    with pytest.raises(StayGoesOn):
        settling.settle(session, stay.id)


def test_whoever_owes_more_than_is_held_still_owes_it(session, stay, on):
    with on(date(2026, 4, 1)):
        service.take_deposit(session, stay.id, amount_fen=100000, reference="d1")
        discharge(session, stay.id, ended_on=clock.today(), reason=EndReason.OTHER_HOME)
        service.bill_month(session, stay.id, MARCH)
        settled = settling.settle(session, stay.id)

    assert (settled.refund_fen, settled.still_owed_fen) == (0, 123548)
    assert balances(session, stay) == {"cash": 100000, "receivable": 123548, "income": -223548}
    assert stay.ended_on - stay.admitted_on == timedelta(days=21)


def test_what_is_owed_after_the_settlement_is_paid_and_no_fen_more(session, stay, on):
    with on(date(2026, 4, 1)):
        service.take_deposit(session, stay.id, amount_fen=100000, reference="d1")
        discharge(session, stay.id, ended_on=clock.today(), reason=EndReason.OTHER_HOME)
        service.bill_month(session, stay.id, MARCH)
        settling.settle(session, stay.id)
        with pytest.raises(AlreadySettled):
            service.take_payment(session, stay.id, amount_fen=123549, reference="p1")
        assert not settling.is_settled(session, stay)
        service.take_payment(session, stay.id, amount_fen=123548, reference="p1")

        assert settling.is_settled(session, stay)


def test_a_receipt_says_one_amount(session, stay, on):
    with on(date(2026, 4, 1)):
        for take in (service.take_payment, service.take_deposit):
            take(session, stay.id, amount_fen=10_000, reference="r1")
            with pytest.raises(ReceiptNoted) as refused:
                take(session, stay.id, amount_fen=100_000, reference="r1")

    assert refused.value.facts == {"amount_fen": 10_000}
    assert balances(session, stay)["cash"] == 20_000
