"""Every screen keeps the rules for elders and for screen readers, in every look."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.elder_rules import HIGH_CONTRAST, LARGEST_TEXT, faults_of
from tests.browser.phone.conftest import OpenPhone
from tests.browser.phone.screens import SCREENS, open_screen

pytestmark = pytest.mark.browser

LOOKS = {
    "dark": ({"dark": True}, {}),
    "high contrast": ({"contrast": "high"}, {"limits": HIGH_CONTRAST}),
    "high contrast, dark": ({"contrast": "high", "dark": True}, {"limits": HIGH_CONTRAST}),
    "largest text": ({"text_size": "largest"}, {"limits": LARGEST_TEXT}),
    "largest text in English": (
        {"text_size": "largest", "language": "en"},
        {"limits": LARGEST_TEXT},
    ),
}
TRIED_IN_EVERY_LOOK = ("home", "sittings", "confirmation", "care homes")


def axe_faults(page: Page) -> list[str]:
    """What axe finds, without what it only calls minor."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['help']}" for one in found if one["impact"] != "minor"]


@pytest.mark.parametrize("screen", SCREENS)
def test_a_screen_keeps_the_rules(daughters_phone: Page, screen: str):
    SCREENS[screen](daughters_phone)

    assert faults_of(daughters_phone) == []
    assert axe_faults(daughters_phone) == []


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("screen", TRIED_IN_EVERY_LOOK)
def test_a_screen_keeps_the_rules_in_every_look(
    open_phone: OpenPhone, daughters_token: str, screen: str, look: str
):
    settings, measure = LOOKS[look]
    phone = open_phone(token=daughters_token, **settings)
    SCREENS[screen](phone)

    assert faults_of(phone, **measure) == []


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
    daughters_phone.get_by_text("English").tap()
    daughters_phone.get_by_role("heading", name="Language").wait_for()

    open_screen(daughters_phone, "/help")
    assert daughters_phone.title() == "Help · Yinling"
    assert daughters_phone.evaluate("document.documentElement.lang") == "en"

    open_screen(daughters_phone, "/help/language")
    daughters_phone.get_by_text("中文").tap()
    daughters_phone.get_by_role("heading", name="语言").wait_for()
