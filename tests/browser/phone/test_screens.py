"""Every screen keeps the rules for elders and for screen readers, in every look."""

from collections.abc import Callable, Iterable

import pytest
from playwright.sync_api import Page

from tests.browser.elder_rules import HIGH_CONTRAST, LARGEST_TEXT, USUAL, faults_of
from tests.browser.phone.axe import axe_faults, axe_faults_beside_ours
from tests.browser.phone.conftest import OpenPhone
from tests.browser.phone.screens import SCREENS, SCREENS_AT_WORK, come_to_work, open_screen

pytestmark = pytest.mark.browser

LOOKS = {
    "dark": ({"dark": True}, USUAL),
    "high contrast": ({"contrast": "high"}, HIGH_CONTRAST),
    "high contrast, dark": ({"contrast": "high", "dark": True}, HIGH_CONTRAST),
    "largest text": ({"text_size": "largest"}, LARGEST_TEXT),
    "largest text in English": (
        {"text_size": "largest", "language": "en"},
        LARGEST_TEXT,
    ),
}
# Walked in several parts, so that several may walk side by side.
PARTS = 4
TRIED_IN_EVERY_LOOK = ("home", "sittings", "confirmation", "care homes", "homes on the map")


def faults_by_screen(
    phone: Page, screens: Iterable[str], measure: Callable[[Page], list[str]]
) -> dict[str, list[str]]:
    """Walk through the screens and say what is wrong where."""
    faults = {}
    for screen in screens:
        SCREENS[screen](phone)
        faults[screen] = measure(phone)
    return {screen: found for screen, found in faults.items() if found}


@pytest.mark.parametrize("part", range(PARTS))
def test_every_screen_keeps_the_rules_for_elders_and_screen_readers(
    daughters_phone: Page, part: int
):
    def all_faults(page: Page) -> list[str]:
        return faults_of(page) + axe_faults_beside_ours(page)

    assert faults_by_screen(daughters_phone, list(SCREENS)[part::PARTS], all_faults) == {}


@pytest.mark.parametrize("look", LOOKS)
def test_the_rules_hold_in_every_look(open_phone: OpenPhone, daughters_token: str, look: str):
    settings, limits = LOOKS[look]
    phone = open_phone(token=daughters_token, **settings)

    assert faults_by_screen(phone, TRIED_IN_EVERY_LOOK, lambda page: faults_of(page, limits)) == {}


@pytest.mark.parametrize("look", ["usual", "largest text"])
def test_the_screens_of_care_workers_keep_the_rules(open_phone: OpenPhone, look: str):
    settings, limits = LOOKS.get(look, ({}, USUAL))
    phone = open_phone(**settings)
    come_to_work(phone)

    faults = {}
    for screen, come_to in SCREENS_AT_WORK.items():
        come_to(phone)
        faults[screen] = faults_of(phone, limits) + axe_faults_beside_ours(phone)
    assert faults == {"work": [], "a visit to be made": []}


def test_the_sign_in_screen_keeps_the_rules(open_phone: OpenPhone):
    phone = open_phone()
    open_screen(phone, "/")

    assert phone.locator("#phone").is_visible()
    assert faults_of(phone) == []
    assert axe_faults(phone) == []


def test_every_screen_can_be_used_with_the_keyboard(daughters_phone: Page):
    open_screen(daughters_phone, "/help")
    assert daughters_phone.evaluate("document.activeElement.tagName") == "H1"

    daughters_phone.locator("a.list__row", has_text="文字大小").focus()
    daughters_phone.keyboard.press("Enter")
    daughters_phone.wait_for_url("**/help/text-size")
    assert daughters_phone.evaluate("document.activeElement.textContent") == "文字大小"

    daughters_phone.locator("input[value=normal]").focus()
    daughters_phone.keyboard.press("ArrowDown")
    assert daughters_phone.evaluate("document.documentElement.dataset.textSize") == "large"


def test_back_never_loses_what_was_typed(open_phone: OpenPhone):
    phone = open_phone()
    open_screen(phone, "/sign-in")
    phone.fill("#phone", "139 0000")
    phone.get_by_text("把字放大").tap()
    phone.wait_for_url("**/help/text-size")

    phone.get_by_text("返回").tap()

    phone.wait_for_url("**/sign-in")
    assert phone.input_value("#phone") == "139 0000"


def test_the_language_changes_at_once_and_stays(daughters_phone: Page):
    open_screen(daughters_phone, "/help/language")
    daughters_phone.get_by_role("radio", name="English").tap()
    daughters_phone.get_by_role("heading", name="Language").wait_for()

    open_screen(daughters_phone, "/help")
    assert daughters_phone.title() == "Help · Yinling"
    assert daughters_phone.evaluate("document.documentElement.lang") == "en"

    open_screen(daughters_phone, "/help/language")
    daughters_phone.get_by_role("radio", name="中文").tap()
    daughters_phone.get_by_role("heading", name="语言").wait_for()
