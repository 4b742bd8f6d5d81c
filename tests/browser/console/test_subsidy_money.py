"""A batch from the cashier's desk to the books closed, with a failure that is tried again."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.console.looking import look
from tests.browser.furnishing_payments import BUDGET_LINE

SignIn = Callable[..., Page]
REASON = "账号户名不符"


@pytest.fixture
def cashier(sign_in: SignIn) -> Page:
    return sign_in("cashier")


@pytest.fixture
def approver(sign_in: SignIn) -> Page:
    return sign_in("approver")


def make(page: Page, *, again: bool = False) -> str:
    page.goto("/admin/subsidies/batches/desk")
    group = page.locator("section.card", has=page.get_by_role("heading", name=BUDGET_LINE))
    if again:
        group.get_by_label(re.compile("也重新发放")).check()
    group.get_by_role("checkbox", name=re.compile("养老机构运营补贴")).first.check()
    group.get_by_role("button", name="将勾选的生成发放批次").click()
    page.wait_for_url(re.compile(r"/subsidies/batches/\d+$"))
    return page.url


def check(page: Page, batch: str) -> None:
    page.goto(batch)
    page.get_by_role("button", name="笔数、金额、摘要无误").click()
    expect(page.locator(".badge").first).to_have_text("已复核")


def send(page: Page, batch: str) -> list[list[str]]:
    """Make the file, take it out, and note that it went; returns its rows."""
    page.goto(batch)
    page.get_by_role("button", name="生成文件").click()
    page.get_by_label("原因").or_(page.locator("#reason")).first.fill("送银行")
    with page.expect_download() as coming:
        page.get_by_role("button", name="下载文件").click()
    text = Path(coming.value.path()).read_text(encoding="utf-8-sig")
    page.goto(batch)
    page.get_by_role("button", name="已送银行").click()
    expect(page.locator(".badge").first).to_have_text("已送银行")
    return [line.split(",") for line in text.splitlines()[1:-1]]


def answer(page: Page, rows: list[list[str]], failing: int) -> None:
    lines = ["发放编号,金额（元）,处理结果,失败代码,失败原因"]
    for position, row in enumerate(rows):
        said = f"失败,E01,{REASON}" if position < failing else "成功,,"
        lines.append(f"{row[1]},{row[5]},{said}")
    content = "\r\n".join(lines).encode("gb18030")
    file = {"name": "回盘.csv", "mimeType": "text/csv", "buffer": content}
    page.locator("#answer").set_input_files(file)
    page.get_by_role("button", name="导入", exact=True).click()
    page.wait_for_url(re.compile(r"/subsidies/batches/\d+$"))


def confirm(page: Page, batch: str) -> None:
    page.goto(batch)
    expect(page.get_by_role("region", name="核对回盘")).to_contain_text(REASON)
    look(page, "to-confirm")
    page.get_by_role("button", name="与银行原件相符").click()
    expect(page.get_by_role("button", name="与银行原件相符")).to_have_count(0)


def reconcile(page: Page, yuan: str) -> None:
    page.locator("#amount").fill(yuan)
    page.get_by_role("button", name="对账", exact=True).click()
    expect(page.locator(".badge").first).to_have_text("已对账")


def test_a_batch_fails_in_part_is_tried_again_and_reconciled(cashier: Page, approver: Page) -> None:
    cashier.goto("/admin/subsidies/batches/desk")
    look(cashier, "desk")
    first = make(cashier)
    look(cashier, "draft")
    check(approver, first)
    rows = send(cashier, first)
    assert len(rows) == 4
    answer(cashier, rows, failing=1)
    expect(cashier.locator("main")).to_contain_text(REASON)
    look(cashier, "returned")
    reconcile(cashier, "900.00")
    cashier.goto("/admin/subsidies/batches/desk")
    expect(cashier.locator("main")).to_contain_text("回盘称未到账，待他人核对")
    look(cashier, "desk-of-a-failure")
    approver.goto("/admin/subsidies/batches?unconfirmed=true")
    expect(approver.get_by_role("table")).to_contain_text("回盘待核对")
    look(approver, "batches-to-confirm")
    confirm(approver, first)

    second = make(cashier, again=True)
    approver.goto(second)
    expect(approver.get_by_role("table", name=re.compile("以前发放过"))).to_contain_text(REASON)
    look(approver, "check-of-a-retry")
    check(approver, second)
    again = send(cashier, second)
    assert [row[4] for row in again] == [rows[0][4]]
    answer(cashier, again, failing=0)
    reconcile(cashier, "300.00")
    look(cashier, "reconciled")

    cashier.get_by_role("link", name=re.compile("^YL")).first.click()
    expect(cashier.locator("main")).to_contain_text("另一次发放")
    look(cashier, "payment")


@pytest.mark.parametrize(
    ("who", "address", "name"),
    [
        ("approver", "/admin/subsidies/budgets", "budgets"),
        ("city", "/admin/subsidies/budgets", "budgets-city"),
        ("city", "/admin/subsidies/recoveries", "recoveries"),
        ("cashier", "/admin/subsidies/batches", "batches"),
        ("cashier", "/admin/subsidies/payments/bank-forms", "bank-forms"),
        ("operator", "/admin/subsidies/received", "received"),
        ("county", "/admin/subsidies/accounts", "accounts"),
    ],
)
def test_pages_are_whole_on_a_desk_and_on_a_phone(
    sign_in: SignIn, who: str, address: str, name: str
) -> None:
    page = sign_in(who)
    page.goto(address)
    expect(page.locator("h1")).not_to_be_empty()
    look(page, name)
