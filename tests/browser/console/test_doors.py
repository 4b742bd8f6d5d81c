"""A lost phone, a stolen tablet and a forgotten password, as they are seen on the screen."""

import re
import urllib.error
import urllib.request
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from admin.identity.demo import PASSWORD
from tests.browser.conftest import DESK, ServedCity, sign_in_by_phone
from tests.browser.console.conftest import SignIn, pass_the_door
from tests.browser.console.test_pages import grave_findings
from tests.browser.furnishing import FORGETFUL, FORGETFULS_NAME
from tests.factories.people import an_id_number

ELDER, DAUGHTER, HER_PHONE = "景素珍", "景小满", "19977770012"


def enter_an_elder(page: Page) -> None:
    """Into the register, with a daughter who helps."""
    page.goto("/admin/residents/new")
    page.get_by_label("姓名", exact=True).fill(ELDER)
    page.get_by_label("身份证号").fill(an_id_number(947))
    page.get_by_label("电话", exact=True).fill("19977770011")
    page.locator("#village_code").select_option(index=0)
    page.get_by_label("代办人姓名").fill(DAUGHTER)
    page.get_by_label("代办人手机号").fill(HER_PHONE)
    page.get_by_label("与老人的关系").select_option("child")
    page.get_by_role("button", name="登记入册").click()
    expect(page.get_by_role("heading", level=1, name=ELDER)).to_be_visible()


def is_in(city: ServedCity, token: str) -> bool:
    request = urllib.request.Request(
        f"{city.base_url}/api/v1/me", headers={"Authorization": f"Bearer {token}"}
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError as refused:
        return refused.code != 401


def test_a_lost_phone_is_signed_out_at_the_window(sign_in: SignIn, served_city: ServedCity) -> None:
    page = sign_in("community")
    enter_an_elder(page)
    token = sign_in_by_phone(served_city, HER_PHONE)["token"]
    assert is_in(served_city, token)
    page.get_by_role("link", name="代办人", exact=True).click()
    assert grave_findings(page) == []
    page.get_by_role("link", name="核验、丢失或换号").last.click()
    assert grave_findings(page) == []

    page.get_by_label("持机人就在窗口").check()
    page.locator("#reason").fill("手机丢在公交车上")
    page.get_by_role("button", name="手机丢了").click()

    expect(page.get_by_role("table")).to_be_visible()
    assert not is_in(served_city, token)
    page.get_by_role("link", name="办理记录").click()
    expect(page.get_by_role("row", name="手机丢失，退出全部设备")).to_contain_text("公交车")


def test_a_stolen_tablet_is_signed_out_from_afar(
    open_context: Callable[..., BrowserContext], sign_in: SignIn
) -> None:
    tablet, keeper = open_context(**DESK).new_page(), sign_in("admin")
    pass_the_door(tablet, "careworker")  # whose desk no other test keeps
    keeper.goto("/admin/staff?name=careworker")
    keeper.get_by_role("link", name=re.compile("careworker|段暖")).first.click()

    keeper.locator("#act").select_option("end-sign-ins")
    keeper.locator("#reason").fill("平板被盗")
    keeper.locator("#reason").press("Enter")
    keeper.locator(".notice--good").wait_for()
    tablet.reload()

    tablet.wait_for_url("**/admin/sign-in**")


def test_a_forgotten_password_is_chosen_anew(
    open_context: Callable[..., BrowserContext], sign_in: SignIn
) -> None:
    keeper, desk = sign_in("admin"), open_context(**DESK).new_page()
    keeper.goto(f"/admin/staff?name={FORGETFUL}")
    keeper.get_by_role("link", name=re.compile(f"{FORGETFUL}|{FORGETFULS_NAME}")).first.click()
    keeper.locator("#act").select_option("reset-password")
    keeper.locator("#reason").fill("忘记密码")
    keeper.locator("#reason").press("Enter")
    code = keeper.locator("#one-time-code").inner_text()

    desk.goto("/admin/sign-in/code")
    typed = (("sign_in_name", FORGETFUL), ("code", code), ("password", PASSWORD),
             ("again", PASSWORD))  # fmt: skip
    for name, value in typed:
        desk.locator(f"#{name}").fill(value)
    desk.locator("#again").press("Enter")
    expect(desk.locator(".error-summary")).to_be_visible()  # The demo's password is too weak.
    for name in ("password", "again"):
        desk.locator(f"#{name}").fill("晋城 korrekt pferd batterie")
    desk.locator("#again").press("Enter")

    desk.wait_for_url(re.compile(r"/admin/$"))
