"""The demo's subsidies: runs at every stage, one paid and taken back in part, and the desk."""

import pytest
from sqlalchemy import text, true

from infra.demo.audited import is_desk_there
from infra.demo.subsidies import are_runs_there, on_day
from server import clock
from server.db.acts import Act, Face, acting
from server.db.sessions import transaction
from server.subsidies.facts.evidence import get_case, list_beneath
from server.subsidies.reckoning.comparing import Turn, compare

PLATFORM = Act(Face.COMMAND, "tests", "test", service=True)
STAGES = text("SELECT DISTINCT stage FROM subsidy_run WHERE kind = 'regular'")
OWED = text("SELECT amount_fen FROM subsidy_recovery")
STATES = text("SELECT DISTINCT state FROM finding WHERE starts_with(kind, 'subsidy_')")
LOOKED_AT = text("SELECT count(confirmed_at) FROM audit_sample_line")
CLAIMS = text("SELECT state FROM subsidy_claim ORDER BY id")
OBJECTIONS = text("SELECT is_upheld FROM subsidy_objection ORDER BY id")
HELD = text("SELECT held_for FROM subsidy_held_line WHERE put_back_at IS NULL")
TRIAL = text("SELECT of_run_id, id FROM subsidy_run WHERE kind = 'what_if' AND stage = 'computed'")
CAME_BACK = text(
    "SELECT r.received_fen > 0 AND r.received_fen < r.amount_fen, d.state FROM subsidy_recovery r"
    " JOIN subsidy_recovery_decision d ON d.recovery_id = r.id"
)
MEAL_LINE = text(
    "SELECT l.run_id, l.number FROM subsidy_line l JOIN subsidy_run r ON r.id = l.run_id"
    " WHERE r.programme = 'meals' AND l.outcome = 'due' ORDER BY l.number"
)
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


def test_an_objection_was_right_one_was_not_and_one_waits(looking):
    assert looking.execute(OBJECTIONS).scalars().all() == [True, False, None]
    assert looking.execute(HELD).scalars().all() == ["objection"]


def test_other_figures_were_tried_and_some_gain_and_some_lose(looking):
    run_id, trial = looking.execute(TRIAL).one()
    turns = compare(looking, run_id, trial, true()).turns

    assert {Turn.GAINS, Turn.LOSES} <= set(turns)


def test_some_of_what_is_owed_came_back_and_time_is_asked_for_the_rest(looking):
    assert looking.execute(CAME_BACK).all() == [(True, "asked")]


def test_a_meal_leads_to_its_collection_record(looking):
    line = looking.execute(MEAL_LINE).first()
    source, case = get_case(looking, line.run_id, line.number)

    assert {one.kind for one in list_beneath(looking, source, case).rows} == {"booking"}


def test_a_day_that_was_is_left_again():
    before = clock.today()

    with on_day(before.replace(year=before.year - 1)):
        assert clock.today().year == before.year - 1

    assert clock.today() == before
