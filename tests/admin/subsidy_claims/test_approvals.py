"""Runs before those who approve them: submitted, gone through, signed, followed, held out of."""

import io

import pytest
from openpyxl import load_workbook

from admin.subsidy_claims import held_views
from server.findings.models import Finding, FindingKind, FindingState
from server.identity.models import Role
from server.subsidies.checks.models import FindingLine
from server.subsidies.models import RunKind, RunStage
from tests.cities import OTHER_COUNTY_VILLAGE
from tests.factories.claims import COUNTY
from tests.factories.subsidies import make_run, move_run

LIVE = {"HX-Request": "true"}
LIST = "/subsidies/approvals"


@pytest.fixture
def there(run):
    return f"{LIST}/{run.id}"


@pytest.fixture
def submitted(city, there):
    assert city.post(f"{there}/submission").status_code == 303


@pytest.fixture
def finding(session, run, home):
    """Paid after a death, and nobody has looked into it."""
    found = Finding(
        kind=FindingKind.SUBSIDY_AFTER_DEATH, subject=f"line:{run.id}:1", site_id=home.id,
        evidence={}, found_at=run.made_at,
    )  # fmt: skip
    session.add(found)
    session.flush()
    session.add(FindingLine(finding_id=found.id, run_id=run.id, number=1))
    session.flush()
    return found


def settle(session, finding, run):
    finding.state, finding.note = FindingState.FALSE_ALARM, "同名同姓"
    finding.owner_id, finding.due_on = run.made_by, run.made_at.date()
    finding.taken_at = finding.settled_at = run.made_at
    session.flush()


def rows_of(answer):
    return list(load_workbook(io.BytesIO(answer.data)).active.values)


def test_a_run_that_takes_back_more_than_it_gives_is_signed_with_its_total(
    session, run, home, version, city, approver, approve_all, stage_of
):
    line = {"site_id": home.id, "amount_fen": -20_000, "of_run_id": run.id, "of_number": 1}
    back = make_run(session, [line], version=version, kind=RunKind.DIFFERENCE, of_run_id=run.id)
    there = f"{LIST}/{back.id}"
    assert city.post(f"{there}/submission").status_code == 303

    assert approver.post(f"{there}/signature", {"amount": "200.00"}).status_code == 409
    assert approver.post(f"{there}/signature", {"amount": "-200.00"}).status_code == 303
    approve_all()
    assert stage_of(back) is RunStage.APPROVED


@pytest.mark.parametrize("amount", ["1e100", "1e-9999999", "1E+999999999", "NaN", "0.001", "九百"])
def test_a_total_that_is_no_amount_is_refused(run, submitted, approver, there, amount):
    assert approver.post(f"{there}/signature", {"amount": amount}).status_code == 422


def test_the_page_of_a_run_has_a_door_to_its_approval(city, run, there):
    page = city.get(f"/subsidies/runs/{run.id}").text

    assert f'href="/admin{there}"' in page
    assert "提交审批" in page


def test_runs_that_wait_come_first_and_are_marked_for_whom_they_wait(
    session, run, submitted, approver, city
):
    later = make_run(session, first_month=run.first_month.replace(month=2))
    page = approver.get(LIST).text

    assert page.index(f"{run.id} 养老机构") < page.index(f"{later.id} 养老机构")
    assert "待您审批" in page
    assert "待您审批" not in city.get(LIST).text
    assert "市级" in page


def test_the_file_says_what_the_list_says(run, submitted, approver):
    rows = rows_of(approver.get(f"{LIST}/export.xlsx?stage=in_approval"))

    assert [(row[0], row[5], row[6], row[9]) for row in rows[1:]] == [
        (run.id, "审批中", "市级", 900)
    ]


@pytest.mark.parametrize("asked", ["lucky=1", "stage=rich", "programme=<b>"])
def test_a_filter_that_is_not_one_is_refused(approver, run, asked):
    assert approver.get(f"{LIST}?{asked}").status_code == 422
    assert approver.get(f"{LIST}/export.csv?{asked}").status_code == 422


