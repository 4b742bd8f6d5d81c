"""A month is billed for a whole home at once, as it would be one by one."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import text

from server import clock
from server.facilities.contracts import service, settling
from server.facilities.contracts.billing import bill_everybody
from server.facilities.contracts.errors import MonthNotOver
from server.facilities.contracts.queries import list_bills, subject_of
from server.facilities.contracts.standings import MoneyStanding, list_standings
from server.facilities.models import EndReason
from server.facilities.stays.admitting import admit
from server.facilities.stays.ending import discharge
from server.ledger.queries import balances_of
from tests.factories.facilities import make_bed
from tests.factories.meals import make_site
from tests.factories.people import make_resident

MARCH = date(2026, 3, 1)
TERMS = {
    "starts_on": date(2026, 3, 11),
    "ends_on": date(2027, 3, 11),
    "bed_fen": 150000,
    "nursing_fen": 120000,
    "meals_fen": 60000,
    "other_fen": 0,
    "deposit_fen": 0,
}


def on(day):
    return time_machine.travel(f"{day}T09:00+08:00", tick=False)


@pytest.fixture
def home(session):
    return make_site(session)


@pytest.fixture
def move_in(session, home):
    """Somebody has lived there since 11 March: `move_in()`; without a contract: `move_in({})`."""

    def take(terms=TERMS):
        terms = terms and terms | {"starts_on": clock.today()}
        bed = make_bed(session, site=home)
        stay = admit(
            session,
            bed_id=bed.id,
            resident_id=make_resident(session).id,
            admitted_on=clock.today(),
        )
        if terms:
            service.agree(session, stay.id, **terms)
        return stay

    with on(date(2026, 3, 11)):
        yield take


def test_each_bill_is_the_one_that_a_single_bill_would_be(session, home, move_in):
    one, other = move_in(), move_in()
    with on(date(2026, 4, 1)):
        service.take_payment(session, one.id, amount_fen=100000, reference="r1")
        alone = service.bill_month(session, other.id, MARCH)
        billed = bill_everybody(session, home.id, date(2026, 3, 20))
    [together] = list_bills(session, one.id)

    assert (billed.bills, billed.without_contract) == (1, [])
    assert together.lines == alone.lines
    assert together.total_fen == alone.total_fen == 223548
    session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    balances = balances_of(session, home.id, subject_of(one.id))
    assert {kind.value: fen for kind, fen in balances.items() if fen} == {
        "cash": 100000, "receivable": 123548, "income": -223548,
    }  # fmt: skip


def test_twice_is_once(session, home, move_in):
    move_in()
    with on(date(2026, 4, 1)):
        assert bill_everybody(session, home.id, MARCH).bills == 1
        assert bill_everybody(session, home.id, MARCH).bills == 0


def test_whoever_has_no_contract_is_told_and_hinders_nobody(session, home, move_in):
    without, one = move_in({}), move_in()
    with on(date(2026, 4, 1)):
        billed = bill_everybody(session, home.id, MARCH)

    assert (billed.bills, list(billed.without_contract)) == (1, [without.id])
    assert len(list_bills(session, one.id)) == 1


def test_a_month_that_is_not_over_is_not_billed(session, home, move_in):
    move_in()
    with on(date(2026, 3, 31)), pytest.raises(MonthNotOver):
        bill_everybody(session, home.id, MARCH)


def test_nobody_of_another_home_is_billed(session, move_in):
    stay = move_in()
    with on(date(2026, 4, 1)):
        assert bill_everybody(session, make_site(session).id, MARCH).bills == 0
    assert list_bills(session, stay.id) == []


def test_a_full_home_costs_as_many_statements_as_one_person(session, home, move_in, statements):
    move_in()
    with on(date(2026, 4, 1)), statements() as for_one:
        bill_everybody(session, home.id, MARCH)
    with on(date(2026, 3, 12)):
        for _ in range(5):
            move_in()
    with on(date(2026, 5, 1)), statements() as for_six:
        bill_everybody(session, home.id, date(2026, 4, 1))

    assert len(for_six) == len(for_one)


class TestStandings:
    def test_a_home_sees_whose_contract_bill_or_settlement_is_due(self, session, home, move_in):
        without, here, left = move_in({}), move_in(), move_in()
        with on(date(2026, 4, 1)):
            service.take_payment(session, here.id, amount_fen=200000, reference="r1")
            bill_everybody(session, home.id, MARCH)
            discharge(session, left.id, ended_on=clock.today(), reason=EndReason.WENT_HOME)
            rows = {row.stay_id: row for row in list_standings(session, home.id)}

        assert rows[without.id].contract_until is None
        assert (rows[here.id].standing, rows[here.id].owed_fen) == ("here", 23548)
        assert rows[here.id].billed_month == MARCH
        assert rows[here.id].month_fen == 330000
        assert (rows[left.id].standing, rows[left.id].label) == ("to_settle", None)

    def test_who_was_settled_is_found_by_that(self, session, home, move_in):
        left = move_in()
        with on(date(2026, 3, 21)):
            discharge(session, left.id, ended_on=clock.today(), reason=EndReason.WENT_HOME)
            service.bill_month(session, left.id, MARCH)
            settling.settle(session, left.id)
            assert list_standings(session, home.id, MoneyStanding.SETTLED) == []
            service.take_payment(session, left.id, amount_fen=106452, reference="r1")
            assert settling.is_settled(session, left)

        [row] = list_standings(session, home.id, MoneyStanding.SETTLED)
        assert row.stay_id == left.id
        assert list_standings(session, home.id, MoneyStanding.TO_SETTLE) == []


def test_months_before_the_first_contract_are_none_of_the_platforms(session, home):
    """A home that begins with the platform has people who came long before."""
    with on(date(2026, 1, 10)):
        bed, resident = make_bed(session, site=home), make_resident(session)
        stay = admit(session, bed_id=bed.id, resident_id=resident.id, admitted_on=clock.today())
    with on(date(2026, 3, 11)):
        service.agree(session, stay.id, **TERMS | {"starts_on": MARCH})
    with on(date(2026, 3, 21)):
        discharge(session, stay.id, ended_on=clock.today(), reason=EndReason.WENT_HOME)
        service.bill_month(session, stay.id, MARCH)

        assert settling.settle(session, stay.id).still_owed_fen == 20 * 330000 // 31
    assert stay.ended_on - stay.admitted_on > timedelta(days=31)
