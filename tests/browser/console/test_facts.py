"""A community worker notes facts, somebody to call and a photo; every page can be used by all."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.console.conftest import SignIn
from tests.browser.console.test_pages import grave_findings
from tests.factories.pictures import picture

OPENED_BECAUSE = "本人到窗口"
MOTHER = "王秀兰"


def open_the_file(page: Page) -> None:
    page.goto("/admin/residents")
    page.get_by_label("姓名、电话或身份证号").fill(MOTHER)
    page.get_by_role("button", name="查找").click()
    page.get_by_role("link", name=re.compile("打开档案")).first.click()
    page.locator("#reason").fill(OPENED_BECAUSE)
    page.get_by_role("button", name=re.compile("打开")).click()
    expect(page.get_by_role("heading", level=1, name=MOTHER)).to_be_visible()


def tab(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()
    assert grave_findings(page) == []


def change_the_account(page: Page) -> None:
    """End the one there is, note another, and look at the whole number with a reason."""
    payee = page.locator("section", has=page.locator("#payee"))
    expect(payee.locator("th", has_text="**** 0000")).to_be_visible()
    payee.locator("input[name=last_day]").fill("2025-12-31")
    payee.get_by_role("button", name="终止").click()
    payee.get_by_role("link", name="添加").click()
    assert grave_findings(page) == []
    page.get_by_label("开户银行及网点").fill("农商行东街支行")
    page.get_by_label("账号").fill("123")
    page.get_by_label("起始日").fill("2026-01-01")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".error-summary")).to_contain_text("8 至 30 位数字")
    assert grave_findings(page) == []
    page.get_by_label("账号").fill("6228 4804 0256 4890 018")
    page.get_by_role("button", name="保存").click()

    expect(payee.locator("th", has_text="**** 0018")).to_be_visible()
    payee.locator("input[name=reason]").first.fill("核对退回的补贴")
    payee.get_by_role("button", name="显示账号").first.click()
    expect(page.get_by_text("6228 4804 0256 4890 018")).to_be_visible()
    assert grave_findings(page) == []


def put_a_photo_in(page: Page, folder: Path) -> None:
    taken = folder / "photo.jpg"
    taken.write_bytes(picture(size=(1200, 1600)))
    tab(page, "基本信息")
    page.locator("#photo").set_input_files(taken)
    page.get_by_role("button", name="使用这张照片").click()
    shown = page.get_by_role("img", name=f"{MOTHER}的照片")
    expect(shown).to_be_visible()
    assert shown.evaluate("image => image.complete && image.naturalWidth > 0")
    assert grave_findings(page) == []


def test_a_worker_keeps_facts_contacts_and_the_photo(sign_in: SignIn, tmp_path: Path):
    page = sign_in("city")
    open_the_file(page)
    tab(page, "资料")
    expect(page.get_by_role("link", name="添加")).to_have_count(0)  # the city reads

    page = sign_in("county")
    open_the_file(page)
    tab(page, "资料")
    change_the_account(page)
    tab(page, "联系人")
    page.get_by_label("联系人姓名").fill("霍小雨")
    page.get_by_label("联系人电话").fill("19977770009")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("rowheader", name="霍小雨")).to_be_visible()
    assert grave_findings(page) == []
    put_a_photo_in(page, tmp_path)


def test_nothing_of_it_scrolls_sideways_on_a_small_screen(sign_in: SignIn):
    page = sign_in("auditor", viewport={"width": 390, "height": 844})
    open_the_file(page)
    for name in ("资料", "联系人"):
        tab(page, name)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, name
