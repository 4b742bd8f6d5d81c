"""One entitlement holds for a period, and no month stands in two claims, whoever comes at once.

Each race that a constraint decides has a twin that runs without it, and must then go wrong.
"""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import insert

from server import clock
from server.caregivers.allowances.claiming import hand_in
from server.caregivers.allowances.models import CaregiverEntitlement
from server.caregivers.allowances.reckoning import entitlement_of, reckon
from server.caregivers.allowances.terms import Programme
from server.db import sessions
from server.db.acts import Act, Face, acting
from server.db.tables import table_of
from tests.concurrency.racing import as_owner, look, race
from tests.factories.allowances import IN_JULY, MONTHS, make_complete
from tests.server.caregivers.allowances.cases import month_of, somebody

MANY = 12
PLATFORM = Act(Face.COMMAND, "tests", "test", service=True)
HOLDS_TWICE = """
    SELECT period FROM caregiver_entitlement WHERE superseded_at IS NULL
     GROUP BY caregiver_id, programme, period HAVING count(*) > 1
"""
CLAIMED_TWICE = """
    SELECT period FROM allowance_claim_line WHERE is_live
     GROUP BY caregiver_id, programme, period HAVING count(*) > 1
"""
CLAIMS = "SELECT id FROM allowance_claim"


@pytest.fixture(autouse=True)
def in_july():
    with time_machine.travel(IN_JULY, tick=False):
        yield


@pytest.fixture
def caregiver(settle):
    return settle(make_complete).id


def by_itself(do):
    """Run in a transaction of its own, as the platform."""

    @sessions.in_transaction
    def done(*, session):
        return do(session)

    with acting(PLATFORM):
        return done()


def put_june(caregiver):
    """Write an entitlement down as it stands, without asking what holds already."""
    verdict = month_of(somebody(certificates=[{"level": 3, "issued_on": "2022-01-10"}]), MONTHS[-1])

    def put(session):
        site = session.execute(table_of(CaregiverEntitlement).select()).first().site_id
        row = entitlement_of(caregiver, verdict) | {"site_id": site, "period": "2026-12"}
        session.execute(
            insert(table_of(CaregiverEntitlement)), [row | {"reckoned_at": clock.now()}]
        )
        return "written"

    return lambda _wish: by_itself(put)


def test_many_who_reckon_at_once_write_each_period_once(own_city, caregiver):
    def run(_wish):
        return by_itself(lambda session: reckon(session, [caregiver], MONTHS))

    outcomes = race(range(MANY), run)

    assert sum(number for number in outcomes if number) == 6 + 3
    assert look(own_city, HOLDS_TWICE) == []


def test_one_entitlement_holds_for_a_period(own_city, caregiver):
    by_itself(lambda session: reckon(session, [caregiver], MONTHS))

    outcomes = race(range(MANY), put_june(caregiver))

    assert outcomes["written"] == 1
    assert look(own_city, HOLDS_TWICE) == []


def test_without_the_index_two_would_hold(own_city, caregiver):
    by_itself(lambda session: reckon(session, [caregiver], MONTHS))
    as_owner(own_city, "DROP INDEX uq_caregiver_entitlement_one_holds")

    race(range(MANY), put_june(caregiver))

    assert look(own_city, HOLDS_TWICE) != []


def test_many_who_claim_at_once_claim_once(own_city, caregiver):
    def run(_wish):
        def claim(session):
            hand_in(session, caregiver_id=caregiver, programme=Programme.POST_ALLOWANCE)
            return "claimed"

        return by_itself(claim)

    outcomes = race(range(MANY), run)

    assert outcomes["claimed"] == 1
    assert len(look(own_city, CLAIMS)) == 1
    assert look(own_city, CLAIMED_TWICE) == []


def test_later_facts_and_a_claim_at_once_leave_one_that_holds(own_city, caregiver):
    later = IN_JULY + timedelta(minutes=5)

    def run(wish):
        def both(session):
            if wish % 2:
                reckon(session, [caregiver], MONTHS)
                return "reckoned"
            hand_in(session, caregiver_id=caregiver, programme=Programme.ENTRY_REWARD)
            return "claimed"

        return by_itself(both)

    with time_machine.travel(later, tick=False):
        outcomes = race(range(MANY), run)

    assert outcomes["claimed"] == 1
    assert look(own_city, HOLDS_TWICE) == []
