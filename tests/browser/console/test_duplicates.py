"""A worker enters somebody a second time; the county makes the two one, by the keyboard too."""

import re

from playwright.sync_api import Page, expect

from tests.browser.console.conftest import SignIn
from tests.browser.console.test_pages import grave_findings

ELDER = "裴素芬"


def enter(page: Page, phone: str, *, is_another: bool) -> None:
    """Enter the elder, and, where that is asked, say that she is another person."""
    page.goto("/admin/residents/new")
    page.get_by_label("姓名", exact=True).fill(ELDER)
    page.locator("summary").first.click()
    page.locator("#sex").select_option("female")
    page.locator("#born_on").fill("1943-03-04")
    page.get_by_label("电话", exact=True).fill(phone)
    page.locator("#village_code").select_option(index=0)
    page.get_by_role("button", name="登记入册").click()
    if is_another:
        page.get_by_label("不是，这是另外一个人").check()
        page.get_by_role("button", name="登记入册").click()
    expect(page.get_by_role("heading", level=1, name=ELDER)).to_be_visible()


def test_somebody_entered_twice_is_made_one_by_two_people(sign_in: SignIn):
    worker = sign_in("community")
    enter(worker, "19977770011", is_another=False)
    enter(worker, "19977770012", is_another=True)
    worker.goto("/admin/residents/duplicates")
    expect(worker.get_by_role("heading", level=1, name="重复人员")).to_be_visible()
    assert grave_findings(worker) == []
    worker.get_by_role("link", name="对照").first.press("Enter")
    expect(worker.get_by_text("19977770011")).to_be_visible()
    assert grave_findings(worker) == []

    worker.get_by_label("电话 19977770012").check()
    worker.get_by_label("为什么是同一人").fill("同一个户口簿")
    worker.keyboard.press("Enter")
    expect(worker.get_by_text("已提出合并")).to_be_visible()
    assert grave_findings(worker) == []

    county = sign_in("county")
    county.goto(re.sub(r"^https?://[^/]+", "", worker.url))
    assert grave_findings(county) == []
    county.get_by_role("button", name="确认合并").press("Enter")
    expect(county.get_by_text("已合并：")).to_be_visible()
    assert grave_findings(county) == []
