"""The timetable's jobs about care at home do their work, and nothing the second time."""

from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import text

from scheduler import homecare
from scheduler.runs import Entry, run_latest_slot
from scheduler.timetable import at
from server import clock
from tests.cities import CITY
from tests.factories.alarms import make_alarm
from tests.factories.devices import make_device
from tests.factories.homecare import (
    make_home_bed,
    make_plan,
    make_provider,
    make_visit,
    make_worker,
)
from tests.factories.people import make_resident


@pytest.fixture
def run(session):
    def run(job, work):
        done = []
        session.commit()
        told = lambda run: done.append(work(run)) or done[0]  # noqa: E731
        run_latest_slot(Entry(job, at(month=1, day=1), "Tests.", told), CITY, Event())
        return done[0]

    return run


@pytest.fixture
def bed(session):
    return make_home_bed(session, make_resident(session), make_provider(session))


def test_visits_are_made_ahead_once(session, run, bed):
    make_plan(session, bed, make_worker(session, bed), weekdays=[1, 2, 3, 4, 5, 6, 7])

    assert run("plan", homecare.plan_visits) == 14
    assert run("plan again", homecare.plan_visits) == 0


def test_what_nobody_made_yesterday_is_missed(session, run, bed):
    make_visit(session, bed, make_worker(session, bed), on=clock.today() - timedelta(days=1))

    assert run("missed", homecare.note_missed) == 1
    assert run("missed again", homecare.note_missed) == 0


def test_who_is_next_is_called_and_nothing_is_written_for_nothing(session, run, bed):
    alarm = make_alarm(session, bed, ago=1)
    assert run("call", homecare.call_for_help) == 1

    acts = text("SELECT count(*) FROM act")
    before = session.execute(acts).scalar_one()
    session.commit()
    assert homecare.call_for_help(None) == 0

    session.refresh(alarm)
    assert alarm.calls == 1
    # One is the session's own, which began anew.
    assert session.execute(acts).scalar_one() == before + 1


def test_a_silent_device_is_found_once(session, run, bed):
    make_device(session, bed, installed_on=clock.today() - timedelta(days=9))

    assert run("silent", homecare.find_silent) == 1
    assert run("silent again", homecare.find_silent) == 0
