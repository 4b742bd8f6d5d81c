"""One slot, one runner; a run that was left is taken up; one that was taken over may not go on."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from server import clock
from server.timetable import queries, rules, service
from server.timetable.errors import RunTakenOver

SLOT = datetime(2026, 11, 22, 19, 20, tzinfo=UTC)


def begin(session, runner="a", slot=SLOT):
    return service.begin_run(session, job="forget", slot=slot, runner=runner)


def is_open(session):
    return rules.is_open(queries.find_run(session, job="forget", slot=SLOT), now=clock.now())


def fall_silent(session):
    session.execute(text("UPDATE job_run SET seen_at = seen_at - interval '61 seconds'"))
    session.expire_all()


def test_a_slot_is_begun_once(session):
    assert is_open(session)
    assert begin(session, "a") is True
    assert begin(session, "b") is False
    assert not is_open(session)


def test_the_next_slot_is_another_run(session):
    begin(session)
    assert begin(session, slot=SLOT + timedelta(days=1)) is True


def test_an_ended_run_is_never_begun_again(session):
    begin(session)
    service.end_run(session, job="forget", slot=SLOT, runner="a", items=7)
    fall_silent(session)
    assert not is_open(session)
    assert begin(session, "b") is False
    (run,) = queries.list_runs(session)
    assert (run.job, run.items, run.error) == ("forget", 7, None)


def test_a_run_whose_runner_went_silent_is_taken_up(session):
    begin(session, "a")
    fall_silent(session)
    assert is_open(session)
    assert begin(session, "b") is True


def test_a_runner_that_was_taken_over_may_not_take_another_step(session):
    begin(session, "a")
    fall_silent(session)
    begin(session, "b")
    with pytest.raises(RunTakenOver):
        service.touch_run(session, job="forget", slot=SLOT, runner="a")
    with pytest.raises(RunTakenOver):
        service.end_run(session, job="forget", slot=SLOT, runner="a", items=1)


def test_a_step_keeps_the_run(session):
    begin(session, "a")
    fall_silent(session)
    service.touch_run(session, job="forget", slot=SLOT, runner="a")
    assert begin(session, "b") is False


def test_a_run_that_was_put_down_is_taken_up_at_once(session):
    begin(session, "a")
    service.put_down_run(session, job="forget", slot=SLOT, runner="a")
    assert begin(session, "b") is True


def test_runs_are_listed_newest_first_and_the_latest_by_job(session):
    for days in (0, 2, 1):
        begin(session, slot=SLOT + timedelta(days=days))
    service.begin_run(session, job="another", slot=SLOT, runner="a")

    assert [run.slot.day for run in queries.list_runs(session, job="forget")] == [24, 23, 22]
    assert len(queries.list_runs(session, limit=2)) == 2
    latest = queries.list_latest_runs(session)
    assert [(run.job, run.slot.day) for run in latest] == [("another", 22), ("forget", 24)]
