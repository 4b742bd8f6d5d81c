"""A couple order their lunch for every week, rest for two days, and wait for a place they get."""

import json
import re
import urllib.request
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import post, sign_in_by_phone
from tests.browser.elder_rules import faults_of
from tests.browser.furnishing import NEIGHBOURS_PHONE
from tests.browser.phone.axe import axe_faults
from tests.browser.phone.conftest import OpenPhone
from tests.browser.phone.screens import open_screen


def keeps_the_rules(page: Page) -> None:
    assert faults_of(page) + axe_faults(page) == []


def test_a_meal_is_ordered_for_every_week_and_rests(open_phone: OpenPhone, couples_token: str):
    phone = open_phone(token=couples_token)
    open_screen(phone, "/meals/standing")
    keeps_the_rules(phone)
    phone.get_by_role("link", name="办长期订餐").tap()
    rows = phone.locator("a.list__row")
    rows.first.wait_for()
    if "canteen" not in (rows.first.get_attribute("href") or ""):
        rows.first.tap()
        phone.wait_for_url("**resident=*")
        rows.first.wait_for()
    keeps_the_rules(phone)
    rows.first.tap()
    phone.get_by_label("星期六").tap()
    keeps_the_rules(phone)
    phone.get_by_role("button", name="继续").tap()
    expect(phone.locator("main")).to_contain_text("星期六")
    keeps_the_rules(phone)
    phone.get_by_role("button", name="对，每周都订").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("我的长期订餐")
    keeps_the_rules(phone)

    phone.get_by_role("link", name="这几天不吃").tap()
    keeps_the_rules(phone)
    phone.get_by_role("button", name="这几天暂停").tap()
    expect(phone.locator("main")).to_contain_text("暂停：明天到明天")
    keeps_the_rules(phone)
    phone.get_by_role("link", name="结束这份长期订餐").tap()
    keeps_the_rules(phone)
    phone.get_by_role("button", name="结束").tap()
    expect(phone.get_by_role("heading", level=1)).to_have_text("长期订餐")


def test_a_place_is_waited_for_and_got(open_phone: OpenPhone, couples_token: str, served_city: Any):
    neighbour = sign_in_by_phone(served_city, NEIGHBOURS_PHONE)["token"]
    phone = open_phone(token=couples_token)
    open_screen(phone, "/bookings")
    keeps_the_rules(phone)
    open_screen(phone, "/meals")
    phone.locator("a.list__row").first.tap()
    phone.locator("a.list__row[href*='/meals/canteens/']").first.tap()
    phone.locator("a.list__row", has_text=re.compile("订满")).last.tap()
    keeps_the_rules(phone)
    phone.get_by_role("button", name="候补，有空位告诉我").tap()
    expect(phone.locator("main")).to_contain_text("下一位就是您")
    keeps_the_rules(phone)

    give_back(served_city, neighbour)

    open_screen(phone, "/")
    keeps_the_rules(phone)
    phone.get_by_role("link", name=re.compile("有空位了，要吗？")).tap()
    keeps_the_rules(phone)
    phone.get_by_role("button", name="要，给我订上").tap()
    expect(phone.get_by_role("heading", name="订好了")).to_be_visible()


def give_back(city: Any, token: str) -> None:
    """The neighbour cancels the one meal that she has."""
    [booking] = get(city, "/v1/bookings", token)["items"]
    post(city, f"/v1/bookings/{booking['id']}/cancellation", {}, token)


def get(city: Any, path: str, token: str) -> Any:
    headers = {"Authorization": f"Bearer {token}"}
    request = urllib.request.Request(f"{city.base_url}/api{path}", headers=headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)
