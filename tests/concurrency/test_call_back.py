"""Two callers never ring the same person up: a call is in one pair of hands."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from server import clock
from server.db import sessions
from server.db.acts import Act, Face, acting
from server.homecare.callbacks.calling import take_next
from server.homecare.callbacks.drawing import draw_sample
from server.identity.models import Role
from tests.concurrency.racing import as_owner, look, race
from tests.factories.homecare import (
    make_home_bed,
    make_proof,
    make_provider,
    make_visit,
    make_worker,
)
from tests.factories.people import make_resident, make_sign_in, make_staff

CALLERS, CALLS = 12, 8
COUNTY = "140502"
TAKEN_TWICE = "SELECT call_id FROM call_try GROUP BY call_id, number HAVING count(*) > 1"
BLIND = text(
    "INSERT INTO call_try (call_id, number, staff_id, taken_at)"
    " SELECT c.id, c.tries + 1, :staff, :now FROM call_back c ORDER BY c.id LIMIT 1"
)


def take(wish):
    token, sample = wish
    with acting(Act(Face.CONSOLE, "tests", "test", token=token)):
        _take(sample)
    return "taken"


@sessions.in_transaction
def _take(sample, *, session):
    return take_next(session, sample)


@pytest.fixture
def desks(settle):
    """Twelve callers, and a sample with eight calls: one visit of each of eight providers."""

    def make(session):
        month = (clock.today().replace(day=1) - timedelta(days=1)).replace(day=1)
        for _ in range(CALLS):
            bed = make_home_bed(session, make_resident(session), make_provider(session))
            make_proof(session, make_visit(session, bed, make_worker(session, bed), on=month))
        sample = draw_sample(session, month, prefix=COUNTY, seed="a seed").id
        offices = [
            make_staff(session, Role.COUNTY_OFFICER, division_code=COUNTY) for _ in range(CALLERS)
        ]
        return [(make_sign_in(session, staff=one), sample) for one in offices]

    return settle(make)


def test_twelve_callers_share_eight_calls(own_city, desks):
    outcomes = race(desks, take)

    assert outcomes == {"taken": CALLS, "NoCallWaits": CALLERS - CALLS}
    assert look(own_city, "SELECT count(DISTINCT held_by) FROM call_back") == [(CALLS,)]
    assert look(own_city, TAKEN_TWICE) == []


class TestPastTheDesk:
    """Plain inserts at the first call, without a look at who has it."""

    @pytest.fixture
    def wishes(self, own_city, desks):
        return [row[0] for row in look(own_city, "SELECT id FROM staff ORDER BY id")][:CALLERS]

    @sessions.in_transaction
    def insert(self, staff_id, *, session):
        session.connection().execute(BLIND, {"staff": staff_id, "now": clock.now()})
        return "taken"

    def test_one_try_counts(self, own_city, platform, wishes):
        outcomes = race(wishes, self.insert)

        assert outcomes["taken"] == 1

    def test_without_the_constraint_several_ring(self, own_city, platform, wishes):
        as_owner(own_city, "ALTER TABLE call_try DROP CONSTRAINT uq_call_try_call_id_number")

        assert race(wishes, self.insert)["taken"] > 1
        assert look(own_city, TAKEN_TWICE) != []
