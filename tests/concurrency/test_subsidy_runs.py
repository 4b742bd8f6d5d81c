"""Runs: killed and gone on with, worked at by several, begun by several: each line once.

Each race that a guard decides has a twin that runs without it, and must then go wrong.
"""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import date
from multiprocessing import get_context
from threading import Event

import pytest
from sqlalchemy import text

from server.db import sessions
from server.db.acts import Act, Face, acting
from server.db.cities import in_city
from server.errors import DomainError
from server.identity.models import Role
from server.policies.programmes.models import PackState, PolicyPack
from server.policies.programmes.packs import read_shipped
from server.policies.programmes.proposing import enter_proposal, put_in_force
from server.subsidies.models import RunKind, RunStage, SubsidyRun
from server.subsidies.reckoning import service
from tests.cities import CITY
from tests.concurrency.racing import as_owner, look, race
from tests.concurrency.screens import wire
from tests.factories.meals import make_site
from tests.factories.people import make_staff
from tests.factories.reckoning import FULL, give_facts, make_cases
from tests.factories.subsidies import JANUARY, make_version

CASES, SLICE, DONE, MANY = 60, 10, 2, 8
PLATFORM = Act(Face.COMMAND, "tests", "test", service=True)
DIGESTS = (
    "SELECT lines_digest, facts_digest, lines, total_fen, stage FROM subsidy_run WHERE id = {}"
)
TWICE = """
    SELECT family_no, beneficiary_id FROM subsidy_line WHERE outcome = 'due' AND holds = 0
     GROUP BY family_no, beneficiary_id, month, part HAVING count(*) > 1
"""
DOUBLE = "SELECT run_id, number FROM subsidy_line GROUP BY run_id, number HAVING count(*) > 1"
BEGUN = "SELECT id FROM subsidy_run WHERE stage <> 'discarded'"
OF_THE_CITY = service.Wanted("facility_operation", JANUARY, 1, "1405")


def cases(number=CASES):
    return [{"facts": FULL | {"stars": 1 + one % 5}} for one in range(number)]


def step(run_id, *, size=SLICE):
    with acting(PLATFORM), sessions.transaction() as session:
        return service.go_on(session, run_id, slice_size=size)


def to_the_end(run_id):
    while stage_of(run_id) in service.UNFINISHED:
        step(run_id)


def stage_of(run_id):
    with acting(PLATFORM), sessions.transaction(writes=False) as session:
        return session.get_one(SubsidyRun, run_id).stage


@pytest.fixture
def version(settle):
    return settle(make_version)


@pytest.fixture
def alone(own_city, settle, version):
    """What the same cases come to where nobody disturbs: a trial, so that nobody is kept away."""
    run_id = settle(
        lambda session: make_cases(session, cases(), version=version, kind=RunKind.WHAT_IF).id
    )
    to_the_end(run_id)
    return look(own_city, DIGESTS.format(run_id))


@pytest.fixture
def run_id(settle, version):
    return settle(lambda session: make_cases(session, cases(), version=version).id)


def reckon_until_killed(app_url, run_id, told):
    """Do two slices, and the statement of the third; then wait for the end before it is kept."""
    wire(app_url)
    with in_city(CITY):
        for _ in range(DONE):
            step(run_id)
        with acting(PLATFORM), sessions.transaction() as session:
            service.go_on(session, run_id, slice_size=SLICE)
            told.send(run_id)
            time.sleep(600)


def test_a_run_that_is_killed_in_a_slice_goes_on_to_the_same_digest(own_city, alone, run_id):
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=reckon_until_killed, args=(own_city.app_url, run_id, theirs))
    process.start()
    assert ours.poll(60), "the run does not begin"
    process.kill()
    process.join(timeout=30)
    kept = f"SELECT count(*), max(number) FROM subsidy_line WHERE run_id = {run_id}"
    assert look(own_city, kept) == [(DONE * SLICE, DONE * SLICE)]

    to_the_end(run_id)

    assert look(own_city, DIGESTS.format(run_id)) == alone
    assert look(own_city, TWICE) == []


def test_several_who_work_at_one_run_do_each_line_once(own_city, alone, run_id):
    race([run_id] * MANY, to_the_end, threads=MANY)

    assert look(own_city, DIGESTS.format(run_id)) == alone
    assert look(own_city, DOUBLE) == []


def unlocked(run_id, both):
    """A slice by somebody who did not lock the run."""
    with acting(PLATFORM), sessions.transaction() as session:
        run = session.get_one(SubsidyRun, run_id)
        content = service.programme_of(
            session.get_one(service.PolicyVersion, run.version_id).content
        )
        both.wait(timeout=30)
        service._reckon_slice(session, run, content, SLICE)
        time.sleep(0.5)
        return "done"


