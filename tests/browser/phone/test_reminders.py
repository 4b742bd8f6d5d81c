"""A caregiver hears that a certificate ends, reads what to do, and puts it right.

The operator's own page for certificates is another part of the console: here the renewed one is
entered as that page does, by the platform, and both sides are seen to show it.
"""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import axe
from tests.browser.caregiving import NAME
from tests.browser.conftest import DESK, ServedCity, ask_for
from tests.browser.console.conftest import pass_the_door
from tests.browser.elder_rules import faults_of
from tests.browser.phone.axe import axe_faults
from tests.browser.phone.screens import open_screen
from tests.browser.serving import CERTIFICATE_ENDS, CERTIFICATE_RENEWED

LIST, COMING = "/admin/caregivers/reminders", "/admin/caregivers/reminders/coming"


def test_what_a_reminder_named_is_put_right_and_not_said_again(
    served_city: ServedCity,
    daughters_phone: Page,
    open_context: Callable[..., BrowserContext],
):
    phone = daughters_phone
    open_screen(phone, "/caregiver/reminders")
    expect(phone.get_by_text("现在没有要提醒您的事。")).to_be_visible()
    assert faults_of(phone) + axe_faults(phone) == []

    ask_for(served_city, CERTIFICATE_ENDS)
    phone.reload()
    expect(phone.get_by_role("heading", name="要办的事")).to_be_visible()
    expect(phone.get_by_text("技能等级证书到期")).to_be_visible()
    expect(phone.get_by_text("请换证，再把新证书交给单位登记。")).to_be_visible()
    assert faults_of(phone) + axe_faults(phone) == []

    desk = open_context(**DESK).new_page()
    pass_the_door(desk, "operator")
    desk.goto(f"{LIST}?state=open&kind=certificate")
    expect(desk.get_by_role("row", name=NAME)).to_be_visible()
    assert axe.axe_faults(desk) == []
    desk.goto(f"{COMING}?kind=certificate")
    expect(desk.get_by_role("row", name=NAME)).to_have_count(1)
    assert axe.axe_faults(desk) == []

    ask_for(served_city, CERTIFICATE_RENEWED)
    phone.reload()
    expect(phone.get_by_text("已办妥", exact=True)).to_be_visible()
    expect(phone.get_by_role("heading", name="要办的事")).to_have_count(0)
    assert faults_of(phone) + axe_faults(phone) == []

    desk.goto(f"{LIST}?state=done&kind=certificate")
    expect(desk.get_by_role("row", name=NAME)).to_be_visible()
    desk.goto(f"{COMING}?kind=certificate")
    expect(desk.get_by_role("row", name=NAME)).to_have_count(0)

    desk.set_viewport_size({"width": 390, "height": 844})
    for address in (LIST, COMING):
        desk.goto(address)
        assert desk.evaluate("document.documentElement.scrollWidth") <= 390
