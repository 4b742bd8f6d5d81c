"""The demo's homes tell who is on duty: one is short this week, one has told nothing of it yet."""

from collections import Counter

import pytest
import time_machine

from infra.demo.caregivers import NOT_TOLD_YET, WEEKS
from infra.demo.loading import load_demo
from server import clock
from server.db.acts import acting
from server.db.sessions import reaching_everywhere, transaction
from server.facilities.returns.queries import Scope
from server.facilities.staffing.queries import list_homes
from server.facilities.staffing.rules import A_WEEK, Staffing, monday_of
from tests.infra.demo.conftest import PLATFORM


def staffing(ask):
    keys = {row.id: row.source_key for row in ask("SELECT id, source_key FROM site")}
    with acting(PLATFORM), transaction(writes=False) as session, reaching_everywhere(session):
        homes = list_homes(session, Scope(prefixes=["1405"]), week=monday_of(clock.today()))
    return {keys[home.row.id]: home.staffing for home in homes}


def test_one_home_is_short_of_caregivers_this_week(demo, ask):
    told = Counter(staffing(ask).values())

    assert told[Staffing.TOO_FEW] == 1
    assert told[Staffing.NOT_TOLD] + told[Staffing.NOBODY_HERE] >= 1


def test_one_home_has_told_of_the_weeks_before_alone(demo, ask):
    [row] = ask(
        "SELECT max(w.starts_on) AS last FROM staffing_week w JOIN site s ON s.id = w.site_id"
        " WHERE s.source_key = :key", key=NOT_TOLD_YET,
    )  # fmt: skip

    assert row.last == monday_of(clock.today()) - A_WEEK


def test_the_home_that_is_short_is_a_finding(demo, ask):
    rows = ask(
        "SELECT s.source_key, f.state FROM finding f JOIN site s ON s.id = f.site_id"
        " WHERE f.kind = 'too_few_caregivers'"
    )

    [short] = [key for key, told in staffing(ask).items() if told is Staffing.TOO_FEW]
    assert [tuple(row) for row in rows] == [(short, "open")]


def test_they_have_told_for_weeks_and_often_that_nothing_changed(demo, ask):
    [row] = ask(
        "SELECT count(DISTINCT starts_on) AS weeks, count(*) FILTER (WHERE is_unchanged) AS same,"
        " count(*) AS all_of_them FROM staffing_week"
    )

    assert row.weeks == WEEKS
    assert 0 < row.same < row.all_of_them


@pytest.mark.nightly
def test_a_later_load_tells_of_the_weeks_since_and_of_none_twice(empty_city, ask):
    load_demo(residents=40)
    before = ask("SELECT max(starts_on) AS last FROM staffing_week")[0].last

    with time_machine.travel(clock.now() + 2 * A_WEEK, tick=True):
        load_demo(residents=40)
        load_demo(residents=40)
        weeks = ask("SELECT DISTINCT starts_on FROM staffing_week WHERE starts_on > :day"
                    " ORDER BY starts_on", day=before)  # fmt: skip

    assert [row.starts_on for row in weeks] == [before + A_WEEK, before + 2 * A_WEEK]
