"""A couple reads who pays what for making their home safe, and says yes."""

from playwright.sync_api import Page, expect

from tests.browser.elder_rules import faults_of
from tests.browser.phone.axe import axe_faults
from tests.browser.phone.conftest import OpenPhone
from tests.browser.phone.screens import open_screen


def keeps_the_rules(page: Page) -> None:
    assert faults_of(page) + axe_faults(page) == []


def test_the_price_is_read_and_agreed_to(open_phone: OpenPhone, couples_token: str):
    phone = open_phone(token=couples_token)
    open_screen(phone, "/care/renovations")
    phone.locator("a.list__row").first.tap()
    expect(phone.locator("h1")).to_have_text("等您同意")
    expect(phone.locator(".who-pays")).to_contain_text("政府出")
    expect(phone.locator(".who-pays")).to_contain_text("您出")
    expect(phone.locator(".room-picture").first).to_be_visible()
    keeps_the_rules(phone)
    phone.get_by_role("link", name="先不同意").tap()
    expect(phone.locator("h1")).to_have_text("先不同意？")
    keeps_the_rules(phone)

    phone.get_by_role("link", name="回去看价钱").tap()
    phone.get_by_role("button", name="我同意").tap()
    expect(phone.locator("h1")).to_have_text("上门施工")
