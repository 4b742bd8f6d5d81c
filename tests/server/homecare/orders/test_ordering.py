"""Services are ordered, served, proved and redeemed; what pays for them is held by the database."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from server import clock
from server.errors import NotFound
from server.homecare.orders import lapsing
from server.homecare.orders.errors import (
    AllowanceLapsesBefore,
    AllowanceSpent,
    OrderedAlready,
    OrderNotSo,
    OrderTooEarly,
    OrderTooLate,
    ProviderNotServing,
)
from server.homecare.orders.models import OrderState
from server.homecare.orders.serving import assign, cancel_order, redeem
from server.homecare.visits.cancelling import cancel_visit
from server.homecare.visits.errors import NotAWorkerHere, OrderKeepsItsMonth, ServiceUnknown
from server.homecare.visits.models import HomeMonthClose, VisitState
from server.homecare.visits.roster import move_visit
from tests.factories.homecare import make_proof
from tests.factories.meals import make_site
from tests.factories.orders import make_allowance, make_order, this_month

pytestmark = pytest.mark.usefixtures("midmonth")


def used(session, allowance):
    """(reserved, redeemed) of a month's amount."""
    session.refresh(allowance)
    return allowance.reserved_fen, allowance.redeemed_fen


def state(session, order):
    session.refresh(order)
    return order.state


def prove(session, visit, **given):
    visit.state = VisitState.DONE
    return make_proof(session, visit, **given)


class TestOrdering:
    @pytest.mark.parametrize("far", ["2100-01-01T09:00+08:00", "9999-12-31T23:59-12:00"])
    def test_nobody_is_ordered_for_a_day_that_far_ahead(self, order, far):
        with pytest.raises(OrderTooEarly):
            order(starts_at=datetime.fromisoformat(far))

    def test_a_moment_before_all_days_has_gone_by(self, order):
        with pytest.raises(OrderTooLate):
            order(starts_at=datetime.fromisoformat("0001-01-01T00:00+14:00"))

    def test_both_pots_and_the_elder_pay_their_part(self, session, order, purse, voucher):
        placed = order("bathing")

        assert (placed.purchased_fen, placed.voucher_fen, placed.own_fen) == (6000, 1000, 1000)
        assert used(session, purse) == (6000, 0)
        assert used(session, voucher) == (1000, 0)

    def test_it_keeps_by_what_it_was_split(self, order, voucher):
        basis = order("bathing").basis

        assert basis["services"] == {"bathing": 8000}
        assert {one["value"] for one in basis["parameters"].values()} == {50, "down"}

    def test_without_an_amount_the_elder_pays_all(self, order):
        assert order().own_fen == 8000

    def test_what_is_left_of_the_month_bounds_the_voucher(self, session, order, elder):
        make_allowance(session, elder, amount_fen=1500)

        assert order().voucher_fen == 1500
        assert order(minutes=200).voucher_fen == 0

    def test_a_day_after_the_voucher_lapses_is_refused_with_its_dates(self, order, voucher):
        with pytest.raises(AllowanceLapsesBefore) as refused:
            order(minutes=60 * 24 * 25)

        assert refused.value.facts["opens_on"][-2:] == "01"
        assert refused.value.facts["until"] < refused.value.facts["opens_on"]

    def test_what_cannot_be_ordered_is_refused(self, session, order):
        with pytest.raises(ServiceUnknown):
            order("flying")
        with pytest.raises(OrderTooLate):
            order(minutes=-1)
        with pytest.raises(ProviderNotServing):
            order(site_id=make_site(session).id)
        with pytest.raises(NotFound):
            order(site_id=99_999)

    def test_a_second_tap_orders_nothing_more(self, session, order, voucher):
        at = clock.now() + timedelta(hours=1)
        order(starts_at=at)

        with pytest.raises(OrderedAlready):
            order(starts_at=at)
        assert used(session, voucher) == (4000, 0)


