"""Several who put one run right in the same moment: everybody's difference is made once."""

import time
from datetime import date

import pytest
from sqlalchemy import text

from server.db import sessions
from server.db.acts import Act, Face, acting
from server.errors import DomainError
from server.subsidies.differences import service
from tests.admin.subsidy_differences.conftest import dies, elder, make_home
from tests.concurrency.racing import look, race
from tests.factories.differences import reckoned_run
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
