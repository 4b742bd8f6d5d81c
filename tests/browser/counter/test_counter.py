"""A day at the counter: the network goes in the middle, and nothing that was handed out is lost."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.axe import violations
from tests.browser.console.conftest import PASSWORD

TABLET: dict[str, Any] = {"viewport": {"width": 1024, "height": 768}, "locale": "zh-CN"}
NARROW = {"width": 390, "height": 844}
WAITING = """async () => {
  const { diners } = (await import("/app/counter/day.js")).state.list;
  return [...new Set(diners.filter((one) => one.status === "booked").map((one) => one.name))];
}"""


@pytest.fixture
def tablet(open_context: Callable[..., BrowserContext]) -> Page:
    """A tablet at the counter of the demo's second canteen, with today's list on it."""
    page = open_context(**TABLET).new_page()
    page.goto("/app/counter/")
    page.locator("#name").fill("canteen2")
    page.locator("#password").fill(PASSWORD)
    page.locator("#password").press("Enter")
    expect(page.locator("#what")).to_be_visible()
    expect(page.get_by_text("今天预订")).to_be_visible()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return page


def hand_out(page: Page, name: str) -> None:
    page.locator("#what").fill(name)
    page.locator(".found__row").first.click()


def test_meals_are_handed_out_while_the_network_is_away(tablet: Page) -> None:
    first, second = tablet.evaluate(WAITING)[:2]
    hand_out(tablet, first)
    expect(tablet.locator(".answer-panel--good")).to_contain_text(first)
    tablet.wait_for_function("caches.keys().then((names) => names.length > 0)")

    tablet.context.set_offline(True)
    hand_out(tablet, second)
    expect(tablet.locator(".answer-panel--good")).to_contain_text("有网络时自动上传")
    tablet.reload()
    expect(tablet.get_by_text("1 条还没有上传")).to_be_visible()
    tablet.locator("#what").fill(second)
    tablet.locator(".found__row", has_text="已取餐").first.click()
    expect(tablet.locator(".answer-panel--bad")).to_contain_text("已经取走")
    tablet.locator("#what").fill("Y2:" + "A" * 119)
    tablet.locator("#what").press("Enter")
    expect(tablet.locator(".answer-panel--bad")).to_contain_text("不是本市发的")

    tablet.context.set_offline(False)
    expect(tablet.get_by_text("条还没有上传")).to_have_count(0)
    expect(tablet.get_by_text("上传后没有被接受")).to_have_count(0)


def test_its_pages_can_be_read_by_everybody(tablet: Page) -> None:
    for size in (TABLET["viewport"], NARROW):
        tablet.set_viewport_size(size)
        for name in ("送餐", "取餐"):
            tablet.get_by_role("button", name=name, exact=True).click()
            assert violations(tablet) == []
            wide = tablet.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wide <= 0, f"{name} is {wide} points wider than {size['width']}"
