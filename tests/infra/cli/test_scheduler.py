"""What the command says of the timetable and its runs."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from infra.cli.scheduler import scheduler_group
from scheduler.timetable import TIMETABLE
from server import clock
from server.db.sessions import transaction
from server.i18n.catalogues import LANGUAGES, catalogue, in_language
from server.timetable.queries import list_runs
from server.timetable.service import begin_run, end_run
from tests.cities import CITY


def run(*words, language="en"):
    with in_language(language):
        result = CliRunner().invoke(scheduler_group, words)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def runs(connection, as_platform):
    slot = clock.now().replace(microsecond=0) - timedelta(hours=1)
    with transaction() as session:
        for number, error in enumerate((None, "ValueError")):
            this = {"job": "forget", "slot": slot + timedelta(minutes=number), "runner": "r"}
            begin_run(session, **this)
            end_run(session, **this, items=7 + number, error=error)
        begin_run(session, job="other", slot=slot, runner="r")


def test_every_job_is_listed_with_its_reason(connection):
    output = run("list")
    for entry in TIMETABLE:
        assert entry.job in output
    assert "minute='20'" in output
    assert "never" in output


def test_runs_are_shown_with_their_results(runs):
    output = run("runs")
    assert "ValueError" in output
    assert "running, or left to be taken up" in output
    assert "forget" not in run("runs", "--job", "other")


def test_a_chinese_reader_reads_chinese(runs):
    assert "完成" in run("runs", language="zh-CN")


def test_every_reason_is_said_in_every_language():
    for language in LANGUAGES:
        assert {entry.why for entry in TIMETABLE} <= set(catalogue(language, "cli"))


def test_a_job_that_is_run_by_hand_is_asked_for_first(connection, as_platform, monkeypatch):
    monkeypatch.setattr("infra.cli.scheduler.wire", lambda _: None)
    monkeypatch.setattr("infra.cli.scheduler.settings", lambda: SimpleNamespace(city=CITY))

    said_no = CliRunner().invoke(scheduler_group, ["run", "remind_of_papers"], input="n\n")
    assert said_no.exit_code == 0
    with transaction(writes=False) as session:
        assert not list_runs(session, job="remind_of_papers")

    for _ in range(2):
        run("run", "remind_of_papers", "--yes")
    with transaction(writes=False) as session:
        latest, first = list_runs(session, job="remind_of_papers")
    assert latest.slot > first.slot
    assert (latest.error, first.error) == (None, None)


def test_a_job_nobody_knows_is_refused_by_name(connection, monkeypatch):
    monkeypatch.setattr("infra.cli.scheduler.wire", lambda _: None)
    monkeypatch.setattr("infra.cli.scheduler.settings", lambda: SimpleNamespace(city=CITY))
    result = CliRunner().invoke(scheduler_group, ["run", "sing"])
    assert result.exit_code == 1
    assert "remind_caregivers" in result.output


def test_late_jobs_are_shown_and_say_so_to_the_shell(connection, as_platform):
    with in_language("en"):
        result = CliRunner().invoke(scheduler_group, ["late"])
    assert result.exit_code == 1
    assert "remind_caregivers" in result.output
