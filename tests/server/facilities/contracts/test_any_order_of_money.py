"""In whatever order a stay goes on, is put right, billed and paid, its bills sum to its nights."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from server import clock
from server.errors import DomainError
from server.facilities.contracts import rules, service, settling
from server.facilities.contracts.billing import bill_everybody
from server.facilities.contracts.correcting import correct_everybody
from server.facilities.contracts.differences import stand_of
from server.facilities.contracts.due import list_due_at
from server.facilities.contracts.errors import NothingToBill
from server.facilities.contracts.queries import (
    lines_billed,
    list_contracts,
    list_corrections,
    list_nights,
)
from server.facilities.models import EndReason, StayStatus
from server.facilities.stays.ending import discharge
from server.facilities.stays.moving import come_back, go_on_leave, go_to_hospital
from server.residents.departures.models import DepartureKind
from server.residents.departures.service import report_departure, reverse_departure
from tests.factories.contracts import MARCH, MONTH, balances, last_departure, move_in, on
from tests.factories.meals import make_site

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


@pytest.mark.long
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.integers(0, 3 * MONTH), st.lists(a_step, min_size=6, max_size=12))
def test_a_month_comes_to_what_a_fresh_bill_of_it_would(session, paid, steps):
    with session.begin_nested() as unkept:
        life, today = Life(session, move_in(session, make_site(session))), date(2026, 4, 2)
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