@pytest.mark.parametrize("asked", ["lucky=1", "band=99", "site=0"])
def test_a_filter_of_lines_that_is_not_one_is_refused(approver, there, asked):
    assert approver.get(f"{there}/lines?{asked}").status_code == 422


def test_a_run_is_shown_by_amount_and_by_site(approver, there):
    page = approver.get(there).text

    for words in ("300.00 – 499.99", "500.00 – 999.99", "康乐养老院", "900.00"):
        assert words in page
    assert "您的意见" not in page


def test_it_is_approved_by_another_with_the_total_typed(
    run, there, submitted, approver, approve_all, stage_of
):
    assert "您是最后一级" in approver.get(there).text
    assert approver.post(f"{there}/signature", {"amount": "900.01"}).status_code == 409
    assert approver.post(f"{there}/signature", {"amount": ""}).status_code == 422
    assert approver.post(f"{there}/signature", {"amount": "900"}).status_code == 303

    assert "正在分批审批" in approver.get(there).text
    assert "已完成 0 / 1 批" in approver.get(f"{there}/live", **LIVE).text
    approve_all()
    assert approver.get(f"{there}/live", **LIVE).headers["HX-Refresh"] == "true"
    assert stage_of(run) is RunStage.APPROVED
    assert "批准" in approver.get(there).text


def test_the_maker_never_approves(run, submitted, city, there, stage_of):
    assert city.post(f"{there}/signature", {"amount": "900"}).status_code == 403
    assert "您的意见" not in city.get(there).text
    assert stage_of(run) is RunStage.IN_APPROVAL


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.CASHIER])
def test_whoever_only_looks_says_nothing(sit_down, role, there, submitted):
    desk = sit_down(role)

    assert desk.get(there).status_code == 200
    assert desk.post(f"{there}/signature", {"amount": "900"}).status_code == 403
    assert desk.post(f"{there}/held", {"number": ["1"], "words": "待核实"}).status_code == 403


def test_a_run_is_given_back_with_words(run, there, submitted, approver, city, stage_of):
    assert approver.post(f"{there}/return", {"words": ""}).status_code == 422
    assert approver.post(f"{there}/return", {"words": "星级有误"}).status_code == 303

    assert stage_of(run) is RunStage.COMPUTED
    assert "星级有误" in city.get(there).text


def test_an_open_finding_is_named_and_stops_the_signature(
    session, run, there, finding, city, approver
):
    page = city.get(there).text
    assert "1 条未处理的疑点" in page
    assert f"#{finding.id}" in page
    assert "离世后仍发补贴" in page
    assert "{programme}" not in page
    assert city.post(f"{there}/submission").status_code == 303
    refused = approver.post(f"{there}/signature", {"amount": "900"})

    assert refused.status_code == 409
    assert "疑点" in refused.text
    settle(session, finding, run)
    assert approver.post(f"{there}/signature", {"amount": "900"}).status_code == 303


def test_lines_that_come_to_nothing_are_not_counted_as_due(session, home, version, city):
    lines = [{"site_id": home.id}, {"site_id": home.id, "outcome": "nothing", "amount_fen": 0}]
    run = make_run(session, lines, version=version)

    page = city.get(f"/subsidies/approvals/{run.id}").text

    assert 'stat__figure">1<span class="stat__unit"> 笔</span></span>' in page
    assert 'stat__figure">2<span class="stat__unit"> 笔</span></span>' not in page


def test_whose_turn_it_is_stands_at_the_top(there, submitted, city, approver):
    assert "等待市级审批；经办人自己不能审批。" in city.get(there).text
    assert "轮到您" in approver.get(there).text
    assert "轮到您" not in city.get(there).text


def test_a_finding_after_approval_keeps_its_lines_from_payment(session, run, there, finding, city):
    move_run(session, run, RunStage.IN_NOTICE)

    page = city.get(there).text

    assert "有关明细暂不发放" in page
    assert "不能送审和批准" not in page


