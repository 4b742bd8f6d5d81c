"""She signs in, books a meal, shows the code without a network, and cancels."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.elder_rules import LARGEST_TEXT, USUAL, faults_of
from tests.browser.phone.axe import axe_faults
from tests.browser.phone.conftest import OWN_PHONE, OpenPhone
from tests.browser.phone.screens import open_dishes, open_screen, take_a_free_meal

pytestmark = pytest.mark.browser

BOOK = re.compile("^订[早午晚]饭$")
CANCEL = re.compile("^取消[早午晚]饭$")
SIX_DIGITS = re.compile(r"^\d{3} \d{3}$")

PATIENCE_TRIES = 300


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
    """A free meal of the usual canteen; returns where the booking is."""
    phone.get_by_role("link", name="订餐").tap()
    phone.locator("a.list__row").first.tap()
    phone.locator("a.list__row:has(.badge--good)").first.wait_for()
    take_a_free_meal(phone)
    expect(phone.locator("img.list__picture").first).to_be_visible()
    return confirm(phone)


def confirm(phone: Page) -> str:
    """From the dishes to the code; returns where the booking is."""
    phone.locator(".action-bar a").tap()
    expect(phone.locator(".price-split__own")).to_contain_text("元")
    phone.get_by_role("button", name=BOOK).tap()
    expect(phone.get_by_role("heading", name="订好了")).to_be_visible()
    return phone.url.split("/app")[1].removesuffix("/booked")


def wait_for_the_shell(phone: Page) -> None:
    """The worker has kept everything and answers for this page.

    Asked for again and again from here: what the page itself would have to evaluate, our own
    content security policy forbids.
    """
    for _ in range(PATIENCE_TRIES):
        if phone.evaluate("navigator.serviceWorker.controller !== null"):
            return
        phone.wait_for_timeout(100)
    raise AssertionError("the worker never took the page over")


def test_a_resident_books_shows_her_code_offline_and_cancels(open_phone: OpenPhone):
    phone = open_phone(works_offline=True)
    sign_in(phone)
    booking = book_a_meal(phone)
    code = phone.locator(".meal-code__digits").inner_text()
    assert SIX_DIGITS.match(code)
    expect(phone.get_by_role("img", name="取餐二维码")).to_be_visible()

    wait_for_the_shell(phone)
    phone.context.set_offline(True)
    phone.reload()
    expect(phone.locator(".meal-code__digits")).to_have_text(code)
    expect(phone.locator(".offline-bar")).to_contain_text("现在没有网络")

    phone.goto("/app/bookings")
    expect(phone.locator(f"a[href$='{booking}']")).to_be_visible()
    phone.context.set_offline(False)
    expect(phone.locator(".offline-bar")).to_have_count(0)

    cancel(phone, booking)


def cancel(phone: Page, booking: str) -> None:
    open_screen(phone, booking)
    phone.get_by_role("link", name=CANCEL).tap()
    expect(phone.get_by_role("heading", name="取消这一餐吗？")).to_be_visible()
    phone.get_by_role("button", name=CANCEL).tap()
    expect(phone.get_by_role("status").filter(has_text="已经取消了")).to_be_visible()

    open_screen(phone, booking)
    expect(phone.get_by_text("已取消", exact=True)).to_be_visible()
    expect(phone.locator(".meal-code")).to_have_count(0)


def test_the_next_meal_stands_first_at_home_even_offline(
    open_phone: OpenPhone, daughters_token: str
):
    phone = open_phone(token=daughters_token, works_offline=True)
    open_dishes(phone)
    booking = confirm(phone)
    open_screen(phone, "/")
    code = phone.locator(".meal-code__digits").inner_text()
    wait_for_the_shell(phone)

    phone.context.set_offline(True)
    phone.reload()

    expect(phone.locator(".page__body > section").first).to_contain_text(code)
    phone.context.set_offline(False)
    cancel(phone, booking)


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
    daughters_phone.route("**/api/v1/bookings", drop_the_first)
    booking = confirm(daughters_phone)

    assert len(keys) == 2
    assert len(set(keys)) == 1

    daughters_phone.unroute("**/api/v1/bookings")
    cancel(daughters_phone, booking)


def test_the_screens_of_a_booking_keep_the_rules(daughters_phone: Page):
    open_dishes(daughters_phone)
    booking = confirm(daughters_phone)

    for size, limits in (("normal", USUAL), ("largest", LARGEST_TEXT)):
        daughters_phone.evaluate(f"localStorage.setItem('yinling.text-size', '{size}')")
        for path in ("/", "/bookings", booking, f"{booking}/booked", f"{booking}/cancel"):
            open_screen(daughters_phone, path)
            assert faults_of(daughters_phone, limits) == [], path
            if limits is USUAL:
                assert axe_faults(daughters_phone) == [], path

    cancel(daughters_phone, booking)


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
