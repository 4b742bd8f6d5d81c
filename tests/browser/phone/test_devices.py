"""Whose account it is, and on which devices: asked and shown on the phone."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.elder_rules import faults_of
from tests.browser.phone.axe import axe_faults
from tests.browser.phone.conftest import OWN_PHONE, OpenPhone
from tests.browser.phone.screens import open_screen
from tests.browser.phone.test_refusals import refuse

pytestmark = pytest.mark.browser

SENT = {"sent_to": "199****0001", "expires_at": "2099-01-01T00:00:00Z",
        "resend_at": "2099-01-01T00:00:00Z"}  # fmt: skip


def answer(page: Page, pattern: str, status: int, body: Any) -> None:
    """Let the city answer what the page asks of an address."""
    told = json.dumps(body)
    page.route(
        pattern,
        lambda route: route.fulfill(status=status, content_type="application/json", body=told),
    )


def a_device(number: int, label: str, *, is_current: bool) -> dict[str, Any]:
    moment = "2026-11-22T01:00:00Z"
    return {"id": number, "device_label": label, "created_at": moment, "last_used_at": moment,
            "is_current": is_current}  # fmt: skip


def test_an_account_that_was_not_used_for_long_asks_whose_it_is(open_phone: OpenPhone) -> None:
    phone = open_phone()
    answer(phone, "**/api/v1/sign-in-codes", 202, SENT)
    refuse(phone, "**/api/v1/sign-ins", 422, "id-digits-needed", "请再输入身份证号的最后六位。")
    open_screen(phone, "/sign-in")
    phone.locator("#phone").fill(OWN_PHONE)
    phone.locator("#phone").press("Enter")
    phone.locator("#code").fill("123456")
    assert not phone.locator("#id-digits").is_visible()

    phone.locator("#code").press("Enter")

    expect(phone.locator("#id-digits")).to_be_focused()
    expect(phone.get_by_text("请再输入身份证号的最后六位。")).to_be_visible()
    assert faults_of(phone) == []
    assert axe_faults(phone) == []


def test_a_lost_tablet_is_signed_out_from_the_phone(daughters_phone: Page) -> None:
    here = a_device(1, "Chrome · Android", is_current=True)
    lost = a_device(2, "客厅的平板", is_current=False)
    answer(daughters_phone, "**/api/v1/sign-ins", 200, {"items": [here, lost]})
    ended: list[str] = []

    def end(route: Route) -> None:
        ended.append(route.request.method)
        route.fulfill(status=204)

    daughters_phone.route("**/api/v1/sign-ins/2", end)
    open_screen(daughters_phone, "/help/devices")
    expect(daughters_phone.get_by_text("本机")).to_be_visible()
    assert faults_of(daughters_phone) == []

    daughters_phone.get_by_role("link", name="客厅的平板").tap()
    expect(daughters_phone.get_by_role("heading", level=1)).to_have_text("让这台设备退出登录？")
    assert faults_of(daughters_phone) == []
    assert axe_faults(daughters_phone) == []
    daughters_phone.get_by_role("button", name="让它退出").tap()

    expect(daughters_phone.get_by_text("那台设备已退出登录。")).to_be_visible()
    assert ended == ["DELETE"]
