"""Two workers are never at one visit, one worker never at two, and nothing is kept twice.

Each race that a constraint decides has a twin that runs without it, and must then go wrong.
"""

from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from server import clock
from server.db import sessions
from server.db.acts import Act, Face, acting
from server.db.refusals import refusing
from server.homecare.visits import proving, receiving
from server.homecare.visits.cancelling import cancel_visit
from server.homecare.visits.errors import AtAnotherVisit, ElderHasAVisit, VisitNotSo
from server.homecare.visits.making import make_visits
from server.homecare.visits.models import CareVisit
from server.homecare.visits.proving import Told, code_of
from server.homecare.visits.receiving import Event, EventKind, receive
from tests.concurrency.racing import as_owner, look, race
from tests.factories.homecare import (
    make_home_bed,
    make_plan,
    make_provider,
    make_visit,
    make_worker,
)
from tests.factories.people import make_resident, make_sign_in

MANY = 16
TOMORROW = clock.today() + timedelta(days=1)
UNDER_WAY_TWICE = (
    "SELECT worker_id FROM visit_proof WHERE left_at IS NULL AND superseded_at IS NULL"
    " GROUP BY worker_id HAVING count(*) > 1"
)
VISITED_TWICE = """
    SELECT a.id FROM care_visit a JOIN care_visit b ON a.resident_id = b.resident_id AND a.id < b.id
     WHERE a.state <> 'cancelled' AND b.state <> 'cancelled' AND a.starts_at = b.starts_at
"""
CANCELLED_AND_PROVED = (
    "SELECT v.id FROM care_visit v JOIN visit_proof p ON p.visit_id = v.id"
    " WHERE v.state = 'cancelled'"
)


def an_arrival(visit_id, key=None):
    return Event(EventKind.ARRIVE, visit_id, Told(key or f"arrival-at-{visit_id}", clock.now()))


def send(token, events):
    """Send as the device that holds the token; returns what became of each."""
    with acting(Act(Face.PHONE, "tests", "test", token=token)):
        return _sent(events)


@sessions.in_transaction
def _sent(events, *, session):
    return [one.refusal.code if one.refusal else "kept" for one in receive(session, events)]


@pytest.fixture
def house(settle):
    """A provider's worker with a phone, and visits of hers that begin about now, elder by elder."""

    def make(session, visits=MANY):
        site = make_provider(session)
        beds = [make_home_bed(session, make_resident(session), site) for _ in range(visits)]
        worker = make_worker(session, beds[0])
        soon = clock.now() + timedelta(minutes=10)
        made = [
            make_visit(session, bed, worker, starts_at=soon + timedelta(minutes=5 * n), minutes=5)
            for n, bed in enumerate(beds)
        ]
        return make_sign_in(session, staff=worker), [visit.id for visit in made]

    return settle(make)


class TestOneWorker:
    def arrive_everywhere(self, house):
        token, visits = house
        return race(visits, lambda visit: send(token, [an_arrival(visit)])[0])

    def test_is_at_one_visit(self, own_city, house):
        outcomes = self.arrive_everywhere(house)

        assert outcomes == {"kept": 1, AtAnotherVisit.code: MANY - 1}
        assert look(own_city, UNDER_WAY_TWICE) == []

    def test_would_be_at_several_without_the_guard(self, own_city, house):
        as_owner(own_city, "DROP INDEX uq_visit_proof_one_under_way")

        assert self.arrive_everywhere(house)["kept"] > 1
        assert look(own_city, UNDER_WAY_TWICE) != []


class TestOneElder:
    @pytest.fixture
    def send_one(self, settle):
        """Sends one more worker to the same elder at the same time."""

        def make(session):
            bed = make_home_bed(session, make_resident(session), make_provider(session))
            return bed, [make_worker(session, bed) for _ in range(MANY)]

        bed, workers = settle(make)
        starts_at = datetime.combine(TOMORROW, time(9), clock.CITY)

        @sessions.in_transaction
        def send(worker, *, session):
            broken = {"ex_care_visit_one_visit_at_once": ElderHasAVisit()}
            with refusing(session, broken):
                make_visit(session, bed, worker, starts_at=starts_at)
            return "sent"

        return lambda: race(workers, send)

    def test_is_visited_by_one_at_once(self, own_city, platform, send_one):
        assert send_one() == {"sent": 1, ElderHasAVisit.__name__: MANY - 1}
        assert look(own_city, VISITED_TWICE) == []

    def test_would_be_visited_by_several_without_the_guard(self, own_city, platform, send_one):
        constraint = "ex_care_visit_one_visit_at_once"
        as_owner(own_city, f"ALTER TABLE care_visit DROP CONSTRAINT {constraint}")

        assert send_one()["sent"] > 1
        assert look(own_city, VISITED_TWICE) != []


