"""Several who put one run right in the same moment: everybody's difference is made once."""

import time
from datetime import date

import pytest
from sqlalchemy import text

from server.db import sessions
from server.db.acts import Act, Face, acting
from server.errors import DomainError
from server.subsidies.differences import service
from server.subsidies.reckoning import service as reckoning
from server.subsidies.reckoning.service import go_on
from tests.admin.subsidy_differences.conftest import dies, elder, make_home
from tests.concurrency.racing import look, race
from tests.factories.differences import reckoned_run
from tests.factories.reckoning import make_cases
from tests.factories.subsidies import make_version

MANY = 6
PLATFORM = Act(Face.COMMAND, "tests", "test", service=True)
MADE = "SELECT sum(amount_fen)::bigint FROM subsidy_line WHERE of_run_id IS NOT NULL"


@pytest.fixture
def run_id(settle):
    """Somebody died in the first of two months that were paid."""

    def make(session):
        one = elder(session, make_home(session))
        run = reckoned_run(session, make_version(session), months=2)
        dies(session, one, date(2026, 1, 10))
        return run.id

    return settle(make)


def put_right(run_id):
    with acting(PLATFORM), sessions.transaction() as session:
        try:
            service.start(session, run_id)
        except DomainError as refusal:
            return refusal.code
        time.sleep(0.3)
        return "made"


def test_one_of_those_who_put_a_run_right_at_once_does_so(own_city, run_id):
    outcomes = race([run_id] * MANY, put_right, threads=MANY)

    assert outcomes == {"made": 1, "nothing-to-correct": MANY - 1}
    assert look(own_city, MADE) == [(-60_000,)]


def test_if_they_did_not_wait_for_one_another_it_would_be_taken_back_twice(
    own_city, run_id, monkeypatch
):
    monkeypatch.setattr(service, "HOLD_FAMILY", text("SELECT CAST(:family AS bigint)"))

    assert race([run_id] * MANY, put_right, threads=MANY)["made"] > 1
    assert look(own_city, MADE)[0][0] < -60_000


GIVEN_TWICE = """
    SELECT l.beneficiary_id FROM subsidy_line l JOIN subsidy_run r ON r.id = l.run_id
     WHERE l.outcome = 'due' AND r.stage <> 'discarded'
     GROUP BY l.family_no, l.beneficiary_id, l.month, l.part HAVING sum(l.amount_fen) > 30000
"""


@pytest.fixture
def late(settle):
    """An elder of whom nobody knew in the city's January, and another run with the same case."""

    def make(session):
        version, home = make_version(session), make_home(session)
        elder(session, home)
        run = reckoned_run(session, version)
        new = elder(session, home)
        whose = {"beneficiary_id": new.id, "resident_id": new.id, "site_id": home.id}
        return run.id, make_cases(session, [whose], version=version).id

    return settle(make)


def both_at_once(late):
    """One puts the run right, another reckons a slice of the other run, in the same moment."""

    def correct(session):
        made = service.start(session, late[0])
        time.sleep(1)
        return made.kind.value

    def reckon(session):
        time.sleep(0.3)
        done = go_on(session, late[1])
        time.sleep(1)
        return "reckoned" if done else "waits"

    def act(do):
        with acting(PLATFORM), sessions.transaction() as session:
            return do(session)

    return race([correct, reckon], act, threads=2)


def to_the_end(run_id):
    with acting(PLATFORM), sessions.transaction() as session:
        while go_on(session, run_id):
            pass


def test_nobody_has_a_month_from_a_run_and_a_correction_of_the_same_moment(own_city, late):
    assert both_at_once(late) == {"difference": 1, "waits": 1}
    to_the_end(late[1])

    assert look(own_city, GIVEN_TWICE) == []


def test_if_the_slice_did_not_wait_the_month_would_be_given_twice(own_city, late, monkeypatch):
    nobody = text("SELECT CAST(:family AS bigint) IS NOT NULL")
    monkeypatch.setattr(reckoning, "BESIDE_OTHERS", nobody)

    assert both_at_once(late) == {"difference": 1, "reckoned": 1}
    assert len(look(own_city, GIVEN_TWICE)) == 1
