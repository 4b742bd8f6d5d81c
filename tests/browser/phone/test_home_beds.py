"""A daughter asks for a care bed at home for a parent, sees where it stands, and takes it back."""

import re

from playwright.sync_api import Page, expect

from tests.browser.elder_rules import faults_of
from tests.browser.phone.axe import axe_faults
from tests.browser.phone.screens import open_screen


def keeps_the_rules(page: Page) -> None:
    assert faults_of(page) + axe_faults(page) == []


def test_asked_for_seen_and_taken_back(daughters_phone: Page):
    phone = daughters_phone
    open_screen(phone, "/care/home-beds/new")
    keeps_the_rules(phone)
    phone.locator(".action-bar button").tap()
    phone.wait_for_url(re.compile(r"/care/home-beds/\d+$"))
    expect(phone.locator("h1")).to_have_text("已收到申请")
    keeps_the_rules(phone)

    open_screen(phone, "/care/home-beds")
    phone.locator("a.list__row").first.tap()
    phone.wait_for_url(re.compile(r"/care/home-beds/\d+$"))
    phone.get_by_role("link", name="不想要了").tap()
    phone.locator(".action-bar button").tap()
    phone.wait_for_url("**/care/home-beds")
    expect(phone.locator(".badge").first).to_have_text("已结束")
