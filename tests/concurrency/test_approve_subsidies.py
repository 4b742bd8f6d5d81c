"""A run is signed while somebody holds a line out, gives it back, or lets it go: never both.

Each race has a twin without the lock, which must then go wrong.
"""

import time
from threading import Event

import pytest

from server.db import sessions
from server.db.acts import Act, Face, acting
from server.identity.models import Role
from server.subsidies.approvals import reviewing
from server.subsidies.models import RunStage
from server.subsidies.payments.making import make_batch
from server.subsidies.reckoning.service import discard, get_run
from tests.concurrency.racing import look, race
from tests.factories.meals import make_site
from tests.factories.people import make_sign_in, make_staff
from tests.factories.subsidies import make_run
from tests.factories.subsidy_money import give_account, make_budget, make_payable

TOTAL = 60_000
# A last word whose control total is not that of the lines that would be paid.
STUCK = """
    SELECT w.id FROM subsidy_review w
     WHERE w.state = 'approving' AND w.control_fen <> (
           SELECT sum(l.amount_fen) FROM subsidy_line l
            WHERE l.run_id = w.run_id AND NOT is_held_out(l.run_id, l.number))
"""
PLATFORM = Act(Face.COMMAND, "tests", "test", service=True)


def at_work(token, do):
    @sessions.in_transaction
    def done(*, session):
        return do(session)

    with acting(Act(Face.CONSOLE, "tests", "test", token=token)):
        return done()


@pytest.fixture
def desk(settle):
    """A run of two lines that waits for the city's word, and two who may say it."""

    def make(session):
        run = make_run(session, [{}, {}])
        review = reviewing.submit_run(session, run.id)
        approvers = (make_staff(session, Role.APPROVER, division_code="1405") for _ in range(2))
        tokens = [make_sign_in(session, staff=one) for one in approvers]
        return run.id, review.id, tokens

    return settle(make)


@pytest.fixture
def slow(monkeypatch):
    """Time enough between the look at a run and the word on it."""
    said = reviewing._check_questions

    def slowly(*given):
        said(*given)
        time.sleep(0.5)

    monkeypatch.setattr(reviewing, "_check_questions", slowly)


def sign(session, review_id):
    reviewing.sign_run(session, review_id, control_fen=TOTAL)
    return "signed"


def at_once(desk, other):
    """The first signs; a moment later the second does something else."""
    _, review_id, tokens = desk

    def act(number):
        if number == 0:
            return at_work(tokens[0], lambda session: sign(session, review_id))
        time.sleep(0.2)
        return at_work(tokens[1], other)

    return race([0, 1], act)


def hold_out(desk):
    def do(session):
        reviewing.hold_lines_out(session, desk[0], [1], words="待核实")
        return "held"

    return do


def give_back(desk):
    def do(session):
        reviewing.give_run_back(session, desk[1], words="金额有误")
        return "given back"

    return do


def test_no_line_is_held_out_under_the_last_word(own_city, desk, slow):
    assert at_once(desk, hold_out(desk)) == {"signed": 1, "LineIsNotSo": 1}
    assert look(own_city, STUCK) == []


def test_without_the_lock_the_approval_would_never_come_to_its_end(
    own_city, desk, slow, monkeypatch
):
    def unlocked(session, run_id, stage):
        return get_run(session, run_id)

    signing = Event()

    def first(session, run_id, stage):
        """The signer locks nothing; whoever holds a line out does as ever."""
        if signing.is_set():
            return reviewing_hold_run(session, run_id, stage)
        signing.set()
        return unlocked(session, run_id, stage)

    reviewing_hold_run = reviewing.hold_run
    monkeypatch.setattr(reviewing, "hold_run", first)

    assert at_once(desk, hold_out(desk)) == {"signed": 1, "held": 1}
    assert look(own_city, STUCK) != []


def test_who_comes_second_to_give_it_back_finds_it_signed(own_city, desk, slow):
    assert at_once(desk, give_back(desk)) == {"signed": 1, "SignedAlready": 1}
    assert look(own_city, STUCK) == []


def test_who_comes_second_to_sign_finds_it_done(own_city, desk, slow):
    again = at_once(desk, lambda session: sign(session, desk[1]))

    assert again == {"signed": 1, "SignedAlready": 1}


def test_a_run_that_is_taken_up_is_not_let_go_by_who_saw_it_before(own_city, settle):
    """The page was read while it could be let go; the cashier was faster."""

    def make(session):
        site = make_site(session)
        give_account(session, site)
        return make_payable(session, [{"site_id": site.id}]).id, make_budget(session)

    run_id, budget_id = settle(make)

    def act(number):
        @sessions.in_transaction
        def done(*, session):
            if number == 0:
                make_batch(session, budget_id=budget_id, run_ids=[run_id])
                time.sleep(0.5)
                return "paid"
            assert get_run(session, run_id).stage is RunStage.PAYABLE
            time.sleep(0.2)
            discard(session, run_id, words="重新核算")
            return "let go"

        with acting(PLATFORM):
            return done()

    assert race([0, 1], act) == {"paid": 1, "RunNotSo": 1}
