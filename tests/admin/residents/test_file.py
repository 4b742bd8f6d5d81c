"""openFile and the tabs behind it: a reason first, and everybody can see it."""

from datetime import timedelta

import pytest
import time_machine

from server import clock
from server.identity.models import Role
from tests.admin.belonging import AcceptsFrom, OpensFor
from tests.admin.page_lint import read
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.people import an_id_number, make_resident

OFFICES = {Role.COMMUNITY_WORKER, Role.COUNTY_OFFICER, Role.CITY_OFFICER, Role.AUDITOR}
COUNTY = "140502"
NUMBER = an_id_number(321)
TABS = ("", "/status", "/helpers", "/meals", "/departures", "/history")


class TestTheFile(OpensFor):
    roles = OFFICES

    @pytest.fixture
    def address(self, mother):
        return f"/residents/{mother.id}"


class TestOpening(AcceptsFrom):
    roles = OFFICES

    @pytest.fixture
    def address(self, mother):
        return f"/residents/{mother.id}/openings"

    @pytest.fixture
    def form(self):
        return {"reason": "本人到窗口"}


@pytest.fixture
def mother(session):
    return make_resident(
        session, name="李秀英", phone="+8613912340001", id_number=NUMBER, address="建设路3巷5号"
    )


@pytest.fixture
def stranger_to_us(session):
    return make_resident(session, name="王桂兰", village_code=OTHER_COUNTY_VILLAGE)


@pytest.fixture
def worker(sit_down):
    return sit_down(Role.COMMUNITY_WORKER, division_code=COUNTY)


@pytest.fixture
def opened(worker, mother):
    worker.post(f"/residents/{mother.id}/openings", {"reason": "本人到窗口"})
    return worker


def test_before_a_reason_is_said_nothing_is_shown(worker, mother):
    for tab in TABS:
        page = worker.get(f"/residents/{mother.id}{tab}").text
        assert "为什么要打开李**的档案" in page
        assert NUMBER not in page
        assert "建设路3巷" not in page


def test_the_part_that_was_asked_for_is_what_opens(worker, mother):
    page = read(worker.get(f"/residents/{mother.id}/helpers").text)
    form = {e.attributes["name"]: e.attributes.get("value", "") for e in page.find("input")}

    answer = worker.post(
        f"/residents/{mother.id}/openings", {"reason": "本人到窗口", "next": form["next"]}
    )

    assert answer.headers["Location"] == f"/admin/residents/{mother.id}/helpers"


def test_a_reason_opens_the_file_for_half_an_hour(opened, mother):
    page = opened.get(f"/residents/{mother.id}").text
    assert NUMBER in page
    assert "13912340001" in page

    with time_machine.travel(clock.now() + timedelta(minutes=31)):
        assert NUMBER not in opened.get(f"/residents/{mother.id}").text


@pytest.mark.parametrize("reason", ["", " ", "x", "长" * 201])
def test_no_reason_no_file(worker, mother, reason):
    answer = worker.post(f"/residents/{mother.id}/openings", {"reason": reason})

    assert answer.status_code == 422
    assert NUMBER not in worker.get(f"/residents/{mother.id}").text


def test_an_opening_is_mine_alone(opened, mother, sit_down):
    colleague = sit_down(Role.COUNTY_OFFICER, division_code=COUNTY)

    assert NUMBER not in colleague.get(f"/residents/{mother.id}").text


def test_who_looked_is_written_down(opened, mother):
    page = opened.get(f"/residents/{mother.id}/history").text

    assert "本人到窗口" in page
    assert "王主任" in page
    assert "查看档案" in page


@pytest.mark.parametrize("tab", TABS)
def test_somebody_of_another_county_is_not_there(worker, stranger_to_us, tab):
    assert worker.get(f"/residents/{stranger_to_us.id}{tab}").status_code == 404
    answer = worker.post(f"/residents/{stranger_to_us.id}/openings", {"reason": "想看看"})
    assert answer.status_code == 404


def test_a_form_cannot_be_sent_into_a_closed_file(worker, mother):
    for path, form in {
        "status/contact": {"village_code": mother.village_code},
        "status/hardship": {"tier": "dibao", "starts_on": "2026-01-01"},
        "helpers": {"holder_name": "王丽", "helper_phone": "13900001234", "relation": "child"},
    }.items():
        assert worker.post(f"/residents/{mother.id}/{path}", form).status_code == 403


def test_phone_and_address_are_corrected(opened, mother):
    form = {"phone": "0356-2022222", "address": "新市街1号", "village_code": mother.village_code}
    assert opened.post(f"/residents/{mother.id}/status/contact", form).status_code == 303

    page = opened.get(f"/residents/{mother.id}").text
    assert "03562022222" in page or "3562022222" in page
    assert "新市街1号" in page


@pytest.mark.parametrize(
    "form",
    [
        {"phone": "123", "village_code": "140502001001"},
        {"phone": "13912340001", "village_code": OTHER_COUNTY_VILLAGE},
        {"phone": "13912340001"},
        {"phone": "13912340001", "village_code": "140502001001", "died_on": "2026-01-01"},
    ],
)
def test_a_contact_that_cannot_be_is_refused_and_nothing_changes(opened, mother, form):
    answer = opened.post(f"/residents/{mother.id}/status/contact", form)

    assert answer.status_code == 422
    assert "没有改动" in answer.text
    assert "建设路3巷5号" in opened.get(f"/residents/{mother.id}").text


def test_a_refused_form_is_no_act(opened, mother):
    opened.post(f"/residents/{mother.id}/status/contact", {"phone": "123"})

    assert "修改电话或住址" not in opened.get(f"/residents/{mother.id}/history").text


def test_hardship_begins_ends_and_never_overlaps(opened, mother):
    address = f"/residents/{mother.id}/status"
    form = {"tier": "dibao", "starts_on": "2026-01-01"}
    assert opened.post(f"{address}/hardship", form).status_code == 303
    assert opened.post(f"{address}/hardship", form).status_code == 409

    page = read(opened.get(address).text)
    end = next(
        one.attributes["action"]
        for one in page.find("form")
        if one.attributes.get("action", "").endswith("/end")
    )
    answer = opened.post(end.removeprefix("/admin"), {"last_day": "2026-03-31"})
    assert answer.status_code == 303
    again = {"tier": "tekun", "starts_on": "2026-04-01"}
    assert opened.post(f"{address}/hardship", again).status_code == 303

    page = opened.get(address).text
    assert "2026年3月31日" in page
    assert "特困（分散供养）" in page


def test_why_someone_is_called_on_is_noted_once(opened, mother):
    address = f"/residents/{mother.id}/status/special-care"
    form = {"care": "living_alone", "starts_on": "2026-01-01"}

    assert opened.post(address, form).status_code == 303
    assert opened.post(address, form).status_code == 409


def test_meals_show_who_pays_which_part(opened, session, mother, sitting):
    page = opened.get(f"/residents/{mother.id}/meals").text

    assert "已订的餐" in page
    assert "以往用餐" in page