class TestServing:
    def test_it_is_redeemed_when_the_visit_is_left_and_confirmed(
        self, session, order, voucher, worker
    ):
        placed = order()
        visit = assign(session, placed.id, worker_id=worker.id)
        assert redeem(session) == 0
        prove(session, visit, confirmed_by="tap", confirmed_at=clock.now())

        assert (redeem(session, visit.id), redeem(session, visit.id)) == (1, 0)
        assert state(session, placed) is OrderState.REDEEMED
        assert used(session, voucher) == (0, 4000)

    def test_nothing_is_redeemed_that_nobody_confirmed(self, session, order, voucher, worker):
        placed = order()
        prove(session, assign(session, placed.id, worker_id=worker.id))

        assert redeem(session) == 0
        with pytest.raises(IntegrityError, match="without a proof"):
            session.execute(text("UPDATE care_order SET state = 'redeemed', closed_at = now()"))

    def test_a_stranger_is_not_sent(self, session, order):
        with pytest.raises(NotAWorkerHere):
            assign(session, order().id, worker_id=99_999)

    def test_calling_it_off_frees_what_it_reserved(self, session, order, voucher, worker):
        placed = order()
        visit = assign(session, placed.id, worker_id=worker.id)

        cancel_order(session, placed.id, reason="不需要了")
        cancel_order(session, placed.id, reason="不需要了")

        assert used(session, voucher) == (0, 0)
        session.refresh(visit)
        assert visit.state is VisitState.CANCELLED

    def test_a_provider_that_does_not_come_calls_the_order_off(
        self, session, order, voucher, worker
    ):
        placed = order()
        visit = assign(session, placed.id, worker_id=worker.id)

        cancel_visit(session, visit.id, reason="护理员生病")

        assert state(session, placed) is OrderState.CANCELLED
        assert used(session, voucher) == (0, 0)

    def test_whoever_is_being_served_calls_nothing_off(self, session, order, worker):
        placed = order()
        visit = assign(session, placed.id, worker_id=worker.id)
        visit.state = VisitState.UNDER_WAY
        session.flush()

        with pytest.raises(OrderNotSo):
            cancel_order(session, placed.id, reason="不需要了")

    def test_its_visit_is_not_moved_into_another_month(self, session, order, worker):
        visit = assign(session, order().id, worker_id=worker.id)

        with pytest.raises(OrderKeepsItsMonth):
            move_visit(
                session, visit.id, worker_id=worker.id,
                starts_at=visit.starts_at + timedelta(days=30),
            )  # fmt: skip

    def test_a_redeemed_order_stays_as_it_is(self, session, order, worker):
        placed = order()
        visit = assign(session, placed.id, worker_id=worker.id)
        prove(session, visit, confirmed_by="tap", confirmed_at=clock.now())
        redeem(session)

        with pytest.raises(OrderNotSo):
            cancel_order(session, placed.id, reason="不需要了")
        with pytest.raises(IntegrityError, match="closed"):
            session.execute(text("UPDATE care_order SET state = 'lapsed'"))


class TestLapsing:
    def test_nobody_was_sent(self, session, elder, site, voucher):
        gone = make_order(
            session, elder, site, starts_at=clock.now() - timedelta(days=1),
            voucher_fen=4000, voucher_id=voucher.id,
        )  # fmt: skip

        assert (lapsing.lapse_orders(session), lapsing.lapse_orders(session)) == (1, 0)
        assert state(session, gone) is OrderState.LAPSED
        assert used(session, voucher) == (0, 0)

    def test_in_a_closed_month_nothing_is_redeemed_any_more(
        self, session, order, site, voucher, worker
    ):
        placed = order()
        visit = assign(session, placed.id, worker_id=worker.id)
        prove(session, visit, confirmed_by="tap", confirmed_at=clock.now())
        session.add(HomeMonthClose(site_id=site.id, month=this_month(), closed_at=clock.now()))
        session.flush()

        assert redeem(session) == 0
        assert lapsing.lapse_orders(session) == 1
        assert state(session, placed) is OrderState.LAPSED


class TestTheDatabase:
    def test_holds_the_amount_whoever_orders(self, session, elder, site, voucher):
        with pytest.raises(IntegrityError, match="never_above_its_amount"):
            make_order(
                session, elder, site, bill_fen=90_000, voucher_fen=80_001, voucher_id=voucher.id
            )

    def test_an_amount_pays_for_its_own_month_alone(self, session, elder, site, voucher):
        with pytest.raises(IntegrityError, match="its own person and month"):
            make_order(
                session, elder, site, voucher_fen=100, voucher_id=voucher.id,
                starts_at=clock.now() + timedelta(days=40),
            )  # fmt: skip

    def test_a_ledger_of_every_part_is_kept(self, session, order, voucher):
        cancel_order(session, order().id, reason="不需要了")

        kinds = text("SELECT kind, amount_fen FROM care_allowance_entry ORDER BY id")
        assert [tuple(row) for row in session.execute(kinds)] == [
            ("reserved", 4000), ("freed", 4000),
        ]  # fmt: skip


def test_who_is_a_moment_late_is_told_so(session, order, elder, monkeypatch):
    make_allowance(session, elder, amount_fen=10)
    monkeypatch.setattr(
        "server.homecare.orders.quoting._left", lambda allowance: 10**6 if allowance else 0
    )

    with pytest.raises(AllowanceSpent):
        order()
