"""Budgets on the console: bars, forecast, changes by two people."""

import io

import pytest
from openpyxl import load_workbook

from server import clock
from server.identity.models import Role
from tests.factories.subsidy_money import LINE, make_budget, send_batch

YEAR = str(clock.today().year)


def form(**changes):
    given = {"line": LINE, "year": YEAR, "division_code": "1405", "amount": "5000.00",
             "document": "市财预〔2026〕3号", "holds_on": "2026-01-05"}  # fmt: skip
    return given | changes


def decision_in(page):
    return page.partition("/budgets/changes/")[2].partition('"')[0]


def test_entered_by_one_and_accepted_by_another(officer, approver, auditor):
    asked = officer.post("/subsidies/budgets", form())
    address = asked.location.removeprefix("/admin")
    page = approver.get(address).text
    assert "市财预〔2026〕3号" in page
    decided = f"/subsidies/budgets/changes/{decision_in(page)}"
    assert officer.post(decided, {"is_right": "true"}).status_code == 403
    assert approver.post(decided, {"is_right": "true"}).status_code == 303

    assert "5,000.00" in auditor.get("/subsidies/budgets").text
    assert approver.post(decided, {"is_right": "true"}).status_code == 409


def test_no_is_said_with_words(officer, approver):
    asked = officer.post("/subsidies/budgets", form())
    page = approver.get(asked.location.removeprefix("/admin")).text
    decided = f"/subsidies/budgets/changes/{decision_in(page)}"

    assert approver.post(decided, {"is_right": "false"}).status_code == 422
    assert approver.post(decided, {"is_right": "false", "answer": "无文件"}).status_code == 303


@pytest.mark.parametrize(
    "wrong", [{"amount": "0"}, {"amount": "1.005"}, {"amount": "x"}, {"document": ""}]
)
def test_what_is_wrong_is_said(officer, wrong):
    assert officer.post("/subsidies/budgets", form(**wrong)).status_code == 422


def test_another_city_is_nobodys(officer):
    assert officer.post("/subsidies/budgets", form(division_code="1406")).status_code == 404


def test_what_is_used_and_the_years_forecast(session, auditor, budget, run):
    send_batch(session, budget, run)
    page = auditor.get(f"/subsidies/budgets?year={YEAR}").text

    assert "900.00" in page
    assert "10,800.00" in page
    rows = list(
        load_workbook(io.BytesIO(auditor.get("/subsidies/budgets/export.xlsx").data)).active.values
    )
    assert rows[1][4] == 900
    assert rows[1][8] == 10800
    assert "市民发" in auditor.get(f"/subsidies/budgets/{budget}/export.csv").text


def test_a_county_sees_its_own(session, sit_down):
    make_budget(session, division_code="140502")
    make_budget(session, division_code="140521", line="别县科目")
    page = sit_down(Role.COUNTY_OFFICER, division_code="140502").get("/subsidies/budgets").text

    assert LINE in page
    assert "别县科目" not in page


def test_more_budgets_need_no_more_statements(session, auditor, statements):
    def sent():
        auditor.get("/subsidies/budgets")
        with statements() as told:
            auditor.get("/subsidies/budgets")
        return len(told)

    make_budget(session)
    few = sent()
    for line in ("助餐", "培训", "家庭床位"):
        make_budget(session, line=line)

    assert sent() == few