def test_without_the_lock_and_the_keys_lines_would_be_there_twice(
    own_city, settle, version, monkeypatch
):
    made = settle(
        lambda session: make_cases(session, cases(), version=version, kind=RunKind.WHAT_IF).id
    )
    as_owner(
        own_city,
        "ALTER TABLE subsidy_line DROP CONSTRAINT pk_subsidy_line CASCADE",
        "ALTER TABLE subsidy_slice DROP CONSTRAINT pk_subsidy_slice CASCADE",
        "DROP INDEX uq_subsidy_line_once_a_month",
    )
    both = Event()
    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(copy_context().run, unlocked, made, both) for _ in range(2)]
        time.sleep(1)
        both.set()
        assert [one.result() for one in asked] == ["done", "done"]

    assert len(look(own_city, DOUBLE)) == SLICE


@pytest.fixture
def registers(own_city, settle, version):
    site = settle(make_site)
    rows = [(1000 + one, site.id, JANUARY, FULL) for one in range(20)]
    give_facts(own_city, "bed_months", rows)


def begin(_wish):
    with acting(PLATFORM), sessions.transaction() as session:
        try:
            service.start_run(session, OF_THE_CITY)
        except DomainError as refusal:
            return refusal.code
        time.sleep(0.2)
        return "begun"


def test_of_several_who_begin_a_run_over_the_same_months_one_does(own_city, registers):
    outcomes = race([1] * MANY, begin, threads=MANY)

    assert outcomes["begun"] == 1
    assert outcomes["run-overlaps"] == MANY - 1
    assert len(look(own_city, BEGUN)) == 1


def test_if_they_did_not_wait_for_one_another_several_runs_would_begin(
    own_city, registers, monkeypatch
):
    monkeypatch.setattr(service, "ONE_AT_A_TIME", text("SELECT CAST(:name AS text)"))

    assert race([1] * MANY, begin, threads=MANY)["begun"] > 1


@pytest.fixture
def two_runs(settle, version, monkeypatch):
    """Two runs over the same people, neither of which looks at what the other pays."""
    monkeypatch.setattr(service, "pays_meanwhile", lambda *given: False)
    return settle(
        lambda session: [make_cases(session, cases(), version=version).id for _ in range(2)]
    )


def test_two_runs_over_the_same_people_pay_everybody_once(own_city, two_runs):
    race(two_runs, to_the_end, threads=2)

    assert look(own_city, TWICE) == []
    stages = [
        stage
        for ((_, _, _, _, stage),) in (look(own_city, DIGESTS.format(one)) for one in two_runs)
    ]
    assert stages == [RunStage.COMPUTED] * 2
    paid = "SELECT count(*) FROM subsidy_line WHERE outcome = 'due'"
    assert look(own_city, paid) == [(CASES,)]


def test_without_the_key_of_the_family_they_would_be_paid_twice(own_city, two_runs):
    as_owner(own_city, "DROP INDEX uq_subsidy_line_once_a_month")
    race(two_runs, to_the_end, threads=2)

    assert len(look(own_city, TWICE)) == CASES


@pytest.fixture
def amended(settle):
    """The reference since long ago, and proposed again from January on."""

    def make(session):
        maker = make_staff(session, Role.CITY_OFFICER, division_code="1405").id
        other = make_staff(session, Role.APPROVER, division_code="1405").id
        shipped = read_shipped("reference")
        first, second = (
            enter_proposal(session, shipped, starts_on=day, proposed_by=maker)
            for day in (date(2020, 1, 1), JANUARY)
        )
        put_in_force(session, first, decided_by=other)
        return second.id, other

    return settle(make)


def amend_while_a_run_begins(pack_id, decided_by, *, reopens=False):
    """The run is written, and kept only once the pack's word waits behind it."""
    written, goes = Event(), Event()

    def put(_wish):
        with acting(PLATFORM), sessions.transaction() as session:
            pack = session.get_one(PolicyPack, pack_id)
            written.wait(timeout=30)
            goes.set()
            put_in_force(session, pack, decided_by=decided_by, reopens=reopens)
            return PackState.ACTIVE.value

    def run(_wish):
        with acting(PLATFORM), sessions.transaction() as session:
            service.start_run(session, OF_THE_CITY)
            written.set()
            goes.wait(timeout=30)
            time.sleep(1)
            return "begun"

    def told(do):
        try:
            return do(1)
        except DomainError as refusal:
            return refusal.code

    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(copy_context().run, told, do) for do in (put, run)]
        return Counter(one.result() for one in asked)


def test_a_run_that_begins_while_its_version_is_ended_keeps_its_version(own_city, amended):
    assert amend_while_a_run_begins(*amended) == {"policy-version-used": 1, "begun": 1}


def test_so_does_one_that_was_not_among_those_agreed_to(own_city, amended):
    """Nothing was to be opened again when the word was given: the word is not on the pack."""
    assert amend_while_a_run_begins(*amended, reopens=True) == {
        "policy-version-used": 1,
        "begun": 1,
    }


def test_without_the_guards_a_run_would_go_by_a_version_that_ended_unnoticed(own_city, amended):
    as_owner(
        own_city,
        "DROP TRIGGER version_in_force ON subsidy_run",
        "DROP TRIGGER used_stays ON policy_version",
    )

    assert amend_while_a_run_begins(*amended) == {"active": 1, "begun": 1}
