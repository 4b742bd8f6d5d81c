"""What the command says of the timetable and its runs."""

from datetime import timedelta

import pytest
from click.testing import CliRunner

from infra.cli.scheduler import scheduler_group
from scheduler.timetable import TIMETABLE
from server import clock
from server.db.sessions import transaction
from server.i18n.catalogues import LANGUAGES, catalogue, in_language
from server.timetable.service import begin_run, end_run


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
