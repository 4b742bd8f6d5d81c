"""The approver holds what failed against what the bank sent, and sees what was tried before."""

import io
import re

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from server import clock
from server.identity.models import Role, StaffRole
from server.subsidies.payments.rules import number_of
from tests.admin.conftest import Desk
from tests.factories.people import make_sign_in
from tests.factories.subsidy_money import a_return

PAYMENTS = text("SELECT * FROM subsidy_payment WHERE batch_id = :batch ORDER BY id")
END_OFFICES = text("UPDATE staff_role SET ends_on = :day WHERE staff_id = :staff")
FORM = {"layout": "generic", "ending": "csv", "purpose": "运营补贴"}
TO_CONFIRM = re.compile(r'action="/admin(/subsidies/batches/\d+/returns/\d+/confirmation)"')


@pytest.fixture
def made(cashier, budget, run):
    """Make a batch as the cashier; returns its number, or the answer where none was made."""

    def made(**more):
        form = {"budget_id": str(budget), "run_ids": str(run.id), **more}
        answer = cashier.post("/subsidies/batches", form)
        if answer.status_code != 303:
            return answer
        return int(answer.location.rpartition("/")[2])

    return made


@pytest.fixture
def sent(cashier, approver, made):
    batch = made()
    assert approver.post(f"/subsidies/batches/{batch}/check").status_code == 303
    assert cashier.post(f"/subsidies/batches/{batch}/file", FORM).status_code == 303
    assert cashier.post(f"/subsidies/batches/{batch}/sending").status_code == 303
    return batch


def payments_of(session, batch):
    session.expire_all()
    return session.execute(PAYMENTS, {"batch": batch}).all()


def take(session, desk, batch, *failing, only=None):
    """The bank is said not to have paid the payments at these places."""
    payments = payments_of(session, batch)
    told = payments if only is None else [payments[one] for one in only]
    content = a_return(told, {payments[one].id for one in failing})
    form = {"layout": "generic", "answer": (io.BytesIO(content), "三月回盘.csv")}
    assert desk.post(f"/subsidies/batches/{batch}/returns", form).status_code == 303


@pytest.fixture
def failed(session, cashier, sent):
    """A batch of which the first payment is said to have failed."""
    take(session, cashier, sent, 0)
    return sent


def page_of(desk, batch):
    return desk.get(f"/subsidies/batches/{batch}").text


def confirm(desk, batch):
    return desk.post(TO_CONFIRM.search(page_of(desk, batch))[1])


def test_the_approver_sees_what_failed_and_why_by_which_file(session, approver, failed):
    page = page_of(approver, failed)
    card = page.partition('aria-labelledby="confirm"')[2].partition("</section>")[0]

    assert number_of(payments_of(session, failed)[0].id) in card
    for said in ("赵**", "****0300", "300.00", "E01", "账号户名不符", "三月回盘.csv", "SHA-256"):
        assert said in card
    assert "钱**" not in card
    assert "赵桂英" not in page
    assert card.count("button--go") == 1


def test_who_took_it_in_reads_whose_turn_it_is(cashier, auditor, failed):
    for desk in (cashier, auditor):
        page = page_of(desk, failed)
        assert "审批人" in page.partition("下一步")[2].partition("</p>")[0]
        assert TO_CONFIRM.search(page) is None


def test_with_payments_open_it_says_that_both_are_awaited(session, cashier, sent):
    take(session, cashier, sent, 0, only=[0, 1])

    said = page_of(cashier, sent).partition("下一步")[2].partition("</p>")[0]
    assert "回盘" in said
    assert "审批人" in said


def test_before_it_is_confirmed_the_desk_leaves_it_out(cashier, made, failed):
    page = cashier.get("/subsidies/batches/desk").text
    assert "回盘称未到账，待他人核对" in page
    assert "unconfirmed=true" in page

    refused = made(again_unchanged="true")
    assert refused.status_code == 409
    assert "还没有核对" in refused.text


