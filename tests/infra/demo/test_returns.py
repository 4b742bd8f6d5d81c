"""The demo's homes file as homes do: most in time, some late, one silent, one that differs."""

from datetime import timedelta

import pytest
import time_machine

from infra.demo.loading import load_demo
from infra.demo.returns import DAYS
from infra.demo.sites import FILING, FIRST_FILING_HOME
from server import clock
from server.db.acts import acting
from server.db.sessions import transaction
from server.facilities.returns.queries import Scope, list_series, list_standing
from tests.infra.demo.conftest import PLATFORM

A_DAY = timedelta(days=1)


def standing():
    with acting(PLATFORM), transaction(writes=False) as session:
        return list_standing(session, Scope(prefixes=["1405"]), on=clock.today())


def test_homes_that_keep_no_stays_here_file_for_three_months(demo, ask):
    [row] = ask("SELECT count(DISTINCT site_id) AS homes, min(day) AS first FROM bed_return"
                " WHERE source <> 'file'")  # fmt: skip

    assert row.homes == len(FILING)
    assert row.first <= clock.today() - (DAYS - 3) * A_DAY


def test_today_some_have_filed_some_have_not_and_one_is_silent_for_days(demo):
    today = clock.today()
    days = [row.last_day for row in standing() if not row.keeps_beds]

    assert today in days
    assert today - A_DAY in days
    assert min(days) < today - 2 * A_DAY


def test_some_are_late_and_some_say_that_nothing_changed(demo, ask):
    [row] = ask(
        "SELECT count(*) FILTER (WHERE is_unchanged) AS same, count(*) FILTER (WHERE"
        " (filed_at AT TIME ZONE 'Asia/Shanghai')::date > day) AS late, count(*) AS all_of_them"
        " FROM bed_return"
    )

    assert 0 < row.late < row.all_of_them / 5
    assert 0 < row.same < row.all_of_them


def test_the_operator_on_the_phone_has_not_filed_today_yet(demo, ask):
    [row] = ask(
        "SELECT max(r.day) AS day FROM bed_return r JOIN site s ON s.id = r.site_id"
        " WHERE s.source_key = :key", key=FIRST_FILING_HOME,
    )  # fmt: skip

    assert row.day < clock.today()


def test_what_differs_from_the_records_waits_to_be_looked_into(demo, ask):
    rows = ask("SELECT state FROM finding WHERE kind = 'return_differs'")

    assert [row.state for row in rows] == ["open"]


def test_reports_tell_of_quiet_days_and_of_others(demo, ask):
    [row] = ask(
        "SELECT count(*) FILTER (WHERE is_zero) AS quiet, sum(fever) AS fever,"
        " count(*) FILTER (WHERE hazards <> '') AS hazards, count(*) AS reports FROM daily_report"
    )

    assert row.reports / 2 < row.quiet < row.reports
    assert row.fever > 0
    assert row.hazards > 0


def test_the_figures_of_a_day_add_up_over_the_city(demo):
    today = clock.today()
    with acting(PLATFORM), transaction(writes=False) as session:
        days = list_series(session, Scope(prefixes=["1405"]), since=today - 30 * A_DAY, until=today)

    assert all(0 < day.occupied < day.usable for day in days)


@pytest.mark.nightly
def test_a_later_load_goes_on_from_the_last_day(empty_city, ask):
    load_demo(residents=40)
    before = ask("SELECT count(*) FROM bed_return")[0][0]

    with time_machine.travel(clock.now() + 2 * A_DAY, tick=True):
        load_demo(residents=40)
        load_demo(residents=40)
        days = ask(
            "SELECT DISTINCT day FROM bed_return WHERE day > :day", day=clock.today() - 2 * A_DAY
        )

    assert len(days) == 2
    assert ask("SELECT count(*) FROM bed_return")[0][0] <= before + 2 * len(FILING) + 1
