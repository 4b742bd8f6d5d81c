"""An elder pays money in by phone: to the provider's page, and back with it in the wallet."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.elder_rules import faults_of
from tests.browser.phone.axe import axe_faults
from tests.browser.phone.screens import open_top_up, open_wallet

pytestmark = pytest.mark.browser

PAY, GIVE_UP = "付款", "不付了"


def fen_in(phone: Page) -> int:
    """Read what the wallet says it holds."""
    told = re.search(r"([\d,]+)(?:\.(\d\d))?", phone.locator(".purse").inner_text())
    assert told
    return int(told[1].replace(",", "")) * 100 + int(told[2] or 0)


def go_to_pay(phone: Page, amount: str) -> None:
    phone.locator(".radio-card", has_text=amount).tap()
    phone.locator(".action-bar button").tap()
    phone.wait_for_url("**/sandbox-pay/pay/*")


def test_what_is_paid_by_phone_is_in_the_wallet(daughters_phone: Page) -> None:
    open_wallet(daughters_phone)
    before = fen_in(daughters_phone)
    open_top_up(daughters_phone)
    go_to_pay(daughters_phone, "100 元")

    daughters_phone.get_by_role("button", name=PAY, exact=True).tap()

    daughters_phone.wait_for_url("**/app/top-ups/*")
    expect(daughters_phone.get_by_text("已充值100 元。")).to_be_visible()
    assert faults_of(daughters_phone) == []
    assert axe_faults(daughters_phone) == []
    open_wallet(daughters_phone)
    assert fen_in(daughters_phone) == before + 10_000


def test_who_gives_up_at_the_provider_has_paid_nothing(daughters_phone: Page) -> None:
    open_wallet(daughters_phone)
    before = fen_in(daughters_phone)
    open_top_up(daughters_phone)
    go_to_pay(daughters_phone, "50 元")

    daughters_phone.get_by_role("button", name=GIVE_UP, exact=True).tap()

    daughters_phone.wait_for_url("**/app/top-ups/*")
    expect(daughters_phone.get_by_text("已充值")).to_have_count(0)
    open_wallet(daughters_phone)
    assert fen_in(daughters_phone) == before
