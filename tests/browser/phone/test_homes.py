"""A daughter finds a home, arranges a visit, applies for her mother and takes the bed offered."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import DESK, ask_for
from tests.browser.console.conftest import pass_the_door
from tests.browser.elder_rules import faults_of
from tests.browser.phone.axe import axe_faults
from tests.browser.phone.screens import (
    open_application_form,
    open_home,
    open_screen,
    open_visit_form,
)
from tests.browser.serving import OFFER_NOW


def keeps_the_rules(page: Page) -> None:
    assert faults_of(page) + axe_faults(page) == []


def test_what_is_wished_for_is_what_the_homes_shown_have(daughters_phone: Page):
    phone = daughters_phone
    open_screen(phone, "/care/wishes")
    phone.get_by_role("radio", name="4 星及以上").check()
    phone.get_by_role("radio", name="要，现在就有").check()
    phone.get_by_role("button", name="看看有哪些").tap()
    phone.wait_for_url("**/care?*")
    homes = phone.locator("main li a.list__row")
    homes.first.wait_for()

    assert homes.count() > 0
    for row in homes.all_inner_texts():
        assert "4 星级" in row or "5 星级" in row
        assert "现在空床" in row


def test_homes_of_another_county_are_asked_for_by_its_name(daughters_phone: Page):
    phone = daughters_phone
    open_screen(phone, "/care/wishes")
    phone.get_by_role("radio", name="沁水县").check()
    keeps_the_rules(phone)
    phone.get_by_role("button", name="看看有哪些").tap()
    phone.wait_for_url("**/care?*division=140521*")

    expect(phone.get_by_role("link", name="沁水县").first).to_be_visible()
    rows = phone.locator("main li a.list__row")
    rows.first.wait_for()
    for row in rows.all_inner_texts():
        assert "沁水县" in row


def test_a_home_shows_its_prices_and_photos(daughters_phone: Page):
    open_home(daughters_phone)

    expect(daughters_phone.get_by_text("押金（一次）")).to_be_visible()
    expect(daughters_phone.get_by_role("img", name="大门（示意图）")).to_be_visible()


def test_from_the_list_to_a_bed_that_is_held(
    daughters_phone: Page, open_context: Callable[..., BrowserContext], served_city: Any
):
    phone = daughters_phone
    open_visit_form(phone)
    phone.get_by_role("radio", name="下午").tap()
    phone.get_by_role("button", name="约这个时间").tap()
    expect(phone.get_by_text("养老院会打电话和您确认。")).to_be_visible()
    phone.locator("a.list__row", has_text="养老院还没有答复").tap()
    expect(phone.get_by_role("button", name="取消这次约看")).to_be_visible()
    keeps_the_rules(phone)

    open_application_form(phone)
    phone.get_by_role("radio", name="张桂英").tap()
    phone.get_by_role("button", name="现在申请").tap()
    phone.wait_for_url("**/care/applications/*")
    expect(phone.get_by_text("申请时间")).to_be_visible()
    expect(phone.get_by_text("您排在第 1 位").first).to_be_visible()
    keeps_the_rules(phone)

    ask_for(served_city, OFFER_NOW)
    phone.reload()
    take = phone.get_by_role("button", name="要这张床")
    expect(take).to_be_visible()
    keeps_the_rules(phone)
    take.tap()
    expect(phone.get_by_text("床位已经为您留好。")).to_be_visible()
    expect(phone.get_by_role("heading", name="已经为您留了床")).to_be_visible()
    keeps_the_rules(phone)
    desk = open_context(**DESK).new_page()
    pass_the_door(desk, "operator")
    desk.goto("/admin/visits")
    expect(desk.get_by_role("button", name="确认")).to_be_visible()
    desk.goto("/admin/queue")
    expect(desk.get_by_text("没有人在等您机构的床位。")).to_be_visible()
