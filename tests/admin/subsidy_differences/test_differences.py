"""What waits to be put right: listed within reach with its reason, taken out, and put right."""

import io

import pytest
from openpyxl import load_workbook
from sqlmodel import select

from server.identity.models import Role
from server.subsidies.models import RunKind, SubsidyRun
from tests.factories.differences import reckoned_run
from tests.factories.subsidies import make_version

PAGE = "/subsidies/differences"


def test_what_waits_is_told_with_its_reason(city, looked):
    page = city.get(PAGE).text

    for words in (
        "赵**",
        "康乐养老院",
        "沁河养老院",
        "事实变更",
        "当月在院天数 31 → 10",
        "−300.00",
        "1,200.00",
    ):
        assert words in page
    assert "赵秀兰" not in page
    assert f'href="/admin/subsidies/runs/{looked.id}/lines/1"' in page


@pytest.mark.parametrize(
    ("asked", "is_there"),
    [("month=2026-01", True), ("kind=gone", False), ("kind=facts", True), ("month=2026-05", False),
     ("programme=facility_operation", True), ("programme=voucher", False)],
)  # fmt: skip
def test_what_waits_is_filtered(city, looked, asked, is_there):
    assert ("当月在院天数" in city.get(f"{PAGE}?{asked}").text) is is_there


@pytest.mark.parametrize(
    "asked", ["lucky=1", "kind=rich", "month=2026-13", "run=0", "after=-1", "programme=%3Cb%3E"]
)
def test_a_filter_that_is_not_one_is_refused(city, looked, asked):
    assert city.get(f"{PAGE}?{asked}").status_code == 422


def test_a_county_sees_its_own_sites_and_puts_no_run_of_the_city_right(county, looked):
    page = county.get(f"{PAGE}?run={looked.id}").text

    assert "康乐养老院" in page
    assert "沁河养老院" not in page
    assert "开始差额核算" not in page
    for step in ("look", "start"):
        assert county.post(f"{PAGE}/runs/{looked.id}/{step}").status_code == 403


def test_the_file_says_what_the_list_says(city, looked):
    answer = city.get(f"{PAGE}/export.xlsx?run={looked.id}")
    rows = list(load_workbook(io.BytesIO(answer.data)).active.values)

    assert [(row[3], row[5], row[6], row[7], row[8]) for row in rows[1:3]] == [
        ("赵**", "2026-01", 300, 0, -300), ("赵**", "2026-02", 300, 0, -300),
    ]  # fmt: skip
    assert len(rows) == 5


def test_a_run_is_looked_at_now_and_put_right(session, city, run):
    there = f"{PAGE}?run={run.id}"
    assert "没有需要更正的补贴" in city.get(there).text
    assert city.post(f"{PAGE}/runs/{run.id}/look").status_code == 303
    assert "开始差额核算" in city.get(there).text

    answer = city.post(f"{PAGE}/runs/{run.id}/start")

    made = session.exec(select(SubsidyRun).where(SubsidyRun.kind == RunKind.DIFFERENCE)).one()
    assert answer.location == f"/admin/subsidies/runs/{made.id}"
    assert made.total_fen == -120_000
    assert f"更正第 {run.id} 号核算" in city.get(f"/subsidies/runs/{made.id}").text
    assert "没有需要更正的补贴" in city.get(there).text
    again = city.post(f"{PAGE}/runs/{run.id}/start")
    assert again.status_code == 409


def test_a_trial_is_not_put_right(session, city):
    trial = reckoned_run(session, make_version(session), kind=RunKind.WHAT_IF)

    assert city.post(f"{PAGE}/runs/{trial.id}/look").status_code == 409
    assert "立即比对" not in city.get(f"{PAGE}?run={trial.id}").text


def test_whoever_only_looks_begins_nothing(sit_down, looked):
    auditor = sit_down(Role.AUDITOR)

    assert auditor.get(PAGE).status_code == 200
    assert auditor.post(f"{PAGE}/runs/{looked.id}/start").status_code == 403


def test_many_cases_take_no_more_statements_than_few(session, city, looked, statements):
    with statements() as few:
        city.get(f"{PAGE}?kind=facts&month=2026-01")
    with statements() as many:
        city.get(PAGE)

    assert len(many) == len(few)