def test_confirmed_it_is_paid_again_and_the_next_check_shows_the_try(
    session, cashier, approver, made, failed
):
    assert confirm(approver, failed).status_code == 303
    assert TO_CONFIRM.search(page_of(approver, failed)) is None
    batch = made(again_unchanged="true")
    page = page_of(approver, batch)
    tried = page.partition('id="tried"')[2].partition("</table>")[0]

    for said in (number_of(payments_of(session, failed)[0].id), f"/subsidies/batches/{failed}",
                 "账号户名不符", "赵**"):  # fmt: skip
        assert said in tried
    assert "换了账户" not in tried
    assert 'id="tried"' not in page_of(approver, failed)
    [_, row] = workbook(approver.get(f"/subsidies/batches/{batch}/export.xlsx"))
    assert row[-4:-2] == (number_of(payments_of(session, failed)[0].id), failed)


def test_the_books_can_be_closed_before_and_the_way_says_what_is_left(cashier, approver, failed):
    cashier.post(f"/subsidies/batches/{failed}/reconciliation", {"amount": "600.00"})
    assert "审批人" in page_of(cashier, failed).partition("下一步")[2].partition("</p>")[0]

    assert confirm(approver, failed).status_code == 303
    assert "已对账" in page_of(cashier, failed).partition("下一步")[2].partition("</p>")[0]


def test_it_is_confirmed_once(approver, failed):
    address = TO_CONFIRM.search(page_of(approver, failed))[1]

    assert [approver.post(address).status_code for _ in "ab"] == [303, 409]


def test_whoever_imports_or_only_reads_does_not_confirm(cashier, auditor, approver, failed):
    address = TO_CONFIRM.search(page_of(approver, failed))[1]

    assert [desk.post(address).status_code for desk in (cashier, auditor)] == [403, 403]


def test_who_became_an_approver_since_does_not_confirm_what_they_took_in(
    app, session, hire, approver, sent
):
    """Nobody holds both offices at once; but a cashier may be given the other one later."""
    staff, today = hire(Role.CASHIER), clock.today()
    desk = Desk(app, session, make_sign_in(session, staff=staff))
    take(session, desk, sent, 0)
    session.execute(END_OFFICES, {"staff": staff.id, "day": today})
    also = {"role": Role.APPROVER, "division_code": "1405", "starts_on": today}
    session.add(StaffRole(staff_id=staff.id, **also))
    session.flush()

    page = page_of(desk, sent)
    assert "由另一位审批人核对" in page
    assert TO_CONFIRM.search(page) is None
    address = TO_CONFIRM.search(page_of(approver, sent))[1]
    assert "须由另一人办理" in desk.post(address).text


def test_an_answer_is_confirmed_at_its_own_batch_alone(approver, made, run, failed):
    address = TO_CONFIRM.search(page_of(approver, failed))[1]

    for there, elsewhere in ((f"batches/{failed}/", "batches/999/"), ("/returns/", "/returns/9")):
        assert approver.post(address.replace(there, elsewhere)).status_code == 404


def test_batches_with_answers_to_confirm_are_found(approver, cashier, failed):
    rows = workbook(approver.get("/subsidies/batches/export.xlsx?unconfirmed=true"))
    assert [row[0] for row in rows[1:]] == [failed]
    assert "回盘待核对" in approver.get("/subsidies/batches?unconfirmed=true").text
    confirm(approver, failed)

    assert workbook(approver.get("/subsidies/batches/export.xlsx?unconfirmed=true"))[1:] == []


def test_a_late_answer_is_confirmed_after_the_first(session, cashier, approver, failed):
    take(session, cashier, failed, 1, only=[1])
    page = page_of(approver, failed)
    assert "另有 1 份" in page
    confirm(approver, failed)

    card = page_of(approver, failed).partition('aria-labelledby="confirm"')[2]
    assert "钱**" in card.partition("</section>")[0]


def workbook(answer):
    return list(load_workbook(io.BytesIO(answer.data)).active.values)


def test_more_failures_need_no_more_statements(session, cashier, approver, failed, statements):
    def told():
        with statements() as many:
            page_of(approver, failed)
        return len(many)

    first = told()
    take(session, cashier, failed, 1, 2, only=[1, 2])
    assert told() == first
