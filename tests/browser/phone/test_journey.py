"""She signs in, books a meal, shows the code without a network, and cancels."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.elder_rules import LARGEST_TEXT, USUAL, faults_of
from tests.browser.phone.axe import axe_faults
from tests.browser.phone.conftest import OWN_PHONE, OpenPhone
from tests.browser.phone.screens import open_dishes, open_screen

pytestmark = pytest.mark.browser

SIX_DIGITS = re.compile(r"^\d{3} \d{3}$")


def sign_in(phone: Page) -> None:
    """By number and by the code that the demo shows on the screen."""
    phone.goto("/app/")
    phone.fill("#phone", OWN_PHONE)
    phone.get_by_role("button", name="把验证码发给我").tap()
    expect(phone.get_by_text("演示", exact=True)).to_be_visible()
    phone.get_by_role("button", name="帮我填上").tap()
    phone.get_by_role("button", name="登录").tap()
    expect(phone.locator(".tiles")).to_be_visible()


def book_a_meal(phone: Page) -> str:
    """The last open meal of the usual canteen; returns the code."""
    phone.get_by_role("link", name="订餐").tap()
    phone.locator("a.list__row").first.tap()
    phone.locator("a.list__row:has(.badge--good)").last.tap()
    expect(phone.locator("img.list__picture").first).to_be_visible()
    phone.get_by_role("link", name="就要这一餐").tap()
    expect(phone.locator(".price-split__own")).to_contain_text("元")
    phone.get_by_role("button", name=re.compile("^订[早午晚]饭$")).tap()
    expect(phone.get_by_role("heading", name="订好了")).to_be_visible()
    return phone.locator(".meal-code__digits").inner_text()


def wait_for_the_shell(phone: Page) -> None:
    """The worker has kept everything and answers for this page."""
    phone.wait_for_function("navigator.serviceWorker.controller !== null")


def test_a_resident_books_shows_her_code_offline_and_cancels(open_phone: OpenPhone):
    phone = open_phone(works_offline=True)
    sign_in(phone)
    code = book_a_meal(phone)
    assert SIX_DIGITS.match(code)
    expect(phone.get_by_role("img", name="取餐二维码")).to_be_visible()

    wait_for_the_shell(phone)
    phone.context.set_offline(True)
    phone.reload()
    expect(phone.locator(".meal-code__digits")).to_have_text(code)
    expect(phone.locator(".offline-bar")).to_contain_text("现在没有网络")

    phone.goto("/app/")
    expect(phone.locator(".meal-code__digits")).to_have_text(code)
    phone.context.set_offline(False)
    expect(phone.locator(".offline-bar")).to_have_count(0)

    cancel_the_meal(phone)


def cancel_the_meal(phone: Page) -> None:
    phone.locator(".meal-code").tap()
    phone.get_by_role("link", name=re.compile("^取消[早午晚]饭$")).tap()
    expect(phone.get_by_role("heading", name="取消这一餐吗？")).to_be_visible()
    phone.get_by_role("button", name=re.compile("^取消[早午晚]饭$")).tap()
    expect(phone.get_by_role("status").filter(has_text="已经取消了")).to_be_visible()

    open_screen(phone, "/")
    expect(phone.locator(".meal-code")).to_have_count(0)


def test_pressing_twice_books_once(daughters_phone: Page):
    keys = []
    daughters_phone.on(
        "request",
        lambda request: (
            request.method == "POST"
            and request.url.endswith("/bookings")
            and keys.append(request.headers["idempotency-key"])
        ),
    )
    dropped = iter([True, False])

    def drop_the_first(route):
        route.abort() if next(dropped, False) else route.continue_()

    open_dishes(daughters_phone)
    daughters_phone.locator(".action-bar a").tap()
    daughters_phone.route("**/api/v1/bookings", drop_the_first)
    daughters_phone.get_by_role("button", name=re.compile("^订[早午晚]饭$")).tap()
    expect(daughters_phone.get_by_role("heading", name="订好了")).to_be_visible()

    assert len(keys) == 2
    assert len(set(keys)) == 1

    daughters_phone.unroute("**/api/v1/bookings")
    open_screen(daughters_phone, "/")
    cancel_the_meal(daughters_phone)


def test_the_screens_of_a_booking_keep_the_rules(daughters_phone: Page):
    open_dishes(daughters_phone)
    daughters_phone.locator(".action-bar a").tap()
    daughters_phone.get_by_role("button", name=re.compile("^订[早午晚]饭$")).tap()
    expect(daughters_phone.get_by_role("heading", name="订好了")).to_be_visible()
    booking = daughters_phone.url.split("/app")[1].removesuffix("/booked")

    for size, limits in (("normal", USUAL), ("largest", LARGEST_TEXT)):
        daughters_phone.evaluate(f"localStorage.setItem('yinling.text-size', '{size}')")
        for path in ("/", "/bookings", booking, f"{booking}/booked", f"{booking}/cancel"):
            open_screen(daughters_phone, path)
            assert faults_of(daughters_phone, limits) == [], path
            assert axe_faults(daughters_phone) == [], path

    open_screen(daughters_phone, "/")
    cancel_the_meal(daughters_phone)


def test_the_dishes_can_be_looked_at_offline_but_not_booked(
    open_phone: OpenPhone, daughters_token: str
):
    phone = open_phone(token=daughters_token, works_offline=True)
    open_dishes(phone)
    wait_for_the_shell(phone)
    phone.context.set_offline(True)
    phone.reload()

    expect(phone.locator("img.list__picture").first).to_be_visible()
    expect(phone.get_by_text("没有网络，订不了餐")).to_be_visible()
    expect(phone.locator(".action-bar")).to_have_count(0)
