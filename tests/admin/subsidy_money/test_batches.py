"""The cashier's desk, the approver's check, the file, the bank's answer, and the books closed."""

import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from server.identity.models import Role
from server.subsidies.payments.models import BatchState, SubsidyBatch
from server.subsidies.payments.rules import number_of
from tests.factories.people import make_resident
from tests.factories.subsidy_money import a_return, give_elder_account, make_payable, payments_of

ACCOUNT = "6228480000000000300"
RUNS = text("SELECT id FROM subsidy_run WHERE stage = 'payable' ORDER BY id")


@pytest.fixture
def batch(session, cashier, budget, run):
    form = {"budget_id": str(budget), "run_ids": str(run.id)}
    answer = cashier.post("/subsidies/batches", form)
    return int(answer.location.rpartition("/")[2])


@pytest.fixture
def checked(approver, batch):
    assert approver.post(f"/subsidies/batches/{batch}/check").status_code == 303
    return batch


@pytest.fixture
def sent(cashier, checked):
    form = {"layout": "generic", "ending": "csv", "purpose": "运营补贴"}
    assert cashier.post(f"/subsidies/batches/{checked}/file", form).status_code == 303
    assert cashier.post(f"/subsidies/batches/{checked}/sending").status_code == 303
    return checked


def stored(session, batch):
    session.expire_all()
    return session.get(SubsidyBatch, batch)


def take(desk, batch, content):
    form = {"layout": "generic", "answer": (io.BytesIO(content), "回盘.csv")}
    return desk.post(f"/subsidies/batches/{batch}/returns", form)


def test_the_desk_says_what_may_be_paid_and_who_cannot_be(session, cashier, budget, run, version):
    nobody = make_resident(session, name="李无账户")
    make_payable(session, [{"resident_id": nobody.id, "month": run.first_month.replace(month=2)}],
                 version=version)  # fmt: skip
    page = cashier.get("/subsidies/batches/desk").text

    assert "900.00" in page
    assert "李**" in page
    assert "李无账户" not in page
    assert "未登记收款账户" in page


def test_without_a_budget_nothing_can_be_made(cashier, run):
    assert "本年度没有对应的预算" in cashier.get("/subsidies/batches/desk").text


def test_over_the_budget_the_page_says_by_how_much(session, cashier, officer, approver, run):
    form = {"line": "养老机构运营补贴", "year": "2026", "division_code": "1405",
            "amount": "100.00", "document": "市财预〔2026〕3号",
            "holds_on": "2026-01-05"}  # fmt: skip
    form["year"] = str(run.made_at.year)
    change = officer.post("/subsidies/budgets", form)
    budget = change.location.rpartition("/")[2]
    page = approver.get(f"/subsidies/budgets/{budget}").text
    number = page.partition("/budgets/changes/")[2].partition('"')[0]
    approver.post(f"/subsidies/budgets/changes/{number}", {"is_right": "true"})
    answer = cashier.post("/subsidies/batches", {"budget_id": budget, "run_ids": str(run.id)})

    assert answer.status_code == 409
    assert "800.00" in answer.text


def test_who_made_it_does_not_check_it(cashier, batch):
    assert cashier.post(f"/subsidies/batches/{batch}/check").status_code == 403


def test_the_file_is_the_same_every_time_and_its_taking_is_noted(session, cashier, auditor, sent):
    openings = f"/subsidies/batches/{sent}/file/openings"
    first = cashier.post(openings, {"reason": "送银行"})
    second = cashier.post(openings, {"reason": "银行没收到"})

    assert first.data == second.data
    assert ACCOUNT in first.data.decode("utf-8-sig")
    page = auditor.get(f"/subsidies/batches/{sent}").text
    assert "银行没收到" in page
    assert ACCOUNT not in page
    assert "****0300" in page
    assert cashier.post(openings, {"reason": ""}).status_code == 422
    assert auditor.post(openings, {"reason": "看看"}).status_code == 403


def test_an_answer_with_a_failure_and_the_page_says_why(session, cashier, sent):
    payments = payments_of(session, stored(session, sent))
    assert take(cashier, sent, a_return(payments, {payments[0].id})).status_code == 303
    page = cashier.get(f"/subsidies/batches/{sent}").text

    assert "账号户名不符" in page
    assert "1 笔发放失败" in page
    batch = stored(session, sent)
    assert (batch.paid_fen, batch.failed_fen) == (60000, 30000)


def test_what_became_of_it_is_drawn_once_it_is_with_the_bank(cashier, sent):
    assert "发放结果（元）" in cashier.get(f"/subsidies/batches/{sent}").text
    assert "已到账比例" in cashier.get("/subsidies/batches").text


def test_no_batch_yet_says_who_makes_one(cashier):
    assert "由出纳在工作台生成批次" in cashier.get("/subsidies/batches").text


