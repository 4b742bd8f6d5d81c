"""A community worker enters an elder and her daughter; the daughter books, and it shows."""

import json
import urllib.request
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import ServedCity, post, sign_in_by_phone
from tests.browser.console.conftest import SignIn
from tests.browser.console.test_pages import grave_findings
from tests.factories.people import an_id_number

ELDER, DAUGHTER = "霍玉兰", "霍小雨"
DAUGHTERS_PHONE = "19977770001"


def enter_the_elder(
    page: Page,
    *,
    name: str = ELDER,
    number: int = 909,
    phone: str = "19977770002",
    helpers: str = DAUGHTERS_PHONE,
) -> None:
    """From the search that finds nobody to the open file."""
    page.goto("/admin/residents")
    page.get_by_label("姓名、电话或身份证号").fill(name)
    page.get_by_role("button", name="查找").click()
    expect(page.get_by_text("没有找到")).to_be_visible()
    assert grave_findings(page) == []
    page.get_by_role("link", name="登记新人").click()
    page.get_by_label("姓名", exact=True).fill(name)
    page.get_by_label("身份证号").fill(an_id_number(number))
    page.get_by_label("电话", exact=True).fill(phone)
    page.locator("#village_code").select_option(index=0)
    page.get_by_label("地址").fill("建设路3巷5号")
    page.get_by_label("代办人姓名").fill(DAUGHTER)
    page.get_by_label("代办人手机号").fill(helpers)
    page.get_by_label("与老人的关系").select_option("child")
    assert grave_findings(page) == []
    page.get_by_role("button", name="登记入册").click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


def read(city: ServedCity, path: str, token: str) -> Any:
    """Ask the phone API."""
    request = urllib.request.Request(
        f"{city.base_url}/api{path}", headers={"Authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def book_lunch(city: ServedCity) -> None:
    """By the daughter's phone, the last lunch on the menu of the nearest canteen."""
    signed_in = sign_in_by_phone(city, DAUGHTERS_PHONE)
    token, (elder,) = signed_in["token"], signed_in["account"]["residents"]
    canteen = read(city, f"/v1/canteens?resident_id={elder['id']}", token)["items"][0]
    menu = read(city, f"/v1/canteens/{canteen['id']}/menu", token)
    meals = [one for day in menu["days"] for one in day["sittings"]]
    sitting = [one for one in meals if one["meal"] == "lunch"][-1]
    post(city, "/v1/bookings", {"sitting_id": sitting["id"], "resident_id": elder["id"]}, token)


def test_a_worker_enters_an_elder_and_her_daughter_books_for_her(
    sign_in: SignIn, served_city: ServedCity
):
    page = sign_in("community")
    enter_the_elder(page)
    for tab in ("状态", "代办人", "用餐与费用", "办理记录"):
        page.get_by_role("link", name=tab, exact=True).click()
        assert grave_findings(page) == []

    book_lunch(served_city)

    page.get_by_role("link", name="办理记录").click()
    row = page.get_by_role("row", name="订餐")
    expect(row).to_contain_text(f"{DAUGHTER} 子女")
    expect(row).to_contain_text("手机应用")
    page.get_by_role("link", name="用餐与费用").click()
    expect(page.get_by_role("cell", name="代办人")).to_be_visible()


def test_the_search_and_the_file_work_from_the_keyboard(sign_in: SignIn):
    page = sign_in("city")
    page.goto("/admin/residents")
    expect(page.locator("#term")).to_be_focused()
    page.keyboard.type("王")
    page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_be_focused()
    page.locator("#term").fill("wang")
    page.locator("#term").press("Enter")
    page.get_by_role("link", name="打开档案").first.focus()
    page.keyboard.press("Enter")
    page.locator("#reason").fill("核对申请材料")
    page.keyboard.press("Enter")
    expect(page.get_by_role("navigation", name="档案栏目")).to_be_visible()
    assert grave_findings(page) == []
