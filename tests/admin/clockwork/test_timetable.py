"""The timetable: what runs when and how it went, and what somebody wants run now."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from scheduler.timetable import TIMETABLE
from scheduler.watching import line_of
from server import clock
from server.identity.models import Role
from server.timetable.queries import list_open_wishes
from server.timetable.service import begin_run, end_run, read_out
from tests.admin.belonging import AcceptsFrom, OpensFor

SEES = {Role.ADMINISTRATOR, Role.CITY_OFFICER, Role.AUDITOR}
JOB = "/timetable/remind_caregivers"


@pytest.fixture(autouse=True)
def told(session):
    read_out(session, [line_of(entry, clock.now()) for entry in TIMETABLE])


@pytest.fixture
def failed(session):
    slot = clock.now() - timedelta(minutes=3)
    this = {"job": "remind_caregivers", "slot": slot, "runner": "r"}
    begin_run(session, **this)
    end_run(session, **this, items=0, error="ValueError")


class TestJobs(OpensFor):
    roles = SEES

    @pytest.fixture
    def address(self):
        return "/timetable"


class TestJob(OpensFor):
    roles = SEES

    @pytest.fixture
    def address(self):
        return JOB


class TestRunNow(AcceptsFrom):
    roles = {Role.ADMINISTRATOR}

    @pytest.fixture
    def address(self):
        return f"{JOB}/runs"

    @pytest.fixture
    def form(self):
        return {"reason": "日历改过了"}


def test_every_job_stands_there_with_its_next_run(sit_down):
    page = sit_down(Role.ADMINISTRATOR).get("/timetable").text
    for entry in TIMETABLE:
        assert entry.job in page
    assert "现在没有调度进程在值守" not in page


def test_a_failed_job_comes_first_and_red(sit_down, failed):
    page = sit_down(Role.CITY_OFFICER).get("/timetable").text
    assert "ValueError" in page
    assert page.index(">remind_caregivers<") < page.index(">offer_beds<")


def test_a_timetable_that_nobody_keeps_says_so(sit_down, monkeypatch):
    monkeypatch.setattr("server.clock.SHIFT", clock.SHIFT + timedelta(minutes=10))
    assert "现在没有调度进程在值守" in sit_down(Role.CITY_OFFICER).get("/timetable").text


def test_a_wish_is_kept_with_who_and_why_and_is_one_at_a_time(sit_down, session):
    desk = sit_down(Role.ADMINISTRATOR)
    assert desk.post(f"{JOB}/runs", {"reason": "日历改过了"}).status_code == 303
    (wish,) = list_open_wishes(session)
    assert (wish.job, wish.reason) == ("remind_caregivers", "日历改过了")
    assert wish.asked_by is not None
    assert "几秒内开始" in desk.get(JOB).text

    assert desk.post(f"{JOB}/runs", {"reason": "再来一次"}).status_code == 409
    assert desk.post(f"{JOB}/runs", {"reason": ""}).status_code == 422


def test_a_job_nobody_knows_is_not_there(sit_down):
    desk = sit_down(Role.ADMINISTRATOR)
    assert desk.get("/timetable/sing").status_code == 404
    assert desk.post("/timetable/sing/runs", {"reason": "为什么不"}).status_code == 404


def test_a_county_does_not_see_the_citys_timetable(sit_down):
    assert sit_down(Role.AUDITOR, division_code="140521").get("/timetable").status_code == 403


@pytest.mark.parametrize("where", ["/timetable", JOB])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_both_leave_as_files(sit_down, failed, where, ending):
    answer = sit_down(Role.AUDITOR).get(f"{where}/export.{ending}")
    assert answer.status_code == 200
    if ending == "csv":
        assert "ValueError" in answer.text


def test_many_runs_take_no_more_queries_than_none(sit_down, session, engine):
    desk = sit_down(Role.CITY_OFFICER)

    def asked():
        session.commit()
        counted = []
        listener = lambda *given: counted.append(given[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", listener)
        desk.get("/timetable")
        event.remove(engine, "before_cursor_execute", listener)
        return len(counted)

    asked()
    before = asked()
    for minutes in range(5):
        slot = clock.now() - timedelta(minutes=minutes)
        begin_run(session, job="offer_beds", slot=slot, runner="r")
    assert asked() == before
