"""From the invitation to the first sign-in with a second step, by keyboard, past axe."""

import re
from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.console.test_pages import grave_findings

PASSWORD = "晋城 korrekt pferd batterie"
SignIn = Callable[..., Page]


def invite(page: Page, sign_in_name: str) -> str:
    """Invite somebody at the administrator's desk; returns the one-time code."""
    page.goto("/admin/staff/new")
    page.locator("#sign_in_name").fill(sign_in_name)
    page.locator("#display_name").fill("张伟")
    page.locator("#reason").fill("新同事")
    page.locator("#reason").press("Enter")
    code = page.locator("#one-time-code").inner_text()
    assert grave_findings(page) == []
    return code


def give_office(page: Page, role: str) -> None:
    """Give the person whose code was just shown an office over a county that is searched for."""
    page.get_by_role("link", name="去看账号").click()
    page.get_by_role("link", name="加角色").click()
    page.locator("#place").fill("城区")
    page.locator("#place").press("Enter")
    page.get_by_label("城区 晋城市 城区").first.check()
    page.locator("#role").select_option(role)
    page.locator("#reason").fill("任命")
    page.locator("#reason").press("Enter")
    page.locator(".notice--good").wait_for()
    assert grave_findings(page) == []


def shows_whole_code(page: Page) -> bool:
    """True where the drawing of the QR code, all of its modules, lies within its frame."""
    drawn = page.locator(".qr svg path").last.bounding_box()
    frame = page.locator(".qr").bounding_box()
    return (
        frame["x"] <= drawn["x"]
        and drawn["x"] + drawn["width"] <= frame["x"] + frame["width"]
        and drawn["y"] + drawn["height"] <= frame["y"] + frame["height"]
    )


def test_a_new_colleague_comes_in_and_sets_the_second_step_up(
    sign_in: SignIn, desk_page: Page
) -> None:
    desk = sign_in("admin")
    code = invite(desk, "zhang.wei")
    give_office(desk, "auditor")

    desk_page.goto("/admin/sign-in")
    desk_page.get_by_role("link", name=re.compile("一次性码")).click()
    assert grave_findings(desk_page) == []
    for name, typed in (("sign_in_name", "zhang.wei"), ("code", code), ("password", PASSWORD),
                        ("again", PASSWORD)):  # fmt: skip
        desk_page.locator(f"#{name}").fill(typed)
    desk_page.locator("#again").press("Enter")

    desk_page.wait_for_url("**/sign-in/set-up")
    assert desk_page.get_by_role("img", name="二维码").bounding_box()["width"] >= 180
    assert shows_whole_code(desk_page)
    assert len(desk_page.locator("code.secret").inner_text().replace(" ", "")) == 32
    assert grave_findings(desk_page) == []
    shown = desk_page.locator(".figures").first.inner_text().replace(" ", "")
    desk_page.locator("#code").fill(shown)
    desk_page.locator("#code").press("Enter")

    desk_page.locator(".codes").wait_for()
    assert desk_page.locator(".codes li").count() == 10
    assert grave_findings(desk_page) == []
    desk_page.get_by_role("link", name="我已保存好").press("Enter")
    desk_page.wait_for_url("**/admin/")
    assert "审计 · 城区" in desk_page.locator(".side-nav__person").inner_text()


def test_a_visitor_of_the_demo_is_in_with_two_clicks(desk_page: Page) -> None:
    desk_page.goto("/admin/sign-in")
    desk_page.get_by_role("button", name="审批").first.click()
    desk_page.wait_for_url("**/second-step")
    assert "演示" in desk_page.locator("main").inner_text()
    assert grave_findings(desk_page) == []

    desk_page.get_by_role("button", name="登录").click()

    desk_page.wait_for_url("**/admin/")


def test_a_recovery_code_is_asked_for_on_a_page_of_its_own(desk_page: Page) -> None:
    desk_page.goto("/admin/sign-in")
    desk_page.get_by_role("button", name="审批").first.click()
    desk_page.get_by_role("link", name=re.compile("恢复码")).click()

    desk_page.locator("#code").fill("AAAAA-AAAAA")
    desk_page.locator("#code").press("Enter")

    desk_page.locator(".error-summary").wait_for()
    assert grave_findings(desk_page) == []


def test_a_key_is_issued_by_keyboard_and_revoked(sign_in: SignIn) -> None:
    page = sign_in("admin")
    page.goto("/admin/keys/new")
    page.locator("#owner").fill("卫生健康委")
    page.locator("#purpose").fill("医养结合")
    page.locator("input[name=scope][value='sites.read-contacts']").focus()
    page.keyboard.press("Space")
    page.locator("input[value=phone]").focus()
    page.keyboard.press("Space")
    page.locator("#reason").fill("按协议")
    page.keyboard.press("Enter")
    assert page.locator("#key").inner_text().startswith("yl_")
    assert grave_findings(page) == []

    page.get_by_role("link", name="去看密钥").click()
    assert grave_findings(page) == []
    page.locator("#reason").fill("试过了")
    page.keyboard.press("Enter")

    page.get_by_text("已收回").wait_for()


def test_accounts_fit_a_narrow_screen(sign_in: SignIn) -> None:
    page = sign_in("admin", viewport={"width": 390, "height": 900})
    for path in ("/admin/staff", "/admin/staff/1", "/admin/staff/new", "/admin/keys/new"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
