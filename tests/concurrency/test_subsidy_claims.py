"""A period is claimed once, nobody has two parts, and an office approves a run once.

Each race that a constraint decides has a twin that runs without it, and must then go wrong.
"""

import pytest

from server.db import sessions
from server.db.acts import Act, Face, acting
from server.identity.models import Role
from server.subsidies.approvals import reviewing
from server.subsidies.approvals.approving import approve_next
from server.subsidies.claims import deciding
from server.subsidies.claims.asking import hand_in
from server.subsidies.claims.looking import look
from server.subsidies.claims.models import SubsidyClaim
from server.subsidies.claims.writing import wanted_of
from server.subsidies.models import SubsidyRun
from tests.concurrency.racing import as_owner, race
from tests.concurrency.racing import look as read
from tests.factories.assessments import Office
from tests.factories.claims import COUNTY, in_february, make_cases, make_claim, make_claimed
from tests.factories.meals import make_site
from tests.factories.subsidies import make_run, make_version

MANY = 12
PLATFORM = Act(Face.COMMAND, "tests", "test", service=True)
LIVE = "SELECT id FROM subsidy_claim WHERE state NOT IN ('refused', 'withdrawn')"
YES = "SELECT id FROM subsidy_review_step WHERE step = 'press'"
PARTS = """
    SELECT staff_id FROM subsidy_claim_step WHERE step IN ('pass', 'accept')
     GROUP BY staff_id HAVING count(DISTINCT part) > 1
"""
WITHOUT_HANDS = (
    "ALTER TABLE subsidy_claim_step DROP CONSTRAINT fk_subsidy_claim_step_hand,"
    " DROP CONSTRAINT fk_subsidy_claim_step_for_hand"
)


@pytest.fixture(autouse=True)
def february():
    with in_february(tick=True):
        yield


@pytest.fixture
def site(settle):
    def make(session):
        site = make_site(session)
        make_cases(session, site, version=make_claimed(session))
        return site

    return settle(make)


@pytest.fixture
def claim_id(settle, site):
    def make(session):
        return hand_in(session, make_claim(session, site).id).id

    return settle(make)


@pytest.fixture
def officer(settle):
    return settle(lambda session: Office(session, Role.COUNTY_OFFICER, COUNTY))


@pytest.fixture
def approvers(settle):
    return settle(lambda session: [Office(session, Role.APPROVER, "1405") for _ in range(MANY)])


@pytest.fixture
def review_id(settle):
    def make(session):
        run = make_run(session, [{}, {}], version=make_version(session))
        return reviewing.submit_run(session, run.id).id

    return settle(make)


def begin(site):
    def run(_wish):
        with acting(PLATFORM), sessions.transaction() as session:
            make_claim(session, site, papers=False)
            return "begun"

    return run


def test_a_period_is_claimed_once_whoever_comes_at_once(own_city, site):
    outcomes = race(range(MANY), begin(site))

    assert outcomes == {"begun": 1, "IsClaimedAlready": MANY - 1}
    assert len(read(own_city, LIVE)) == 1


def test_without_the_index_it_would_be_claimed_often(own_city, site):
    as_owner(own_city, "DROP INDEX uq_subsidy_claim_one_live")

    race(range(MANY), begin(site))

    assert len(read(own_city, LIVE)) > 1


def agree_twice(officer, claim_id):
    """As if the service asked nothing about hands: the town's yes, then the county's."""

    def agree():
        with officer.at_work() as session:
            claim = session.get(SubsidyClaim, claim_id)
            seen = look(session, wanted_of(session, [claim])[0]).digest.hex()
            deciding.let_through(session, claim_id, seen=seen)
            return "agreed"

    return [_outcome(agree), _outcome(agree)]


def _outcome(do):
    try:
        return do()
    except Exception as refusal:
        return type(refusal).__name__


@pytest.fixture
def unasked(monkeypatch):
    monkeypatch.setattr(deciding, "_office", lambda _, claim: deciding.Office(COUNTY))


def test_nobody_has_two_parts_though_the_service_forgot(own_city, unasked, officer, claim_id):
    assert agree_twice(officer, claim_id) == ["agreed", "HasAPart"]
    assert read(own_city, PARTS) == []


def test_without_the_key_of_hands_one_would_have_two(own_city, unasked, officer, claim_id):
    as_owner(own_city, WITHOUT_HANDS)

    assert agree_twice(officer, claim_id) == ["agreed", "agreed"]
    assert read(own_city, PARTS) != []


def press(approvers, review_id):
    def run(wish):
        with approvers[wish].at_work() as session:
            reviewing.sign_run(session, review_id, control_fen=60000)
            return "pressed"

    return run


def test_of_many_approvers_one_has_the_last_word(own_city, approvers, review_id):
    outcomes = race(range(MANY), press(approvers, review_id))

    assert outcomes == {"pressed": 1, "SignedAlready": MANY - 1}
    assert len(read(own_city, YES)) == 1


def test_the_lock_alone_would_let_one_have_it(own_city, approvers, review_id):
    as_owner(own_city, "DROP INDEX uq_subsidy_review_step_once")

    race(range(MANY), press(approvers, review_id))

    assert len(read(own_city, YES)) == 1


def unlocked(session, run_id, stage):
    return session.get_one(SubsidyRun, run_id)


def test_without_the_index_and_the_lock_several_would_have_it(
    own_city, approvers, review_id, monkeypatch
):
    as_owner(own_city, "DROP INDEX uq_subsidy_review_step_once")
    monkeypatch.setattr(reviewing, "_hold_review", reviewing.get_review)
    monkeypatch.setattr(reviewing, "hold_run", unlocked)

    race(range(MANY), press(approvers, review_id))

    assert len(read(own_city, YES)) > 1


def test_two_workers_approve_a_run_once(own_city, approvers, review_id):
    press(approvers, review_id)(0)

    def work(_wish):
        with acting(PLATFORM), sessions.transaction() as session:
            return "went on" if approve_next(session, review_id) else "nothing"

    race(range(MANY), work)
    work(0)
    work(0)

    assert read(own_city, "SELECT state FROM subsidy_review") == [("approved",)]
    assert read(own_city, "SELECT lines, total_fen FROM subsidy_approval_slice") == [(2, 60000)]
