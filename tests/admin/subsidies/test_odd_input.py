"""Numbers no table holds, days no calendar has, letters nobody reads: refused, none breaks."""

import pytest

from server.identity.models import Role
from tests.factories.meals import make_site
from tests.factories.subsidies import make_run

CITY, AUDITOR, APPROVER = Role.CITY_OFFICER, Role.AUDITOR, Role.APPROVER
TOO_LARGE = (2**31, 2**63 - 1, 2**63)
A_BUDGET = {
    "line": "养老机构运营补贴", "year": "2026", "division_code": "1405",
    "document": "市民发〔2026〕1号", "holds_on": "2026-01-01",
}  # fmt: skip


@pytest.fixture
def run(session):
    return make_run(session, [{"site_id": make_site(session).id}])


@pytest.fixture
def at(sit_down):
    return lambda role: sit_down(role, division_code="1405")


@pytest.mark.parametrize("number", TOO_LARGE)
@pytest.mark.parametrize(
    ("role", "path"),
    [
        (CITY, "runs/{run}/lines/{number}"),
        (CITY, "runs/{run}/lines/{number}/records"),
        (CITY, "runs/{number}"),
        (AUDITOR, "audit/runs/{run}/lines/{number}"),
        (AUDITOR, "audit/runs/{run}/lines/1/meals/{number}"),
        (AUDITOR, "audit/samples/{number}"),
        (Role.CASHIER, "payments/{number}"),
    ],
)
def test_a_number_larger_than_any_is_nobodys(at, run, role, path, number):
    address = f"/subsidies/{path.format(run=run.id, number=number)}"

    assert at(role).get(address).status_code == 404


@pytest.mark.parametrize(
    ("role", "path", "form", "expected"),
    [
        (APPROVER, "approvals/{run}/held/2147483648/return", {}, 403),
        (APPROVER, "approvals/{run}/held", {"number": "2147483648", "words": "待核实"}, 403),
        (AUDITOR, "audit/samples/1/lines/2147483648", {"amount": "1"}, 404),
        (CITY, "recoveries", {"run": "{run}", "line": "2147483648", "finding": "1",
                              "amount": "1", "words": "属实"}, 404),
        (CITY, "runs/{run}/trials", {"place": "amounts.by_ability.1.fen", "value": "1e30"}, 422),
        (CITY, "runs/{run}/trials", {"place": "amounts.by_ability.9.fen", "value": "1"}, 422),
        (CITY, "budgets", A_BUDGET | {"amount": "1e100"}, 422),
        (CITY, "budgets", A_BUDGET | {"amount": "1e-9999999"}, 422),
        (CITY, "budgets", A_BUDGET | {"amount": "1", "words": "长" * 10_000}, 422),
        (CITY, "budgets", A_BUDGET | {"amount": "1", "document": "a\x00b"}, 422),
        (CITY, "budgets", A_BUDGET | {"amount": "1", "lucky": "1"}, 422),
        (CITY, "runs", {"programme": "facility_operation", "month": "2169-12", "months": "12",
                        "division": "1405"}, 409),
    ],
)  # fmt: skip
def test_a_form_that_nobody_means_is_refused(at, run, role, path, form, expected):
    form = {name: value.format(run=run.id) for name, value in form.items()}

    answer = at(role).post(f"/subsidies/{path.format(run=run.id)}", form)
    assert answer.status_code == expected


@pytest.mark.parametrize(
    "asked", ["since=9999-12", "since=0001-01", "known=9999-12-31", "known=0001-01-01"]
)
def test_a_day_that_no_calendar_of_ours_has_is_refused(at, run, asked):
    auditor = at(AUDITOR)

    assert auditor.get(f"/subsidies/audit?{asked}").status_code == 422
    assert auditor.get(f"/subsidies/audit/export.csv?{asked}").status_code == 422


@pytest.mark.parametrize("path", ["audit/programmes/x%00y", "audit/programmes/%00/sites/1"])
def test_an_address_with_what_no_text_holds_is_not_there(at, path):
    assert at(AUDITOR).get(f"/subsidies/{path}").status_code == 404


def test_a_line_larger_than_any_is_not_held_out(session, at, run):
    run_page = f"/subsidies/approvals/{run.id}"
    assert at(CITY).post(f"{run_page}/submission").status_code == 303
    approver = at(APPROVER)

    for number in TOO_LARGE[:2]:
        form = {"number": str(number), "words": "待核实"}
        assert approver.post(f"{run_page}/held", form).status_code == 409
        assert approver.post(f"{run_page}/held/{number}/return").status_code == 409
