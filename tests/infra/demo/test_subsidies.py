"""The demo's subsidies: runs at every stage, one paid and taken back in part, and the desk."""

import pytest
from sqlalchemy import text

from infra.demo.audited import is_desk_there
from infra.demo.subsidies import are_runs_there, on_day
from server import clock
from server.db.acts import Act, Face, acting
from server.db.sessions import transaction

PLATFORM = Act(Face.COMMAND, "tests", "test", service=True)
STAGES = text("SELECT DISTINCT stage FROM subsidy_run WHERE kind = 'regular'")
OWED = text("SELECT amount_fen FROM subsidy_recovery")
STATES = text("SELECT DISTINCT state FROM finding WHERE starts_with(kind, 'subsidy_')")
LOOKED_AT = text("SELECT count(confirmed_at) FROM audit_sample_line")
CLAIMS = text("SELECT state FROM subsidy_claim ORDER BY id")
NOTICES = text("SELECT count(*), count(ended_at) FROM subsidy_notice")


@pytest.fixture
def looking(demo):
    with acting(PLATFORM), transaction(writes=False) as session:
        yield session


def test_runs_stand_at_every_stage(looking):
    stages = set(looking.execute(STAGES).scalars())
    assert stages >= {"computed", "in_approval", "approved", "in_notice", "payable", "paid"}
    assert are_runs_there(looking)


def test_what_was_paid_too_much_is_owed(looking):
    assert [row.amount_fen > 0 for row in looking.execute(OWED)] == [True]


def test_findings_are_in_all_states_and_the_sample_was_looked_at(looking):
    states = set(looking.execute(STATES).scalars())
    assert states >= {"open", "true", "false_alarm", "recovering", "closed"}
    assert looking.execute(LOOKED_AT).scalar_one() > 0
    assert is_desk_there(looking)


def test_a_claim_was_handed_in_and_one_notice_still_stands(looking):
    assert "at_county" in looking.execute(CLAIMS).scalars().all()
    all_of_them, ended = looking.execute(NOTICES).one()
    assert all_of_them == ended + 1


def test_a_day_that_was_is_left_again():
    before = clock.today()

    with on_day(before.replace(year=before.year - 1)):
        assert clock.today().year == before.year - 1

    assert clock.today() == before
