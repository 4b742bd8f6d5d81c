"""A slot is run once; a run can be put down, taken up, taken over."""

from dataclasses import replace
from datetime import timedelta
from threading import Event

import psycopg
import pytest
from sqlalchemy import text

from infra.database_roles import libpq_url
from scheduler.runs import Entry, run_latest_slot
from scheduler.slots import latest_slot
from scheduler.timetable import at
from server import clock
from server.db.sessions import actor_of, transaction
from server.timetable.queries import list_runs
from tests.cities import CITY

HELD = (
    "INSERT INTO job_run (job, slot, runner, started_at, seen_at, caught_up)"
    " VALUES ('sweep', %s, 'another', now(), now(), false)"
)


@pytest.fixture
def ending(connection):
    return Event()


def entry(work):
    return Entry("sweep", at(month=1, day=1, hour=0), "For tests.", work)


def recorded(as_platform):
    with transaction(writes=False) as session:
        return list_runs(session, job="sweep")


def fall_silent():
    with transaction() as session:
        session.execute(text("UPDATE job_run SET seen_at = seen_at - interval '61 seconds'"))


def test_a_slot_is_run_once_and_recorded(ending, as_platform):
    ran = []
    sweep = entry(lambda run: len(ran.append(run.slot) or ran))

    for _ in range(3):
        run_latest_slot(sweep, CITY, ending)

    (run,) = recorded(as_platform)
    assert (len(ran), run.items, run.error) == (1, 1, None)
    assert run.ended_at >= run.started_at


def test_a_slot_that_is_done_leaves_no_further_act(ending, as_platform):
    run_latest_slot(entry(lambda run: 0), CITY, ending)
    with transaction(writes=False) as session:
        before = session.execute(text("SELECT count(*) FROM act")).scalar_one()
    run_latest_slot(entry(lambda run: 0), CITY, ending)
    with transaction(writes=False) as session:
        assert session.execute(text("SELECT count(*) FROM act")).scalar_one() == before


def test_a_step_is_the_timetables_act(ending, as_platform):
    acts = []

    def work(run):
        with run.step() as session:
            acts.append((actor_of(session).act_id, run.runner))
        return 1

    run_latest_slot(entry(work), CITY, ending)
    ((act_id, runner),) = acts
    with transaction(writes=False) as session:
        find = text("SELECT face, action, request_id FROM act WHERE id = :id")
        found = session.execute(find, {"id": act_id}).one()
    assert tuple(found) == ("timetable", "timetable.sweep", runner)


def test_what_happens_every_few_seconds_goes_by_steps_without_a_record(ending, as_platform):
    steps = []

    def work(run):
        with run.step():
            steps.append(run.slot)
        return 1

    often = replace(entry(work), job="often", is_recorded=False)
    for _ in range(2):
        run_latest_slot(often, CITY, ending)

    assert len(steps) == 1
    with transaction(writes=False) as session:
        assert list_runs(session, job="often") == []


def test_a_failed_run_is_recorded_by_the_errors_name_alone(ending, as_platform):
    def work(run):
        raise ValueError("13800001234 is someone's phone")

    run_latest_slot(entry(work), CITY, ending)
    (run,) = recorded(as_platform)
    assert (run.error, run.items) == ("ValueError", 0)


def test_a_run_is_put_down_when_the_process_ends_and_taken_up_by_the_next(ending, as_platform):
    steps = []

    def work(run):
        for _ in range(2):
            with run.step():
                steps.append(run.runner)
            ending.set()
        return 2

    run_latest_slot(entry(work), CITY, ending)
    assert recorded(as_platform)[0].ended_at is None

    def finish(run):
        with run.step():
            steps.append(run.runner)
        return 1

    run_latest_slot(entry(finish), CITY, Event())
    assert recorded(as_platform)[0].items == 1
    assert len(set(steps)) == 2


def test_a_run_that_was_taken_over_takes_no_further_step(ending, as_platform):
    steps = []

    def slow(run):
        with run.step():
            steps.append("slow")
        fall_silent()
        run_latest_slot(entry(lambda other: 5), CITY, ending)
        with run.step():
            steps.append("never")
        return 1

    run_latest_slot(entry(slow), CITY, ending)
    assert steps == ["slow"]
    assert [run.items for run in recorded(as_platform)] == [5]


@pytest.mark.long
def test_a_slot_that_somebody_holds_for_long_is_left_to_them(own_city, as_platform):
    ran, sweep = [], entry(lambda run: len(ran.append(run.slot) or ran))
    with psycopg.connect(libpq_url(own_city.superuser_url)) as held:
        held.execute(f"SET search_path TO city_{CITY}")
        held.execute(HELD, [latest_slot(sweep.when, clock.now())])
        run_latest_slot(sweep, CITY, Event())
        assert ran == []
        held.rollback()
    run_latest_slot(sweep, CITY, Event())
    assert len(ran) == 1


def test_nothing_is_begun_while_the_process_ends(ending, as_platform):
    ending.set()
    run_latest_slot(entry(lambda run: 1), CITY, ending)
    assert recorded(as_platform) == []


def test_a_slot_is_another_slot_the_next_year(ending, as_platform, monkeypatch):
    sweep = entry(lambda run: 1)
    run_latest_slot(sweep, CITY, ending)
    monkeypatch.setattr("server.clock.SHIFT", timedelta(days=366))
    run_latest_slot(sweep, CITY, ending)
    assert len(recorded(as_platform)) == 2
