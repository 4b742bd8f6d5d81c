"""A month's amount is never exceeded, however many order at once.

The race that the constraint decides has a twin that runs without it, and must then go wrong.
"""

from datetime import timedelta

import pytest

from server import clock
from server.db import sessions
from server.db.acts import Act, Face, acting
from server.homecare.orders.serving import assign, cancel_order, redeem
from server.homecare.vouchers.issuing import issue_allowances
from tests.concurrency.racing import as_owner, look, race
from tests.factories.homecare import make_proof, make_provider
from tests.factories.orders import make_allowance, make_entitlement, make_order
from tests.factories.people import make_resident, make_staff

MANY = 16
PLATFORM = Act(Face.COMMAND, "tests", "test", service=True)
OVERSPENT = "SELECT id FROM care_allowance WHERE reserved_fen + redeemed_fen > amount_fen"
UNCOUNTED = """
    SELECT a.id FROM care_allowance a LEFT JOIN care_order o ON o.voucher_id = a.id
     GROUP BY a.id, a.reserved_fen, a.redeemed_fen
    HAVING a.reserved_fen <> coalesce(sum(o.voucher_fen) FILTER (WHERE o.closed_at IS NULL), 0)
        OR a.redeemed_fen <> coalesce(sum(o.voucher_fen) FILTER (WHERE o.state = 'redeemed'), 0)
"""
ISSUED_TWICE = "SELECT resident_id FROM care_allowance GROUP BY resident_id HAVING count(*) > 1"


def by_itself(do):
    """Run in a transaction of its own, as the platform."""

    @sessions.in_transaction
    def done(*, session):
        return do(session)

    with acting(PLATFORM):
        return done()


class TestOneVoucher:
    """Sixteen orders of 200 yuan each, at different hours, and a voucher of 800."""

    @pytest.fixture
    def house(self, settle):
        def make(session):
            elder, site = make_resident(session), make_provider(session)
            return elder, site, make_allowance(session, elder).id

        return settle(make)

    def order_at_once(self, house):
        elder, site, voucher_id = house

        def order(number):
            begins = clock.now() + timedelta(minutes=1 + number)
            given = {"starts_at": begins, "service_on": clock.today()}
            parts = {"bill_fen": 40_000, "voucher_fen": 20_000, "voucher_id": voucher_id}
            by_itself(lambda session: make_order(session, elder, site, **given, **parts))
            return "ordered"

        return race(range(MANY), order)

    def test_pays_for_four(self, own_city, house):
        assert self.order_at_once(house) == {"ordered": 4, "IntegrityError": MANY - 4}
        assert look(own_city, OVERSPENT) == []
        assert look(own_city, UNCOUNTED) == []

    def test_would_pay_for_all_without_the_guard(self, own_city, house):
        guard = "ck_care_allowance_never_above_its_amount"
        as_owner(own_city, f"ALTER TABLE care_allowance DROP CONSTRAINT {guard}")

        assert self.order_at_once(house) == {"ordered": MANY}
        assert look(own_city, OVERSPENT) != []


def test_a_month_is_issued_once_by_two_schedulers(own_city, settle):
    settle(lambda session: [make_entitlement(session, make_resident(session, born_on=BORN),
                                             "purchased") for _ in range(3)])  # fmt: skip

    issued = race(range(4), lambda _: by_itself(issue_allowances))

    assert sum(number * times for number, times in issued.items()) == 3
    assert look(own_city, ISSUED_TWICE) == []


BORN = clock.today().replace(day=1) - timedelta(days=365 * 95)


def test_a_proof_beside_a_cancellation_redeems_or_frees_and_never_both(own_city, settle):
    def make(session):
        site, elder = make_provider(session), make_resident(session)
        worker = make_staff(session, "care_worker", site_id=site.id)
        voucher_id = make_allowance(session, elder).id
        begins = clock.now() + timedelta(minutes=1)
        order = make_order(
            session, elder, site, starts_at=begins, voucher_fen=4000, voucher_id=voucher_id
        )
        visit = assign(session, order.id, worker_id=worker.id)
        make_proof(session, visit, confirmed_by="tap", confirmed_at=clock.now())
        return order.id

    order_id = settle(make)
    deeds = [redeem, lambda session: cancel_order(session, order_id, reason="不要了") and 1]

    race(range(8), lambda number: by_itself(deeds[number % 2]))

    states = look(own_city, "SELECT state, count(*) FROM care_order GROUP BY state")
    kinds = look(own_city, "SELECT count(*) FROM care_allowance_entry WHERE kind <> 'reserved'")
    assert len(states) == 1
    assert kinds == [(1,)]
    assert look(own_city, UNCOUNTED) == []
