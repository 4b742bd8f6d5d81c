"""Bills follow what turns out later: the difference is posted once, and the money balances."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server import clock
from server.errors import DomainError
from server.facilities.contracts import rules, service, settling
from server.facilities.contracts.billing import bill_everybody
from server.facilities.contracts.correcting import correct_everybody
from server.facilities.contracts.differences import stand_of
from server.facilities.contracts.due import list_due_at
from server.facilities.contracts.errors import AlreadySettled, ContractMissing, NothingToBill
from server.facilities.contracts.queries import (
    lines_billed,
    list_bills,
    list_contracts,
    list_corrections,
    list_nights,
    subject_of,
)
from server.facilities.contracts.standings import MoneyStanding, list_standings
from server.facilities.models import EndReason, StayStatus
from server.facilities.stays.admitting import admit
from server.facilities.stays.ending import discharge
from server.facilities.stays.moving import come_back, go_on_leave, go_to_hospital
from server.ledger.queries import balances_of
from server.residents.departures.models import DepartureKind
from server.residents.departures.service import report_departure, reverse_departure
from tests.factories.facilities import make_bed
from tests.factories.meals import make_site
from tests.factories.people import make_resident

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
TERMS = {
    "starts_on": date(2026, 3, 11),
    "ends_on": date(2026, 4, 16),
    "bed_fen": 150000,
    "nursing_fen": 120001,
    "meals_fen": 60007,
    "other_fen": 0,
    "deposit_fen": 300000,
}
LATER = TERMS | {"starts_on": date(2026, 4, 16), "ends_on": date(2028, 1, 1), "bed_fen": 170003}
MONTH = 330008


def on(day):
    return time_machine.travel(f"{day}T09:00+08:00", tick=False)


@pytest.fixture
def home(session):
    return make_site(session)


@pytest.fixture
def move_in(session, home):
    """Somebody lives there since 11 March, under one contract and from 16 April another."""

    def take(*contracts):
        bed, resident = make_bed(session, site=home), make_resident(session)
        with on(date(2026, 3, 11)):
            stay = admit(session, bed_id=bed.id, resident_id=resident.id, admitted_on=clock.today())
        for terms in contracts or (TERMS, LATER):
            service.agree(session, stay.id, **terms)
        return stay

    return take


@pytest.fixture
def stay(move_in):
    return move_in()


def balances(session, stay):
    session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    session.execute(text("SET CONSTRAINTS ALL DEFERRED"))
    found = balances_of(session, stay.site_id, subject_of(stay.id))
    assert sum(found.values()) == 0
    return {kind.value: fen for kind, fen in found.items() if fen}


def corrections(session, stay):
    return [
        (f"{one.month:%m}", one.number, one.total_fen, one.reason.value)
        for one in list_corrections(session, stay.id)
    ]


def ends_instead(session, stay, *, to):
    """The last night turns out another, however it came to be known."""
    values = {"stay": stay.id, "to": to}
    session.execute(text("UPDATE stay SET ended_on = :to WHERE id = :stay"), values)
    session.execute(
        text(
            "UPDATE bed_occupancy SET ends_on = :to WHERE stay_id = :stay AND ends_on IS NOT NULL"
        ),
        values,
    )
    session.expire_all()


def last_departure(session):
    return session.execute(text("SELECT coalesce(max(id), 0) FROM departure")).scalar_one()


class TestACreditNote:
    def test_follows_a_discharge_dated_back(self, session, home, stay):
        with on(date(2026, 4, 2)):
            bill_everybody(session, home.id, MARCH)
            discharge(session, stay.id, ended_on=date(2026, 3, 25), reason=EndReason.WENT_HOME)
            written = correct_everybody(session, home.id)
            again = correct_everybody(session, home.id)

        [correction] = list_corrections(session, stay.id)
        [bill] = list_bills(session, stay.id)
        assert (written.corrections, again.corrections) == (1, 0)
        assert correction.reason == "fewer_nights"
        assert bill.total_fen + correction.total_fen == balances(session, stay)["receivable"]
        assert correction.lines[0] == {
            "item": "bed", "monthly_fen": 150000, "here_before": 21, "away_before": 0,
            "here": 14, "away": 0, "amount_fen": 67742 - 101613,
        }  # fmt: skip

    def test_lowers_what_is_owed_and_the_rest_is_money_in_advance(self, session, home, stay):
        with on(date(2026, 4, 2)):
            bill_everybody(session, home.id, MARCH)
            [bill] = list_bills(session, stay.id)
            service.take_payment(session, stay.id, amount_fen=bill.total_fen - 100, reference="r1")
            discharge(session, stay.id, ended_on=date(2026, 3, 25), reason=EndReason.WENT_HOME)
            correct_everybody(session, home.id)

        [correction] = list_corrections(session, stay.id)
        assert balances(session, stay)["prepaid"] == correction.total_fen + 100

    def test_takes_all_of_a_month_off_in_which_nobody_slept(self, session, home, stay):
        with on(date(2026, 5, 1)):
            bill_everybody(session, home.id, MARCH)
            bill_everybody(session, home.id, APRIL)
            discharge(session, stay.id, ended_on=APRIL, reason=EndReason.WENT_HOME)
            correct_everybody(session, home.id)

        april = list_bills(session, stay.id)[0]
        assert corrections(session, stay) == [("04", 1, -april.total_fen, "fewer_nights")]


class TestASupplementaryBill:
    def test_follows_a_leave_that_was_entered_afterwards_and_one_that_was_not(
        self, session, home, stay
    ):
        with on(date(2026, 4, 2)):
            bill_everybody(session, home.id, MARCH)
            go_to_hospital(session, stay.id, since=date(2026, 3, 22), keeps_bed=True)
            correct_everybody(session, home.id)
            come_back(session, stay.id, on=date(2026, 3, 22))
            written = correct_everybody(session, home.id)

        assert written.corrections == 1
        first, second = list_corrections(session, stay.id)
        assert (first.number, second.number) == (1, 2)
        assert first.total_fen == -second.total_fen < 0
        assert {first.reason, second.reason} == {"away_nights"}

    def test_follows_a_stay_that_goes_on(self, session, home, stay):
        with on(date(2026, 3, 21)):
            report_departure(
                session,
                resident_id=stay.resident_id,
                kind=DepartureKind.DIED,
                happened_on=date(2026, 3, 20),
            )
            service.bill_month(session, stay.id, MARCH)
            reverse_departure(session, last_departure(session), reason="认错了人")
            assert list_due_at(session, home.id) == []  # March goes on, and so does the stay.
        with on(date(2026, 4, 2)):
            written = bill_everybody(session, home.id, MARCH)

        assert (written.bills, written.corrections) == (0, 1)
        [(month, number, fen, reason)] = corrections(session, stay)
        assert (month, number, reason) == ("03", 1, "more_nights")
        assert fen > 0


class TestWhoeverBills:
    def test_corrects_first(self, session, home, stay):
        with on(date(2026, 5, 2)):
            bill_everybody(session, home.id, MARCH)
            go_on_leave(session, stay.id, since=date(2026, 4, 20))
            bill_everybody(session, home.id, APRIL)
            come_back(session, stay.id, on=date(2026, 4, 21))
            service.bill_month(session, stay.id, APRIL)

        assert [one[:2] for one in corrections(session, stay)] == [("04", 1)]

    def test_leaves_a_night_without_a_contract_out_and_tells_of_it(self, session, home, move_in):
        stay = move_in(TERMS)
        with on(date(2026, 4, 12)):
            discharge(session, stay.id, ended_on=date(2026, 4, 10), reason=EndReason.WENT_HOME)
            for month in (MARCH, APRIL):
                service.bill_month(session, stay.id, month)
        with on(date(2026, 5, 2)):
            ends_instead(session, stay, to=date(2026, 4, 20))
            written = bill_everybody(session, home.id, APRIL)
            with pytest.raises(ContractMissing) as refused:
                settling.settle(session, stay.id)

        assert (list(written.without_contract), written.corrections) == ([stay.id], 0)
        assert refused.value.facts == {"day": "2026-04-16"}

    def test_costs_as_many_statements_for_six_as_for_one(self, session, home, move_in, statements):
        stays = [move_in()]
        with on(date(2026, 4, 2)):
            bill_everybody(session, home.id, MARCH)
            go_on_leave(session, stays[0].id, since=date(2026, 3, 28))
            with statements() as for_one:
                assert correct_everybody(session, home.id).corrections == 1
            stays = [move_in() for _ in range(6)]
            bill_everybody(session, home.id, MARCH)
            for stay in stays:
                go_on_leave(session, stay.id, since=date(2026, 3, 29))
            with statements() as for_six:
                assert correct_everybody(session, home.id).corrections == 6

        assert len(for_six) == len(for_one)


class TestAfterTheSettlement:
    @pytest.fixture
    def settled(self, session, stay):
        """Left on 31 March; a month was paid, and what was too much given back."""
        with on(date(2026, 3, 31)):
            service.take_deposit(session, stay.id, amount_fen=300000, reference="d1")
            discharge(session, stay.id, ended_on=clock.today(), reason=EndReason.WENT_HOME)
            service.bill_month(session, stay.id, MARCH)
            settling.settle(session, stay.id)
            yield stay

    def test_money_goes_back_to_the_family(self, session, home, settled):
        before = balances(session, settled)["cash"]
        ends_instead(session, settled, to=date(2026, 3, 25))
        settled.ended_on = date(2026, 3, 31)
        session.flush()
        [row] = list_standings(session, home.id, MoneyStanding.CORRECTED)
        assert row.stay_id == settled.id

        foreseen = settling.foresee_settlement(session, settled)
        result = settling.settle(session, settled.id)

        [correction] = list_corrections(session, settled.id)
        assert foreseen.settlement == result
        assert result.refund_fen == -correction.total_fen > 0
        assert balances(session, settled)["cash"] == before + correction.total_fen
        assert settling.is_settled(session, settled)
        assert list_standings(session, home.id, MoneyStanding.CORRECTED) == []
        with pytest.raises(AlreadySettled):
            settling.settle(session, settled.id)

    def test_what_is_owed_is_paid(self, session, home, settled):
        session.execute(
            text("UPDATE bed_occupancy SET ends_on = '2026-04-01' WHERE stay_id = :id"),
            {"id": settled.id},
        )
        result = settling.settle(session, settled.id)

        assert result.still_owed_fen > 0
        assert [row.stay_id for row in list_standings(session, home.id, MoneyStanding.CORRECTED)]
        service.take_payment(
            session, settled.id, amount_fen=result.still_owed_fen, reference="later"
        )
        assert settling.is_settled(session, settled)

    def test_a_stay_may_end_again_on_the_settled_day(self, session, home, settled):
        """It went on by mistake or not: what was taken meanwhile is given back again."""
        session.execute(
            text(
                "UPDATE stay SET status = 'staying', ended_on = NULL, end_reason = NULL"
                " WHERE id = :id"
            ),
            {"id": settled.id},
        )
        session.execute(
            text(
                "UPDATE bed_occupancy SET ends_on = NULL, end_recorded_at = NULL"
                " WHERE stay_id = :id"
            ),
            {"id": settled.id},
        )
        session.expire_all()
        service.take_payment(session, settled.id, amount_fen=5000, reference="meanwhile")
        discharge(session, settled.id, ended_on=clock.today(), reason=EndReason.WENT_HOME)

        assert settling.settle(session, settled.id).refund_fen == 5000
        assert settling.is_settled(session, settled)
        references = text(
            "SELECT reference FROM ledger_posting WHERE kind = 'settlement' ORDER BY id"
        )
        first, second = session.execute(references).scalars()
        assert second == f"{first}:2"


@pytest.mark.parametrize(
    "statement",
    ["UPDATE bill_correction SET total_fen = 1", "DELETE FROM bill_correction"],
)
def test_nothing_corrected_is_rewritten(session, home, stay, statement):
    with pytest.raises(DBAPIError, match="permission denied"), session.begin_nested():
        session.execute(text(statement))


# What changes nights stands more than once: what is billed and paid for before is what differs.
DEEDS = (
    *("leave", "hospital", "without_bed", "back", "shorten", "denied"),
    *("discharge", "died", "hospital") * 2,
    *("bill", "bill_all", "correct", "pay", "settle"),
)
a_step = st.tuples(st.sampled_from(DEEDS), st.integers(0, 30), st.integers(0, 15))


class Life:
    """A stay, what is done about it in time, and what must be true of its money."""

    def __init__(self, session, stay):
        self.session, self.stay, self.receipts = session, stay, 0

    def do(self, deed, back):
        session, stay = self.session, self.stay
        day = clock.today() - timedelta(days=back)
        month = rules.first_of(rules.first_of(clock.today()) - timedelta(days=1 + back))
        deeds = {
            "leave": lambda: go_on_leave(session, stay.id, since=day),
            "hospital": lambda: go_to_hospital(session, stay.id, since=day, keeps_bed=True),
            "without_bed": lambda: go_to_hospital(session, stay.id, since=day, keeps_bed=False),
            "back": lambda: come_back(session, stay.id, on=day, bed_id=self.bed_id),
            "discharge": lambda: discharge(
                session, stay.id, ended_on=day, reason=EndReason.WENT_HOME
            ),
            "died": lambda: self.die(day),
            "denied": lambda: reverse_departure(
                session, last_departure(session), reason="认错了人"
            ),
            "shorten": self.shorten,
            "bill": lambda: service.bill_month(session, stay.id, month),
            "bill_all": lambda: bill_everybody(session, stay.site_id, month),
            "correct": lambda: correct_everybody(session, stay.site_id),
            "pay": lambda: self.pay(1 + back * 40_001),
            "settle": lambda: settling.settle(session, stay.id),
        }
        deeds[deed]()

    @property
    def bed_id(self):
        query = text("SELECT bed_id FROM bed_occupancy WHERE stay_id = :id LIMIT 1")
        return self.session.execute(query, {"id": self.stay.id}).scalar_one()

    def die(self, day):
        report_departure(
            self.session,
            resident_id=self.stay.resident_id,
            kind=DepartureKind.DIED,
            happened_on=day,
        )

    def shorten(self):
        """The last record turns out to have ended a night earlier."""
        self.session.execute(
            text(
                "UPDATE bed_occupancy SET ends_on = ends_on - 1 WHERE id = ("
                "SELECT max(id) FROM bed_occupancy WHERE stay_id = :id AND superseded_at IS NULL"
                " AND ends_on > starts_on + 1)"
            ),
            {"id": self.stay.id},
        )

    def pay(self, fen):
        self.receipts += 1
        service.take_payment(
            self.session, self.stay.id, amount_fen=fen, reference=f"r{self.receipts}"
        )

    def check_money(self):
        found = balances(self.session, self.stay)
        assert found.get("receivable", 0) >= 0
        assert found.get("prepaid", 0) <= 0
        assert found.get("deposit", 0) <= 0

    def check_corrected(self):
        """After correcting, each month that is over comes to what a fresh bill of it would."""
        session, stay = self.session, self.stay
        session.refresh(stay)
        correct_everybody(session, stay.site_id)
        self.check_money()
        assert list_due_at(session, stay.site_id) == []
        billed = lines_billed(session, [stay.id])
        for (_, month), lines in billed.items():
            if stay.status is StayStatus.ENDED or rules.month_after(month) <= clock.today():
                kept = {fee: stand for fee, stand in lines.items() if stand.here or stand.away}
                assert kept == self.fresh(month)
                assert all(stand.amount_fen == 0 for fee, stand in lines.items() if fee not in kept)
        sums = [sum(line["amount_fen"] for line in one.lines) == one.total_fen
                for one in list_corrections(session, stay.id)]  # fmt: skip
        assert all(sums)

    def fresh(self, month):
        contracts = list_contracts(self.session, self.stay.id)
        percent = {"bed": 100, "nursing": 50, "meals": 0, "other": 100}
        try:
            lines = rules.bill_lines(
                contracts, list_nights(self.session, self.stay.id), month, away_percent=percent
            )
        except NothingToBill:
            return {}
        return stand_of(line.as_kept() for line in lines)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.integers(0, 3 * MONTH), st.lists(a_step, min_size=6, max_size=12))
def test_in_whatever_order_a_month_comes_to_what_a_fresh_bill_of_it_would(
    session, move_in, paid, steps
):
    with session.begin_nested() as unkept:
        life, today = Life(session, move_in()), date(2026, 4, 2)
        with on(today):
            bill_everybody(session, life.stay.site_id, MARCH)
            life.pay(1 + paid)
        for deed, back, on_by in steps:
            today += timedelta(days=on_by)
            with on(today):
                with suppress(DomainError), session.begin_nested():
                    life.do(deed, back)
                session.expire_all()
                life.check_money()
        with on(today):
            life.check_corrected()
        unkept.rollback()
    session.expire_all()
