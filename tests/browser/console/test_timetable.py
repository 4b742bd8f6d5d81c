"""The timetable at a desk and on a phone: read out, looked into, and run on wish."""

from playwright.sync_api import expect

from tests.browser.axe import axe_faults
from tests.browser.conftest import ServedCity, ask_for
from tests.browser.console.conftest import SignIn
from tests.browser.serving import TIMETABLE_READ


def test_an_administrator_has_a_job_run_with_a_reason(served_city: ServedCity, sign_in: SignIn):
    ask_for(served_city, TIMETABLE_READ)
    desk = sign_in("admin")
    desk.goto("/admin/timetable")
    expect(desk.get_by_role("link", name="remind_caregivers")).to_be_visible()
    assert axe_faults(desk) == []

    desk.get_by_role("link", name="remind_caregivers").click()
    desk.locator("#reason").fill("假日安排改过了")
    desk.get_by_role("button", name="现在执行").click()
    expect(desk.get_by_text("几秒内开始")).to_be_visible()
    assert axe_faults(desk) == []

    desk.set_viewport_size({"width": 390, "height": 844})
    for address in ("/admin/timetable", "/admin/timetable/remind_caregivers"):
        desk.goto(address)
        assert desk.evaluate("document.documentElement.scrollWidth") <= 390