def test_a_file_that_does_not_fit_changes_nothing_and_names_its_rows(session, cashier, sent):
    payments = payments_of(session, stored(session, sent))
    content = a_return(payments) + b"\r\nYL000000000100,300.00,\xe6\x88\x90\xe5\x8a\x9f,,"
    answer = take(cashier, sent, content)

    assert answer.status_code == 422
    assert "第 5 行" in answer.text
    assert "没有这个编号" in answer.text
    assert stored(session, sent).state is BatchState.SENT


def test_the_same_file_again_is_said(session, cashier, sent):
    content = a_return(payments_of(session, stored(session, sent)))
    take(cashier, sent, content)
    again = take(cashier, sent, content)

    assert "known=true" in again.location
    assert "以前导入过" in cashier.get(f"/subsidies/batches/{sent}?known=true").text


def test_no_file_at_all_is_refused(cashier, sent):
    assert cashier.post(f"/subsidies/batches/{sent}/returns",
                        {"layout": "generic"}).status_code == 422  # fmt: skip
    assert take(cashier, sent, b"\0\0").status_code == 422


def test_reconciled_only_to_the_fen(session, cashier, sent):
    take(cashier, sent, a_return(payments_of(session, stored(session, sent))))
    address = f"/subsidies/batches/{sent}/reconciliation"
    wrong = cashier.post(address, {"amount": "899.99"})

    assert wrong.status_code == 409
    assert "0.01" in wrong.text
    assert cashier.post(address, {"amount": "900.00"}).status_code == 303
    assert stored(session, sent).state is BatchState.RECONCILED


def test_given_up_before_it_is_sent(session, cashier, checked):
    cashier.post(f"/subsidies/batches/{checked}/cancellation", {"words": "金额有误"})

    assert stored(session, checked).state is BatchState.CANCELLED


def test_a_payment_opens_to_its_lines(session, auditor, sent, elders):
    payment = payments_of(session, stored(session, sent))[0]
    page = auditor.get(f"/subsidies/payments/{payment.id}").text

    assert number_of(payment.id) in page
    assert "赵**" in page
    assert '/lines/1"' in page
    assert "赵桂英" not in page
    assert "赵**" in auditor.get(f"/subsidies/payments/{payment.id}/export.csv").text


def test_lists_as_files(session, auditor, cashier, sent):
    rows = workbook(auditor.get("/subsidies/batches/export.xlsx?state=sent"))
    assert rows[1][7] == 900
    rows = workbook(auditor.get(f"/subsidies/batches/{sent}/export.xlsx"))
    assert {row[2] for row in rows[1:]} == {"赵**", "钱**", "孙**"}
    assert workbook(cashier.get("/subsidies/batches/desk/export.xlsx"))[1][6] == 900
    assert "养老机构运营补贴" in cashier.get("/subsidies/batches/desk/export.csv").text
    assert len(workbook(cashier.get("/subsidies/batches/desk/payees.xlsx"))) == 1


def workbook(answer):
    return list(load_workbook(io.BytesIO(answer.data)).active.values)


def test_forms_of_banks_are_shown(auditor):
    page = auditor.get("/subsidies/payments/bank-forms").text

    assert "农业银行" in page
    assert "未查到银行公开的格式文件" in page
    assert "客户流水号" in auditor.get("/subsidies/payments/bank-forms/export.csv").text


@pytest.mark.parametrize("address", ["/subsidies/batches", "/subsidies/budgets",
                                     "/subsidies/recoveries"])  # fmt: skip
def test_an_unknown_filter_is_refused(auditor, address):
    assert auditor.get(f"{address}?colour=red").status_code == 422


def test_who_is_paid_sees_no_batches(session, sit_down, sent, canteen):
    for role in (Role.CANTEEN_STAFF, Role.FACILITY_OPERATOR):
        desk = sit_down(role, site_id=canteen.site_id)
        assert desk.get("/subsidies/batches").status_code == 403
        assert desk.get(f"/subsidies/batches/{sent}").status_code == 403


def test_an_office_of_a_county_finds_no_batch_of_the_city(sit_down, sent):
    desk = sit_down(Role.COUNTY_OFFICER, division_code="140502")

    assert desk.get(f"/subsidies/batches/{sent}").status_code == 404


def test_more_payments_need_no_more_statements(session, cashier, budget, version, statements):
    def told_by(count, month):
        elders = [make_resident(session) for _ in range(count)]
        for number, elder in enumerate(elders):
            give_elder_account(session, elder, f"62284800000001{month}{number:03d}")
        make_payable(session, [{"resident_id": one.id} for one in elders], version=version)
        answer = cashier.post("/subsidies/batches", form_of(session, budget))
        numbers = []
        for address in ("/subsidies/batches/desk", "/subsidies/batches",
                        answer.location.removeprefix("/admin")):  # fmt: skip
            cashier.get(address)
            with statements() as told:
                cashier.get(address)
            numbers.append(len(told))
        return numbers

    assert told_by(1, 1) == told_by(6, 2)


def form_of(session, budget):
    runs = session.execute(RUNS).scalars().all()
    return {"budget_id": str(budget), "run_ids": [str(one) for one in runs]}
