"""Whatever is done to orders, and in which order: parts are the bill, and nothing is overspent."""

from datetime import datetime, time, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from server import clock
from server.errors import DomainError
from server.facilities.referrals.models import RequestedBy
from server.homecare.orders.departures import end_orders
from server.homecare.orders.lapsing import lapse_orders
from server.homecare.orders.ordering import place_order
from server.homecare.orders.serving import assign, cancel_order, redeem
from server.homecare.visits.models import CareVisit, VisitState
from server.homecare.vouchers.models import Programme
from server.identity.models import Role
from server.residents.departures.events import Departed, Journal, ResidentsDeparted
from server.residents.departures.models import DepartureKind
from tests.factories.homecare import make_proof, make_provider
from tests.factories.orders import make_allowance
from tests.factories.people import make_resident, make_staff

SERVICES = ("bathing", "cooking", "outing", "company")
KEPT = text(
    """
    SELECT bool_and(a.reserved_fen + a.redeemed_fen <= a.amount_fen)
           AND bool_and(a.reserved_fen = coalesce(o.held, 0))
           AND bool_and(a.redeemed_fen = coalesce(o.redeemed, 0))
           AND bool_and(a.reserved_fen + a.redeemed_fen = coalesce(e.used, 0))
      FROM care_allowance a
      LEFT JOIN LATERAL (
          SELECT sum(CASE a.id WHEN c.voucher_id THEN c.voucher_fen ELSE c.purchased_fen END)
                     FILTER (WHERE c.closed_at IS NULL) AS held,
                 sum(CASE a.id WHEN c.voucher_id THEN c.voucher_fen ELSE c.purchased_fen END)
                     FILTER (WHERE c.state = 'redeemed') AS redeemed
            FROM care_order c WHERE a.id IN (c.voucher_id, c.purchased_id)) o ON true
      LEFT JOIN LATERAL (
          SELECT sum(CASE l.kind WHEN 'reserved' THEN l.amount_fen
                                 WHEN 'freed' THEN -l.amount_fen ELSE 0 END) AS used
            FROM care_allowance_entry l WHERE l.allowance_id = a.id) e ON true
    """
)
PARTS = text(
    "SELECT count(*) FROM care_order WHERE purchased_fen + voucher_fen + own_fen <> bill_fen"
)
DEEDS = st.lists(
    st.one_of(
        st.tuples(st.just("order"), st.integers(0, 40), st.sampled_from(SERVICES)),
        st.tuples(st.sampled_from(["assign", "cancel", "prove", "confirm"]), st.integers(0, 5)),
        st.tuples(st.sampled_from(["redeem", "next_day", "lapse", "die"])),
    ),
    min_size=4,
    max_size=14,
)


class House:
    """One elder with both pots, a provider with a worker, and what was ordered so far."""

    def __init__(self, session, traveller):
        self.session, self.traveller, self.orders = session, traveller, []
        self.elder, self.site = make_resident(session), make_provider(session)
        self.worker = make_staff(session, Role.CARE_WORKER, site_id=self.site.id)
        make_allowance(session, self.elder, amount_fen=9_000)
        make_allowance(session, self.elder, Programme.PURCHASED, amount_fen=7_000)

    def do(self, deed, *given):
        try:
            with self.session.begin_nested():
                getattr(self, deed)(*given)
        except DomainError:
            self.session.expire_all()

    def order(self, hours, service):
        placed = place_order(
            self.session, resident_id=self.elder.id, site_id=self.site.id, services=[service],
            starts_at=clock.now() + timedelta(hours=1 + hours), requested_by=RequestedBy.SELF,
        )  # fmt: skip
        self.orders.append(placed.id)

    def assign(self, number):
        if self.orders:
            order_id = self.orders[number % len(self.orders)]
            assign(self.session, order_id, worker_id=self.worker.id)

    def cancel(self, number):
        if self.orders:
            order_id = self.orders[number % len(self.orders)]
            cancel_order(self.session, order_id, reason="不要了")

    def prove(self, number):
        self._proof(number, confirmed_by=None, confirmed_at=None)

    def confirm(self, number):
        self._proof(number, confirmed_by="tap", confirmed_at=clock.now())

    def redeem(self):
        redeem(self.session)

    def lapse(self):
        lapse_orders(self.session)

    def next_day(self):
        self.traveller.shift(timedelta(days=1))

    def die(self):
        gone = Departed(1, self.elder.id, DepartureKind.DIED, clock.today())
        end_orders(self.session, ResidentsDeparted([gone], clock.now(), Journal()))

    def _proof(self, number, **given):
        visits = text("SELECT id FROM care_visit WHERE state = 'planned' ORDER BY id")
        found = list(self.session.execute(visits).scalars())
        if found:
            visit = self.session.get(CareVisit, found[number % len(found)])
            visit.state = VisitState.DONE
            make_proof(self.session, visit, **given)


@settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(deeds=DEEDS)
def test_what_is_reserved_and_redeemed_stays_within_the_amounts(session, time_machine, deeds):
    day = clock.today().replace(day=10)
    time_machine.move_to(datetime.combine(day, time(8), clock.CITY))
    outer = session.begin_nested()
    house = House(session, time_machine)
    for deed in deeds:
        house.do(*deed)
        assert session.execute(KEPT).scalar_one() is True
        assert session.execute(PARTS).scalar_one() == 0
    outer.rollback()
