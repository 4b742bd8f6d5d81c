"""What the phone shows when the city says no, or says nothing."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.elder_rules import faults_of
from tests.browser.phone.conftest import OpenPhone
from tests.browser.phone.screens import open_confirmation, open_screen

pytestmark = pytest.mark.browser


def refuse(page: Page, pattern: str, status: int, code: str, detail: str, **facts: Any) -> None:
    """Let the city refuse what the page asks of an address."""
    body = {"type": f"/problems/{code}", "status": status, "detail": detail, **facts}

    def answer(route: Route) -> None:
        route.fulfill(status=status, content_type="application/problem+json", body=json.dumps(body))

    page.route(pattern, answer)


def book(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^订[早午晚]饭$")).tap()


def test_a_full_sitting_leads_to_the_canteens_near_by(daughters_phone: Page):
    nearby = [{"canteen_id": 3, "name": "建设路食堂", "sitting_id": 9, "places_left": 12}]
    open_confirmation(daughters_phone)
    refuse(
        daughters_phone, "**/api/v1/bookings", 409, "sitting-full", "刚刚订满了。", nearby=nearby
    )

    book(daughters_phone)

    expect(daughters_phone.get_by_role("heading", level=1)).to_contain_text("订满了")
    row = daughters_phone.get_by_role("link", name=re.compile("建设路食堂.*12"))
    assert "/meals/sittings/9?canteen=3" in (row.get_attribute("href") or "")
    assert daughters_phone.evaluate("document.activeElement.tagName") == "H1"
    assert faults_of(daughters_phone) == []


@pytest.mark.parametrize(
    ("code", "heading"),
    [("past-cut-off", "这一餐已停止订餐"), ("sitting-closed", "食堂不开")],
)
def test_too_late_or_closed_says_what_to_do_now(daughters_phone: Page, code: str, heading: str):
    open_confirmation(daughters_phone)
    refuse(daughters_phone, "**/api/v1/bookings", 409, code, "来不及了。")

    book(daughters_phone)

    expect(daughters_phone.get_by_role("heading", level=1)).to_have_text(heading)
    expect(daughters_phone.get_by_text("来不及了。")).to_be_visible()
    expect(daughters_phone.get_by_role("link", name="换一餐")).to_be_visible()
    assert faults_of(daughters_phone) == []


def test_a_lost_network_keeps_the_screen_and_says_so(daughters_phone: Page):
    open_confirmation(daughters_phone)
    daughters_phone.route("**/api/v1/bookings", lambda route: route.abort())

    book(daughters_phone)

    alert = daughters_phone.get_by_role("alert")
    expect(alert).to_contain_text("不会算成两次", timeout=10_000)
    expect(daughters_phone.locator(".price-split")).to_be_visible()
    assert faults_of(daughters_phone) == []


def test_a_wrong_number_is_said_at_the_field(open_phone: OpenPhone):
    phone = open_phone()
    open_screen(phone, "/sign-in")
    phone.fill("#phone", "138")
    phone.get_by_role("button", name="把验证码发给我").tap()

    expect(phone.locator("#phone-error")).to_contain_text("11 位数字，您填了 3 位")
    assert phone.evaluate("document.activeElement.id") == "phone"
    assert phone.locator("#phone").get_attribute("aria-invalid") == "true"
    assert faults_of(phone) == []


def test_an_ended_sign_in_asks_again_and_forgets_what_was_seen(daughters_phone: Page):
    open_screen(daughters_phone, "/bookings")
    refuse(daughters_phone, "**/api/v1/**", 401, "sign-in-needed", "请重新登录。")

    daughters_phone.goto("/app/bookings")

    expect(daughters_phone.locator("#phone")).to_be_visible()
    expect(daughters_phone.get_by_text("您的预订都还在")).to_be_visible()
    assert "yinling.seen" not in daughters_phone.evaluate("JSON.stringify(localStorage)")


def test_a_broken_city_is_a_sentence_and_a_number(daughters_phone: Page):
    refuse(daughters_phone, "**/api/v1/homes?*", 500, "broken", "stack trace")

    open_screen(daughters_phone, "/care")

    expect(daughters_phone.get_by_role("alert")).to_have_text("是我们这边出了问题。")
    expect(daughters_phone.get_by_role("button", name="再试一次")).to_be_visible()
    expect(daughters_phone.locator("main a[href^='tel:']")).to_be_visible()
    assert "stack trace" not in daughters_phone.content()
    assert faults_of(daughters_phone) == []


def test_a_name_with_html_in_it_is_only_a_name(daughters_phone: Page):
    evil = '<img src=x onerror="window.broken=1">𠮷'
    home = {"id": 1, "name": evil, "address": evil, "county_name": None, "phone": None,
            "monthly_price_from_fen": None, "features": [evil], "kind": "care_home",
            "ownership": None, "is_inclusive": None, "is_open": True, "x": None, "y": None,
            "beds": [], "as_of": "2026-11-22T00:00:00Z", "nearness": "city"}  # fmt: skip
    body = json.dumps({"items": [home], "next_cursor": None})
    daughters_phone.route(
        "**/api/v1/homes?*", lambda route: route.fulfill(body=body, content_type="application/json")
    )

    open_screen(daughters_phone, "/care")

    expect(daughters_phone.get_by_role("link", name=evil)).to_be_visible()
    assert daughters_phone.evaluate("window.broken") is None
