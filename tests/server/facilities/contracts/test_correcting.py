"""Bills follow what turns out later: the difference is posted once, and the money balances."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server import clock
from server.facilities.contracts import service, settling
from server.facilities.contracts.billing import bill_everybody, list_without_contract
from server.facilities.contracts.correcting import correct_everybody
from server.facilities.contracts.due import list_due_at
from server.facilities.contracts.errors import AlreadySettled, ContractMissing
from server.facilities.contracts.queries import (
    list_bills,
    list_corrections,
)
from server.facilities.contracts.standings import MoneyStanding, list_standings
from server.facilities.models import EndReason
from server.facilities.stays.ending import discharge
from server.facilities.stays.moving import come_back, go_on_leave, go_to_hospital
from server.residents.departures.models import DepartureKind
from server.residents.departures.service import report_departure, reverse_departure
from tests.factories.contracts import APRIL, MARCH, TERMS, balances, last_departure, move_in, on
from tests.factories.meals import make_site


@pytest.fixture
def home(session):
    return make_site(session)


@pytest.fixture
def stay(session, home):
    return move_in(session, home)


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

    def test_leaves_a_night_without_a_contract_out_and_tells_of_it(self, session, home):
        stay = move_in(session, home, TERMS)
        with on(date(2026, 4, 12)):
            discharge(session, stay.id, ended_on=date(2026, 4, 10), reason=EndReason.WENT_HOME)
            for month in (MARCH, APRIL):
                service.bill_month(session, stay.id, month)
        with on(date(2026, 5, 2)):
            ends_instead(session, stay, to=date(2026, 4, 20))
            written = bill_everybody(session, home.id, APRIL)
            named = list_without_contract(session, home.id)
            with pytest.raises(ContractMissing) as refused:
                settling.settle(session, stay.id)

        assert (list(written.without_contract), written.corrections) == ([stay.id], 0)
        assert named == {stay.id: date(2026, 4, 16)}
        assert refused.value.facts == {"day": "2026-04-16"}

    def test_costs_as_many_statements_for_six_as_for_one(self, session, home, statements):
        stays = [move_in(session, home)]
        with on(date(2026, 4, 2)):
            bill_everybody(session, home.id, MARCH)
            go_on_leave(session, stays[0].id, since=date(2026, 3, 28))
            with statements() as for_one:
                assert correct_everybody(session, home.id).corrections == 1
            stays = [move_in(session, home) for _ in range(6)]
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
