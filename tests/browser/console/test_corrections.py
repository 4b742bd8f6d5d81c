"""A bill that no longer agrees with its nights is corrected at a home's desk, and printed."""

import re
from datetime import timedelta

from playwright.sync_api import Page, expect

from server import clock
from tests.browser.console.conftest import SignIn
from tests.browser.console.test_pages import grave_findings

# As far back as a home may date anything: a night of last month at least.
LONG_PAST = clock.today() - timedelta(days=31)
A_PHONE = {"viewport": {"width": 390, "height": 844}}


def send_home_a_month_ago(page: Page) -> str:
    """Somebody's stay ends with a day of last month; returns where its money stands."""
    page.goto("/admin/beds/mine")
    page.locator('.bed--occupied[data-kind="institution"]').nth(4).click()
    card = page.locator("#bed-card")
    money = card.get_by_role("link", name="合同与费用").get_attribute("href")
    card.locator("summary", has_text="退住").click()
    card.locator("#end_stay-day").fill(LONG_PAST.isoformat())
    card.locator("#end_reason").select_option("went_home")
    card.get_by_role("button", name="退住", exact=True).click()
    expect(card).to_contain_text("退住已办理")
    assert money
    return money


def test_a_discharge_dated_back_ends_in_a_credit_note(sign_in: SignIn):
    page, phone = sign_in("operator"), sign_in("operator", **A_PHONE)
    of_the_stay = send_home_a_month_ago(page)

    page.goto("/admin/money")
    page.locator("tbody th a").first.click()
    expect(page.get_by_role("heading", name="待更正的账单")).to_be_visible()
    assert grave_findings(page) == []
    page.get_by_role("link", name="看是哪些人").click()
    expect(page.locator("tbody tr")).to_have_count(1)

    page.goto(of_the_stay)
    expect(page.get_by_text("结算时先更正这些账单")).to_be_visible()
    phone.goto(of_the_stay)
    assert [*grave_findings(page), *grave_findings(phone)] == []

    page.get_by_role("button", name="结算", exact=True).click()
    expect(page.get_by_text("费用已结清").or_(page.get_by_text("其余待收"))).to_be_visible()
    page.get_by_role("link", name=re.compile("贷项 · 住宿晚数减少")).first.click()
    expect(page.get_by_role("heading", name="更正了什么")).to_be_visible()
    assert grave_findings(page) == []
