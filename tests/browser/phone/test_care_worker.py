"""A care worker's day with the network gone in the middle; the elder confirms and rates."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import axe
from tests.browser.conftest import DESK
from tests.browser.console.conftest import pass_the_door
from tests.browser.elder_rules import faults_of
from tests.browser.phone.axe import axe_faults
from tests.browser.phone.conftest import OpenPhone
from tests.browser.phone.screens import come_to_work, open_screen
from tests.factories.pictures import picture

HERE = {"longitude": 112.85, "latitude": 35.49, "accuracy": 12}


def keeps_the_rules(page: Page) -> None:
    assert faults_of(page) + axe_faults(page) == []


def test_a_visit_made_without_a_network_is_proved_and_the_elder_says_so(
    open_phone: OpenPhone, couples_token: str, open_context: Callable[..., BrowserContext]
):
    phone = open_phone(works_offline=True)
    phone.context.grant_permissions(["geolocation"])
    phone.context.set_geolocation(HERE)
    come_to_work(phone)
    phone.evaluate("navigator.serviceWorker.ready")
    phone.reload()
    big = phone.get_by_role("button", name="到了")
    big.wait_for()
    keeps_the_rules(phone)

    phone.context.set_offline(True)
    big.tap()
    expect(phone.get_by_text("已记在手机里，还没发送")).to_be_visible()
    keeps_the_rules(phone)
    taken = {"name": "1.jpg", "mimeType": "image/jpeg", "buffer": picture(size=(2600, 1900))}
    phone.locator("#visit-photo").set_input_files(taken)
    phone.get_by_alt_text("您拍的照片").wait_for()
    keeps_the_rules(phone)
    phone.reload()
    phone.get_by_alt_text("您拍的照片").wait_for()
    phone.get_by_role("checkbox", name="助浴").check()
    phone.get_by_role("button", name="走了").tap()
    phone.get_by_role("button", name="老人点这里：来过了").wait_for()
    keeps_the_rules(phone)
    phone.reload()
    phone.get_by_role("button", name="老人点这里：来过了").wait_for()
    open_screen(phone, "/work")
    expect(phone.get_by_text("这部手机里还有 2 条没有发送")).to_be_visible()
    expect(phone.get_by_text("这部手机里还有 1 张照片没有发送")).to_be_visible()
    keeps_the_rules(phone)

    phone.context.set_offline(False)
    expect(phone.get_by_text("没有发送")).to_have_count(0)
    expect(phone.get_by_text("已完成，待确认")).to_be_visible()

    elders = open_phone(token=couples_token)
    open_screen(elders, "/visits")
    expect(elders.get_by_role("heading", name="请确认")).to_be_visible()
    keeps_the_rules(elders)
    elders.get_by_text("段暖").first.tap()
    elders.get_by_role("button", name="是的，来过了").tap()
    expect(elders.get_by_text("谢谢您，记下了。")).to_be_visible()
    expect(elders.get_by_alt_text("服务后的样子")).to_have_js_property("naturalWidth", 1280)
    good = elders.get_by_role("button", name="好", exact=True)
    good.tap()
    expect(good).to_have_attribute("aria-pressed", "true")
    keeps_the_rules(elders)

    desk = open_context(**DESK).new_page()
    pass_the_door(desk, "homecare")
    desk.goto("/admin/care/roster")
    desk.get_by_role("link", name="赵建国").first.click()
    expect(desk.get_by_role("definition").filter(has_text="老人在自己手机上确认")).to_be_visible()
    expect(desk.get_by_alt_text("服务后的照片")).to_have_js_property("naturalWidth", 1280)
    assert axe.axe_faults(desk) == []
