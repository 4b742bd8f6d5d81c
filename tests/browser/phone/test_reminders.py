"""A caregiver hears that a certificate ends, sends the renewed one from the phone, and it is put
right when the operator has entered what the scan shows.
"""

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import BrowserContext, Page, expect

from server import clock
from tests.browser import axe
from tests.browser.caregiving import NAME
from tests.browser.conftest import DESK, ServedCity, ask_for
from tests.browser.console.conftest import pass_the_door
from tests.browser.elder_rules import faults_of
from tests.browser.phone.axe import axe_faults
from tests.browser.phone.screens import open_screen
from tests.browser.serving import CERTIFICATE_ENDS
from tests.factories.pictures import picture

RENEWED = "S140500099990007"
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

    _send_the_scan(phone)
    open_screen(phone, "/caregiver/reminders")
    expect(phone.get_by_role("heading", name="要办的事")).to_be_visible()

    _enter_what_it_shows(desk)
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


def _send_the_scan(phone: Page) -> None:
    phone.get_by_role("link", name="上传证书照片").tap()
    phone.wait_for_url("**/app/caregiver/send?kind=certificate")
    taken = {"name": "1.jpg", "mimeType": "image/jpeg", "buffer": picture(size=(2600, 1900))}
    phone.locator("#proof").set_input_files(taken)
    phone.get_by_alt_text("您拍的照片").wait_for()
    assert faults_of(phone) + axe_faults(phone) == []
    phone.get_by_role("button", name="发给单位").tap()
    expect(phone.get_by_text("已发送，单位会核对。")).to_be_visible()


def _enter_what_it_shows(desk: Page) -> None:
    desk.goto("/admin/caregivers")
    desk.get_by_role("link", name="待核对的扫描件").click()
    desk.get_by_role("link", name=NAME).click()
    scan = desk.get_by_alt_text(f"{NAME} 上传的扫描件")
    expect(scan).to_be_visible()
    assert scan.evaluate("one => one.decode().then(() => one.naturalWidth)") > 0
    assert axe.axe_faults(desk) == []
    today = clock.today()
    desk.get_by_label("证书编号").fill(RENEWED)
    desk.get_by_label("发证机构").fill("晋城市职业技能鉴定中心")
    desk.get_by_label("发证日期").fill(today.isoformat())
    desk.get_by_label("有效期至").fill((today + timedelta(days=1080)).isoformat())
    desk.get_by_role("button", name="添加证书").click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text(NAME)
    expect(desk.get_by_role("cell", name=RENEWED)).to_be_visible()
