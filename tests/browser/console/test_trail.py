"""An auditor follows one record through the trail."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.console.test_pages import grave_findings


@pytest.fixture
def booking(elder):
    """A meal, booked on a phone."""
    return elder.book_ahead()


def test_a_booking_on_the_phone_is_found_and_followed(sign_in, booking):
    page = sign_in("auditor")
    page.goto("/admin/")
    page.get_by_role("link", name="变更留痕").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("变更留痕")

    page.locator("#table").select_option("booking")
    page.locator("#key").fill(str(booking["id"]))
    page.locator("#key").press("Enter")

    expect(page).to_have_url(re.compile(f"key={booking['id']}"))
    line = page.locator("tbody tr")
    expect(line).to_have_count(1)
    expect(line).to_contain_text(f"新增 订餐 {booking['id']}")
    expect(line).to_contain_text("手机应用")
    expect(line).to_contain_text("餐别：")
    expect(line).not_to_contain_text(booking["code"])
    assert grave_findings(page) == []


@pytest.mark.parametrize("width", [820, 1440])
def test_the_page_does_not_scroll_sideways(sign_in, width):
    page = sign_in("auditor", viewport={"width": width, "height": 900})
    page.goto("/admin/trail")

    assert page.evaluate("document.documentElement.scrollWidth") <= width
