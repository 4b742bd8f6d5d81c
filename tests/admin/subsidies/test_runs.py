"""Runs on the console: listed, begun, followed, summed, let go."""

import io

import pytest
from openpyxl import load_workbook

from server.identity.models import Role
from server.subsidies.models import SubsidyRun
from server.subsidies.reckoning import service
from tests.factories.reckoning import make_cases, reckon_all
from tests.factories.subsidies import make_version

LIVE = {"HX-Request": "true"}
START = {"programme": "facility_operation", "month": "2026-01", "months": "1"}


@pytest.fixture
def source(monkeypatch):
    monkeypatch.setattr(service, "require_source", lambda session, source: source)


def test_runs_are_listed_with_what_they_came_to(city, run):
    page = city.get("/subsidies/runs?programme=facility_operation&month=2026-01")

    assert page.status_code == 200
    for words in ("养老机构运营补贴", "已核算", "500.00", "晋城市"):
        assert words in page.text
    assert "500.00" not in city.get("/subsidies/runs?stage=paid").text


def test_the_file_says_what_the_list_says(city, run):
    answer = city.get("/subsidies/runs/export.xlsx?kind=regular")
    rows = list(load_workbook(io.BytesIO(answer.data)).active.values)

    assert [(row[0], row[8], row[12]) for row in rows[1:]] == [
        (run.id, 500, bytes(run.lines_digest).hex())
    ]


@pytest.mark.parametrize("asked", ["lucky=1", "stage=rich", "month=2026-13", "division=x"])
def test_a_filter_that_is_not_one_is_refused(city, run, asked):
    assert city.get(f"/subsidies/runs?{asked}").status_code == 422


def test_a_run_is_begun_and_followed(session, city, source):
    make_version(session)
    answer = city.post("/subsidies/runs", {**START, "division": "1405"})

    assert answer.status_code == 303
    there = answer.location.removeprefix("/admin")
    page = city.get(there)
    assert "归集数据" in page.text
    assert "every 2s" in page.text
    assert "归集数据" in city.get(f"{there}/live", **LIVE).text


def test_a_run_that_cannot_be_is_told_why(session, city, source, run):
    refused = city.post("/subsidies/runs", {**START, "division": "140502"})
    missing = city.post("/subsidies/runs", {**START, "programme": "nothing", "division": "140502"})

    assert refused.status_code == 409
    assert f"第 {run.id} 号核算已包含这些月份和地区" in refused.text
    assert missing.status_code == 409
    assert city.post("/subsidies/runs", {"months": "0"}).status_code == 422


def test_nobody_begins_a_run_out_of_reach(session, county, sit_down, source):
    make_version(session)

    assert county.post("/subsidies/runs", {**START, "division": "140521"}).status_code == 403
    auditor = sit_down(Role.AUDITOR)
    assert auditor.post("/subsidies/runs", {**START, "division": "1405"}).status_code == 403
    assert "开始核算" not in auditor.get("/subsidies/runs").text


def test_a_run_is_summed_by_outcome_reason_amount_and_site(city, run):
    page = city.get(f"/subsidies/runs/{run.id}").text

    for words in ("康乐养老院", "沁河养老院", "系数“等级系数”中没有适用的行", "200.00 – 499.99"):
        assert words in page
    assert bytes(run.lines_digest).hex() in page


def test_a_county_sees_its_own_part(county, run):
    page = county.get(f"/subsidies/runs/{run.id}").text

    assert "康乐养老院" in page
    assert "沁河养老院" not in page
    assert "300.00" in page


def test_progress_ends_in_the_whole_page(session, city, begun):
    live = f"/subsidies/runs/{begun.id}/live"
    assert "已核算 0 行" in city.get(live, **LIVE).text
    service.go_on(session, begun.id, slice_size=2)
    assert "66%" in city.get(live, **LIVE).text.replace(" ", "")
    reckon_all(session, begun)

    assert city.get(live, **LIVE).headers["HX-Refresh"] == "true"


def test_a_run_is_let_go_with_words(session, city, run):
    assert city.post(f"/subsidies/runs/{run.id}/discarding", {"words": ""}).status_code == 422
    answer = city.post(f"/subsidies/runs/{run.id}/discarding", {"words": "数据有误"})

    assert answer.status_code == 303
    assert "数据有误" in city.get(answer.location.removeprefix("/admin")).text
    again = city.post(f"/subsidies/runs/{run.id}/discarding", {"words": "数据有误"})
    assert again.status_code == 409


def test_a_county_does_not_let_a_run_of_the_city_go(session, county, run):
    answer = county.post(f"/subsidies/runs/{run.id}/discarding", {"words": "数据有误"})

    assert answer.status_code == 403
    assert session.get_one(SubsidyRun, run.id).stage == "computed"


def test_more_runs_need_no_more_statements(session, city, cases, run, statements):
    def sent():
        city.get("/subsidies/runs")
        with statements() as told:
            city.get("/subsidies/runs")
        return len(told)

    few = sent()
    for month in range(5):
        make_cases(session, [], first_month=run.first_month.replace(month=month + 2))

    assert sent() == few
