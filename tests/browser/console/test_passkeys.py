"""A passkey is added and opens the console, with Chromium's own virtual authenticator."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from admin.identity.demo import PASSWORD
from tests.browser.conftest import DESK, ServedCity
from tests.browser.console.conftest import pass_the_door
from tests.browser.console.test_pages import grave_findings

A_DEVICE_OF_ONES_OWN = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def by_name(served_city: ServedCity, browser: Any) -> Any:
    """A desk that knows the house by the name that passkeys are bound to."""
    address = served_city.base_url.replace("127.0.0.1", "localhost")
    context: BrowserContext = browser.new_context(base_url=address, **DESK)
    yield context
    context.close()


@pytest.fixture
def page(by_name: BrowserContext) -> Page:
    return by_name.new_page()


@pytest.fixture
def device(by_name: BrowserContext, page: Page) -> Callable[..., Any]:
    """The authenticator in this computer: `device("setUserVerified", isUserVerified=False)`."""
    wire = by_name.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    made = wire.send("WebAuthn.addVirtualAuthenticator", {"options": A_DEVICE_OF_ONES_OWN})

    def ask(command: str, **given: Any) -> Any:
        return wire.send(
            f"WebAuthn.{command}", {"authenticatorId": made["authenticatorId"], **given}
        )

    return ask


def add(page: Page) -> None:
    page.goto("/admin/account")
    page.locator("#present-passkey").fill(PASSWORD)
    page.get_by_role("button", name="添加通行密钥").click()
    assert grave_findings(page) == []
    page.locator("#label").fill("窗口电脑")
    page.locator("#label").press("Enter")
    page.wait_for_url("**/admin/account?done=passkey-added")


def leave(page: Page) -> None:
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/admin/sign-in")


def test_from_the_password_to_a_door_that_opens_by_itself(page: Page, device: Any) -> None:
    pass_the_door(page, "city")
    add(page)
    assert "窗口电脑" in page.locator("#passkeys-caption").locator("xpath=..").inner_text()
    assert grave_findings(page) == []
    leave(page)

    page.get_by_role("button", name="用通行密钥登录").click()
    page.wait_for_url(re.compile(r"/admin/$"))

    assert page.locator(".side-nav__person").is_visible()
    assert len(device("getCredentials")["credentials"]) == 1


def test_whoever_is_not_recognised_may_try_again_or_type_the_password(
    page: Page, device: Any
) -> None:
    pass_the_door(page, "community")
    add(page)
    leave(page)
    device("setUserVerified", isUserVerified=False)

    page.get_by_role("button", name="用通行密钥登录").click()
    page.locator("#passkey-problem .notice").wait_for()
    assert grave_findings(page) == []
    device("setUserVerified", isUserVerified=True)
    page.get_by_role("button", name="使用通行密钥").click()

    page.wait_for_url(re.compile(r"/admin/$"))


def test_taken_away_it_no_longer_opens(page: Page, device: Any) -> None:
    pass_the_door(page, "canteen")
    add(page)
    page.get_by_role("button", name="移除").click()
    page.wait_for_url("**/admin/account?done=passkey-removed")
    leave(page)

    page.get_by_role("button", name="用通行密钥登录").click()

    page.get_by_text("这个通行密钥打不开").wait_for()


def test_by_an_address_in_digits_no_passkey_is_offered(desk_page: Page) -> None:
    desk_page.goto("/admin/sign-in")

    assert desk_page.get_by_role("button", name="用通行密钥登录").count() == 0
