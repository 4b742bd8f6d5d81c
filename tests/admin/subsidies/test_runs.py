"""Runs on the console: listed, begun, followed, summed, let go."""

import io

import pytest
from openpyxl import load_workbook

from server.identity.models import Role
from server.subsidies.approvals.reviewing import submit_run
from server.subsidies.models import RunStage, SubsidyRun
from server.subsidies.reckoning import service
from tests.factories.claims import claimed_programme, make_published
from tests.factories.people import make_resident
from tests.factories.reckoning import make_cases, reckon_all
from tests.factories.subsidies import make_run, make_version, move_run

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


def test_a_desk_without_runs_says_what_comes_first(session, city, sit_down):
    page = city.get("/subsidies/runs").text
    assert "还没有核算过补贴" in page
    assert "先提交并启用补贴政策包" in page
    make_version(session)

    assert 'href="#begin"' in city.get("/subsidies/runs").text
    assert "由县级或市级补贴经办人发起" in sit_down(Role.AUDITOR).get("/subsidies/runs").text


def test_a_search_that_finds_nothing_leads_back(city, run):
    page = city.get("/subsidies/runs?stage=paid").text

    assert "没有符合条件的核算" in page
    assert "查看全部核算" in page


@pytest.mark.parametrize(
    ("stage", "step", "next_one"),
    [(RunStage.COMPUTED, "提交", "经办人核对明细和疑点，然后提交审批。"),
     (RunStage.APPROVED, "公示", "经办人公示名单"),
     (RunStage.PAYABLE, "发放", "出纳生成发放批次。"),
     (RunStage.PAID, "完成", "已全部发放。")],
)  # fmt: skip
def test_a_run_says_how_far_it_is_and_what_is_next(session, city, run, stage, step, next_one):
    move_run(session, run, stage)

    page = city.get(f"/subsidies/runs/{run.id}").text

    assert f'aria-current="step"><span>{step}</span></li>' in page
    assert next_one in page


def test_a_run_in_approval_names_the_office_it_waits_for(session, city, run):
    submit_run(session, run.id)

    for page in (f"/subsidies/runs/{run.id}", f"/subsidies/approvals/{run.id}"):
        assert "等待市级审批" in city.get(page).text


def test_a_run_in_notice_says_until_when(session, city, homes):
    home = homes[0]
    county = home.division_code[:6]
    run = make_published(session, make_resident(session), home, county=county, sign="甲")

    page = city.get(f"/subsidies/runs/{run.id}").text

    assert "公示到 2" in page
    assert "去公示页" in page


def test_a_trial_has_no_way_to_go(session, city, run):
    trial = service.start_trial(session, run.id, {})

    assert "办理进度" not in city.get(f"/subsidies/runs/{trial.id}").text


def test_a_run_is_summed_by_outcome_reason_amount_and_site(city, run):
    page = city.get(f"/subsidies/runs/{run.id}").text

    for words in (
        "康乐养老院",
        "沁河养老院",
        "系数“等级系数”中没有适用的行",
        "200.00 – 299.99",
        "300.00 – 499.99",
    ):
        assert words in page
    assert bytes(run.lines_digest).hex() in page


def test_a_county_sees_its_own_part(county, run):
    page = county.get(f"/subsidies/runs/{run.id}").text

    assert "康乐养老院" in page
    assert "沁河养老院" not in page
    assert "300.00" in page


def test_a_run_says_on_which_claims_it_rests(session, city, homes):
    version = make_version(session, claimed_programme(programme="renovation", family="renovation"))
    run = make_run(session, [{"site_id": homes[0].id}], version=version)
    assert "已通过 0 份" in city.get(f"/subsidies/runs/{run.id}").text


def test_a_run_that_nobody_claims_says_so(city, run):
    assert "免申即享" in city.get(f"/subsidies/runs/{run.id}").text


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