def test_a_finding_made_later_stops_the_last_word(there, submitted, finding, approver):
    assert approver.post(f"{there}/signature", {"amount": "900"}).status_code == 409


def test_lines_are_held_out_with_a_reason_and_put_back(
    run, there, submitted, approver, approve_all
):
    page = approver.get(f"{there}/lines?band=4").text
    assert "李**" in page
    assert "剔除第 1 条" in page
    held = approver.post(f"{there}/held", {"number": ["1"], "words": "待核实"})
    assert held.status_code == 303

    page = approver.get(there).text
    for words in ("待核实", "李**", "审批剔除", "600.00", "恢复第 1 条"):
        assert words in page
    again = approver.post(f"{there}/held", {"number": ["1"], "words": "待核实"})
    assert again.status_code == 409
    assert approver.post(f"{there}/held/1/return").status_code == 303
    assert approver.post(f"{there}/held/1/return").status_code == 409
    approver.post(f"{there}/held", {"number": ["2"], "words": "待核实"})
    assert approver.post(f"{there}/signature", {"amount": "300"}).status_code == 303
    approve_all()

    rows = rows_of(approver.get(f"{there}/held/export.xlsx"))
    assert [(row[0], row[4], row[6]) for row in rows[1:]] == [(2, 600, "待核实")]
    assert "恢复第 2 条" not in approver.get(there).text


def test_a_reason_is_asked_for(there, submitted, approver):
    assert approver.post(f"{there}/held", {"number": ["1"], "words": ""}).status_code == 422
    assert approver.post(f"{there}/held", {"words": "待核实"}).status_code == 422


def test_the_maker_holds_nothing_out(there, submitted, city):
    assert city.post(f"{there}/held", {"number": ["1"], "words": "待核实"}).status_code == 403
    assert "剔除所选明细" not in city.get(f"{there}/lines").text


def test_lines_can_be_taken_out(there, approver, monkeypatch):
    rows = rows_of(approver.get(f"{there}/lines/export.xlsx"))

    assert [(row[0], row[4]) for row in rows[1:]] == [(2, 600), (1, 300)]
    monkeypatch.setattr(held_views, "MOST_EXPORTED", 1)
    assert approver.get(f"{there}/lines/export.csv").status_code == 409


def test_a_county_signs_what_is_its_own_before_the_city(
    session, version, county, city, approver, sit_down
):
    run = make_run(session, [{}], version=version, division_code=COUNTY)
    there = f"{LIST}/{run.id}"
    assert city.post(f"{there}/submission").status_code == 303
    assert "本级同意" in county.get(there).text
    assert "您的意见" not in approver.get(there).text
    assert approver.post(f"{there}/signature", {"amount": "300"}).status_code == 403
    assert county.post(f"{there}/signature", {"amount": "300"}).status_code == 303
    assert approver.post(f"{there}/signature", {"amount": "300"}).status_code == 303
    assert county.post(f"{there}/signature", {"amount": "300"}).status_code == 409
    other = sit_down(Role.COUNTY_OFFICER, division_code=OTHER_COUNTY_VILLAGE[:6])
    assert other.get(there).status_code == 404
    assert other.post(f"{there}/signature", {"amount": "300"}).status_code == 404


def test_a_county_submits_nothing(county, session, version):
    run = make_run(session, [{}], version=version, division_code=COUNTY)

    assert county.post(f"{LIST}/{run.id}/submission").status_code == 403


def test_more_runs_and_lines_need_no_more_statements(
    session, run, there, version, approver, statements
):
    def sent(address):
        approver.get(address)
        with statements() as told:
            approver.get(address)
        return len(told)

    few = [sent(address) for address in (LIST, f"{there}/lines")]
    for month in range(3):
        later = run.first_month.replace(month=month + 2)
        many = make_run(session, [{}] * 4, version=version, first_month=later)
    many = move_run(session, many, RunStage.COMPUTED)

    assert [sent(address) for address in (LIST, f"{LIST}/{many.id}/lines")] == few
