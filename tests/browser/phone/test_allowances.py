"""The county opens a caregiver's month; she sees what is missing, and claims by phone."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import axe_faults as axe_faults_at_a_desk
from tests.browser.conftest import DESK, sign_in_by_phone
from tests.browser.console.conftest import pass_the_door
from tests.browser.elder_rules import LARGEST_TEXT, faults_of
from tests.browser.furnishing_allowances import CAREGIVERS_NAME, CAREGIVERS_PHONE
from tests.browser.phone.axe import axe_faults
from tests.browser.phone.conftest import OpenPhone
from tests.browser.phone.screens import open_screen

HOME = "/caregiver/allowances"
SCREENS = (HOME, f"{HOME}/year", f"{HOME}/entry_reward/1", f"{HOME}/claim/post_allowance")


@pytest.fixture(scope="session")
def caregivers_token(served_city):
    return str(sign_in_by_phone(served_city, CAREGIVERS_PHONE.removeprefix("+86"))["token"])


def keeps_the_rules(page: Page) -> None:
    assert faults_of(page) + axe_faults(page) == []


def test_what_is_missing_is_seen_claimed_and_accepted(
    open_phone: OpenPhone, open_context, caregivers_token
):
    phone = open_phone(token=caregivers_token)
    open_screen(phone, HOME)
    expect(phone.get_by_text("当月出勤还没有上报")).to_be_visible()
    expect(phone.get_by_text("请单位上报当月出勤。")).to_be_visible()
    for screen in SCREENS:
        open_screen(phone, screen)
        keeps_the_rules(phone)

    desk = open_context(**DESK).new_page()
    pass_the_door(desk, "county")
    desk.goto("/admin/caregivers/allowances?programme=post_allowance")
    desk.get_by_role("link", name=CAREGIVERS_NAME).first.click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text(CAREGIVERS_NAME)
    desk.get_by_text("全部依据").first.click()
    expect(desk.get_by_text("晋民发〔2023〕30号，发放方式").first).to_be_visible()
    assert axe_faults_at_a_desk(desk) == []

    open_screen(phone, f"{HOME}/claim/post_allowance")
    phone.get_by_role("button", name="现在申领").tap()
    expect(phone.get_by_text("已经提交申领。")).to_be_visible()
    expect(phone.get_by_text("待审核")).to_be_visible()
    keeps_the_rules(phone)

    desk.goto("/admin/caregivers/claims?state=handed_in")
    desk.get_by_role("link", name=CAREGIVERS_NAME).click()
    desk.get_by_role("button", name="受理").click()
    expect(desk.get_by_text("已受理").first).to_be_visible()
    assert axe_faults_at_a_desk(desk) == []
    open_screen(phone, HOME)
    expect(phone.get_by_text("已受理")).to_be_visible()


def test_the_screens_hold_the_largest_letters(open_phone: OpenPhone, caregivers_token):
    phone = open_phone(token=caregivers_token, text_size="largest", language="en")

    for screen in SCREENS[:3]:
        open_screen(phone, screen)
        assert faults_of(phone, LARGEST_TEXT) == []


def test_who_is_no_caregiver_is_told_what_to_do(daughters_phone: Page):
    open_screen(daughters_phone, HOME)

    expect(daughters_phone.get_by_text("这一页给护理员用。")).to_be_visible()
    keeps_the_rules(daughters_phone)


@pytest.mark.parametrize("width", [390, 1440])
def test_the_pages_of_the_console_fit(open_context, width):
    desk = open_context(**DESK | {"viewport": {"width": width, "height": 844}}).new_page()
    pass_the_door(desk, "operator")

    for path in ("/admin/caregivers/allowances", "/admin/caregivers/claims"):
        desk.goto(path)
        assert desk.evaluate("document.documentElement.scrollWidth") <= width
        assert axe_faults_at_a_desk(desk) == []
