"""The county draws a month, rings people up one by one, and reads what it came to."""

import re
from datetime import timedelta

import pytest

from server import clock
from server.identity.models import Role
from server.residents.models import Resident
from tests.factories.street import Street

PHONE = "+8613800011234"


@pytest.fixture
def month():
    return (clock.today().replace(day=1) - timedelta(days=1)).replace(day=1)


@pytest.fixture
def street(session, month):
    street = Street(session)
    street.proved(on=month)
    session.get(Resident, street.bed.resident_id).phone = PHONE
    return street


@pytest.fixture
def county(sit_down):
    return sit_down(Role.COUNTY_OFFICER, division_code="140502")


def draw(desk, month, **given):
    form = {"month": f"{month:%Y-%m}", "county": "140502", "seed": "03 08 21"} | given
    return desk.post("/homecare/calls", form)


@pytest.fixture
def sample(street, county, month):
    return draw(county, month).headers["Location"].removeprefix("/admin")


@pytest.fixture
def call(county, sample):
    return county.post(f"{sample}/next").headers["Location"].removeprefix("/admin")


def test_a_month_is_drawn_once_and_says_how(street, county, month, sample):
    page = county.get(sample).text

    assert "03 08 21" in page
    assert "未变" in page
    assert draw(county, month, seed="another").status_code == 409


def test_no_county_draws_in_another(street, county, month):
    assert draw(county, month, county="140521").status_code == 404


def test_the_number_is_hidden_until_it_is_opened(county, call, session):
    assert "138****1234" in county.get(call).text

    county.post(f"{call}/number")

    assert f'href="tel:{PHONE}"' in county.get(call).text


def test_what_was_said_is_kept_and_found(county, sample, call):
    said = {
        "there": "no",
        "stayed": "unknown",
        "did": "nothing",
        "content": "bad",
        "remark": "没人",
    }
    assert county.post(f"{call}/answers", said).status_code == 303

    assert "没人" in county.get(call).text
    assert "不符" in county.get(f"{sample}?result=contradicts").text
    assert "电话回访：有没有人来——没来过" in county.get("/findings").text


def test_who_is_not_reached_waits_and_nothing_else_does(county, sample, call):
    county.post(f"{call}/tries", {"try_outcome": "no_answer"})

    assert county.post(f"{sample}/next").headers["Location"].endswith("#nobody-waits")
    assert re.search(r"再打", county.get(sample).text)


def test_nobody_claims_to_have_talked_without_answers(county, call):
    assert county.post(f"{call}/tries", {"try_outcome": "talked"}).status_code == 422


def test_the_list_and_the_calls_are_files(county, sample, call):
    assert "签号" in county.get(f"{sample}/list.csv").text
    assert "抽样次序" in county.get(f"{sample}/export.csv").text


def test_an_auditor_reads_and_does_not_ring(sit_down, sample, call):
    auditor = sit_down(Role.AUDITOR)

    assert auditor.get(sample).status_code == 200
    assert auditor.get(call).status_code == 200
    assert auditor.post(f"{call}/number").status_code == 403