class TestOneBatch:
    def batch(self, visit):
        leaving = Told(f"leaving-of-{visit}", clock.now() + timedelta(minutes=5))
        return [an_arrival(visit), Event(EventKind.LEAVE, visit, leaving)]

    def test_sent_by_many_tries_at_once_is_kept_once(self, own_city, house):
        token, [visit, *_] = house

        outcomes = race([visit] * MANY, lambda one: tuple(send(token, self.batch(one))))

        assert outcomes == {("kept", "kept"): MANY}
        assert look(own_city, "SELECT count(*) FROM visit_proof") == [(1,)]

    def test_two_devices_with_keys_of_their_own_are_not_both_believed(self, own_city, house):
        token, [visit, *_] = house
        keys = [f"device-{number:04d}" for number in range(MANY)]

        outcomes = race(keys, lambda key: send(token, [an_arrival(visit, key)])[0])

        assert outcomes == {"kept": 1, "visit-has-arrival": MANY - 1}


class TestTheEldersCode:
    """Five tries at a visit and day: the sixth is not even looked at, however many come at once."""

    TRIES_COUNTED = "SELECT coalesce(sum(count), 0) FROM throttle"

    def guess(self, house):
        token, [visit, *_] = house
        send(token, [an_arrival(visit)])
        wrong = f"{(int(code_of(visit)) + 1) % 10**6:06d}"

        def guess(number):
            told = Told(f"a-guess-{number:04d}", clock.now())
            return send(token, [Event(EventKind.CONFIRM, visit, told, code=wrong)])[0]

        return race(range(MANY), guess)

    def test_is_tried_five_times(self, own_city, house):
        assert self.guess(house) == {"visit-code-wrong": 5, "locked-out": MANY - 5}
        assert look(own_city, self.TRIES_COUNTED) == [(5,)]

    def test_would_be_compared_more_often_if_tries_did_not_wait(self, own_city, house, monkeypatch):
        monkeypatch.setattr(receiving, "hold_visits", lambda *_: {})
        monkeypatch.setattr(proving, "hold_visits", unlocked)

        self.guess(house)
        assert look(own_city, self.TRIES_COUNTED)[0][0] > 5


def unlocked(session, visit_ids):
    """The worker's visits as they are, with nobody waiting."""
    rows = session.execute(select(CareVisit).where(col(CareVisit.id).in_(visit_ids)))
    return {visit.id: visit for visit in rows.scalars()}


def test_arrival_beside_cancellation_is_one_or_the_other(own_city, platform, house):
    token, visits = house

    @sessions.in_transaction
    def cancel(visit, *, session):
        cancel_visit(session, visit, reason="老人外出")
        return "cancelled"

    def either(wish):
        visit, arrives = wish
        return send(token, [an_arrival(visit)])[0] if arrives else cancel(visit)

    as_owner(own_city, "DROP INDEX uq_visit_proof_one_under_way")
    outcomes = race([(visit, way) for visit in visits for way in (True, False)], either)

    assert outcomes["kept"] + outcomes["cancelled"] == MANY
    assert outcomes[VisitNotSo.code] + outcomes[VisitNotSo.__name__] == MANY
    assert look(own_city, CANCELLED_AND_PROVED) == []


def test_visits_are_made_once_however_many_make_them(own_city, platform, settle):
    def make(session):
        bed = make_home_bed(session, make_resident(session), make_provider(session))
        make_plan(session, bed, make_worker(session, bed), weekdays=[1, 2, 3, 4, 5, 6, 7])

    settle(make)

    @sessions.in_transaction
    def make_ahead(_, *, session):
        make_visits(session)
        return "made"

    assert race(range(8), make_ahead) == {"made": 8}
    assert look(own_city, "SELECT count(*) FROM care_visit") == [(14,)]
