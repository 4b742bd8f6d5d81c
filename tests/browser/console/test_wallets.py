"""Money in at the counter, a meal out of it, and the drawer at the end of the day."""

import re

import pytest
from playwright.sync_api import expect


@pytest.fixture
def booking(elder):
    """A meal of today, booked on a phone."""
    return elder.book_today()


def left(page):
    """What the page says is in the wallet, in fen."""
    figure = page.locator("section[aria-labelledby='purse'] .stat__figure").inner_text()
    return int(re.sub(r"\D", "", figure))


def test_what_is_paid_in_pays_for_the_meal(sign_in, booking):
    page = sign_in("canteen")
    page.goto(f"/admin/meals/wallets/{booking['canteen_id']}")
    page.locator("#search").fill(booking["resident_name"])
    page.locator("#search").press("Enter")
    page.locator("a.list__row").first.click()
    wallet, before = page.url, left(page)

    page.get_by_role("link", name="100 元", exact=True).click()
    page.get_by_role("button", name="已收现金 100.00 元").click()
    expect(page.locator("h1")).to_contain_text("收据")
    expect(page.get_by_role("button", name="打印")).to_be_visible()
    page.goto("/admin/meals/serve")
    page.locator("#code").fill(booking["code"])
    page.locator("#code").press("Enter")

    expect(page.locator(".answer")).to_contain_text("钱包已付" if booking["own_pay_fen"] else "")
    page.goto(wallet)
    assert left(page) == before + 10_000 - booking["own_pay_fen"]
    page.goto(f"/admin/meals/cash/{booking['canteen_id']}")
    expect(page.locator("table")).to_contain_text("100.00")
