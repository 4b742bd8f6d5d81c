"""Missed slots made up, runs that somebody wants, and alarms that are told once."""

from datetime import datetime, timedelta
from threading import Event

import pytest
from sqlalchemy import text

from scheduler.runs import Entry, run_due_slots
from scheduler.timetable import TIMETABLE, at
from scheduler.watching import Watch
from server import clock
from server.db.sessions import transaction
from server.timetable.errors import JobUnknown, RunWantedAlready
from server.timetable.queries import find_line, list_lines, list_runs
from server.timetable.service import ask_for_run, begin_run, end_run
from tests.cities import CITY
from tests.factories.people import make_staff

NOON = datetime(2026, 5, 20, 12, tzinfo=clock.CITY)
A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def at_noon():
    shift = clock.SHIFT
    clock.move_to(NOON)
    yield
    clock.SHIFT = shift


@pytest.fixture
def ending(connection):
    return Event()


def daily(work, **given):
    return Entry("daily", at(hour=9), "For tests.", work, **given)


def slots(as_platform):
    with transaction(writes=False) as session:
        return sorted(run.slot for run in list_runs(session, job="daily"))


def nine(days_ago):
    return NOON.replace(hour=9) - days_ago * A_DAY


def live_with_a_gap(entry, ending):
    """Ran eight days ago and the day after; then nothing stood until now."""
    for days in (8, 7):
        clock.move_to(NOON - days * A_DAY)
        run_due_slots(entry, CITY, ending)
    clock.move_to(NOON)
    run_due_slots(entry, CITY, ending)


def test_a_job_whose_slots_count_makes_up_those_it_missed_within_its_days(ending, as_platform):
    ran = []
    entry = daily(lambda run: len(ran.append(run.slot) or ran), made_up=4 * A_DAY)

    live_with_a_gap(entry, ending)

    assert ran == [nine(8), nine(7), nine(3), nine(2), nine(1), nine(0)]
    with transaction(writes=False) as session:
        caught_up = {run.slot: run.caught_up for run in list_runs(session, job="daily")}
    assert caught_up[nine(3)]


def test_other_jobs_run_their_latest_slot_alone(ending, as_platform):
    ran = []
    live_with_a_gap(daily(lambda run: len(ran.append(run.slot) or ran)), ending)
    assert ran == [nine(8), nine(7), nine(0)]


def test_a_new_city_has_missed_nothing(ending, as_platform):
    ran = []
    run_due_slots(daily(lambda run: len(ran.append(1) or ran), made_up=7 * A_DAY), CITY, ending)
    assert len(ran) == 1


def test_a_hole_is_filled_though_later_slots_are_done(ending, as_platform):
    ran = []
    entry = daily(lambda run: len(ran.append(run.slot) or ran), made_up=7 * A_DAY)
    live_with_a_gap(entry, ending)
    with transaction() as session:
        session.execute(text("DELETE FROM job_run WHERE slot = :slot"), {"slot": nine(2)})
    run_due_slots(entry, CITY, ending)
    assert ran[-1] == nine(2)


def test_the_timetable_is_read_out_for_whoever_looks(ending, as_platform):
    Watch(TIMETABLE, CITY, ending).look()
    with transaction(writes=False) as session:
        lines = list_lines(session)
        line = find_line(session, "remind_caregivers")
    assert {line.job for line in lines} == {entry.job for entry in TIMETABLE}
    assert (line.fields, line.made_up_s) == ("hour='7', minute='5'", 7 * 86400)
    assert line.next_at == NOON.replace(hour=7, minute=5) + A_DAY


def test_a_wanted_run_happens_once_and_is_recorded(ending, as_platform):
    ran = []
    entry = daily(lambda run: len(ran.append(run.slot) or ran))
    watches = [Watch([entry], CITY, ending) for _ in range(2)]
    watches[0].look()
    with transaction() as session:
        ask_for_run(session, "daily", reason="the figures were put right")
    with pytest.raises(RunWantedAlready), transaction() as session:
        ask_for_run(session, "daily", reason="once more")

    for watch in watches * 2:
        watch.run_wishes()

    assert len(ran) == 1
    assert slots(as_platform) == ran


def test_a_job_nobody_knows_cannot_be_wanted(connection, as_platform):
    with pytest.raises(JobUnknown), transaction() as session:
        ask_for_run(session, "sing", reason="why not")


def messages():
    with transaction(writes=False) as session:
        return session.execute(text("SELECT kind, subject FROM message ORDER BY id")).all()


@pytest.fixture
def administrator(session):
    staff = make_staff(session, "administrator", division_code="1405")
    staff.phone = "+8613812345999"
    session.commit()


def test_a_late_slot_is_told_once_whoever_leads(ending, administrator, as_platform):
    entry = daily(lambda run: 0)
    for _ in range(2):
        watch = Watch([entry], CITY, ending, since=NOON - A_DAY)
        watch.look()
        watch.look()
    ((kind, subject),) = messages()
    assert kind == "timetable.job_late"
    assert subject == "job:daily:20260520T090000"


def test_who_has_just_begun_to_lead_gives_jobs_their_time(ending, administrator, as_platform):
    Watch([daily(lambda run: 0)], CITY, ending).look()
    assert not messages()


def test_a_slot_that_is_done_in_time_is_told_of_by_nobody(ending, administrator, as_platform):
    entry = daily(lambda run: 0)
    run_due_slots(entry, CITY, ending)
    Watch([entry], CITY, ending, since=NOON - A_DAY).look()
    assert not messages()


def test_a_failed_slot_is_told_once(ending, administrator, as_platform):
    this = {"job": "daily", "slot": nine(0), "runner": "r"}
    with transaction() as session:
        begin_run(session, **this)
        end_run(session, **this, items=0, error="ValueError")
    for _ in range(2):
        Watch([daily(lambda run: 0)], CITY, ending).look()
    assert [kind for kind, _ in messages()] == ["timetable.job_failed"]


def test_a_run_that_never_ends_is_late_too(ending, administrator, as_platform):
    clock.move_to(NOON - 2 * timedelta(hours=1))
    with transaction() as session:
        begin_run(session, job="daily", slot=nine(0), runner="r")
    clock.move_to(NOON)
    Watch([daily(lambda run: 0)], CITY, ending, since=NOON - A_DAY).look()
    assert [kind for kind, _ in messages()] == ["timetable.job_late"]
