"""An assessment from the first answer to the paper, by keyboard, with and without scripts."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.console.test_pages import grave_findings

WHY = "input#reason"  # Before the file is open; the form of a new assessment has a list.
DESK = "/admin/residents/assessments"
SECTIONS = ("self_care", "movement", "mind", "senses")


@pytest.fixture
def assessor(sign_in):
    return sign_in("community")


@pytest.fixture
def of_the_neighbour(assessor):
    """The address of the assessments of the demo's resident whom nobody has assessed yet."""
    for number in range(1, 12):
        assessor.goto(f"/admin/residents/{number}/assessments")
        if assessor.locator(WHY).count():
            open_file(assessor)
        if "孙玉珍" in assessor.title():
            return assessor.url
    raise AssertionError("孙玉珍 is not among the first residents")


def open_file(page):
    """Say why; the page that was asked for follows, and is there as a whole."""
    page.locator(WHY).fill("上门评估")
    with page.expect_navigation():
        page.locator(WHY).press("Enter")


def answer_all_by_keyboard(page):
    """Tab to each group of radios, choose with the arrows, and leave the step by its button."""
    groups = page.locator("fieldset.item")
    for number in range(groups.count()):
        group = groups.nth(number)
        first = group.locator("input").first
        for _ in range(40):
            page.keyboard.press("Tab")
            if first.evaluate("radio => radio === document.activeElement"):
                break
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
        expect(group.locator("input:checked")).to_have_count(1)
    page.keyboard.press("Tab")
    while not page.evaluate("document.activeElement.value === 'go-on'"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")


def test_by_keyboard_alone_from_the_first_answer_to_a_confirmed_level(
    sign_in, assessor, of_the_neighbour
):
    page = assessor
    page.get_by_role("button", name="开始").focus()
    page.keyboard.press("Enter")
    for section in SECTIONS:
        expect(page.locator(f"[aria-current=step][href*={section}]")).to_be_visible()
        assert grave_findings(page) == []
        answer_all_by_keyboard(page)
    page.locator("#diagnoses").fill("F00")
    expect(page.locator("#sums")).to_contain_text("已答 26/26")
    page.keyboard.press("Tab")
    expect(page.locator("#sums")).to_contain_text("拟定等级：", timeout=4_000)
    page.get_by_role("button", name="保存，下一步").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="提交复核")).to_be_visible()
    assert grave_findings(page) == []
    page.get_by_role("button", name="提交复核").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".result__word")).to_be_visible()
    result = re.sub(r"^https?://[^/]+", "", page.url)

    review = sign_in("county")
    review.goto(DESK)
    review.locator(f"a[href='{result}']").click()
    review.locator(WHY).wait_for()
    open_file(review)
    expect(review.locator(".result__word")).to_be_visible()
    assert grave_findings(review) == []
    review.get_by_role("button", name="确认等级").click()
    expect(review.locator(".result")).to_contain_text("验证码")

    review.emulate_media(media="print")
    expect(review.locator(".result")).to_be_visible()
    expect(review.locator(".result__signatures")).to_be_visible()
    for hidden in (".side-nav", ".toolbar", "details"):
        expect(review.locator(hidden).first).not_to_be_visible()
    assert review.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1


@pytest.fixture
def draft(assessor, of_the_neighbour):
    """The address of a form; it is begun by whichever test comes first."""
    if assessor.get_by_role("button", name="开始").count():
        assessor.locator("#note").fill("跌倒后行走困难")
        assessor.get_by_role("button", name="开始").click()
        assessor.locator("#steps").wait_for()
        return assessor.url
    assessor.goto(DESK)
    assessor.locator("a.list__row").first.click()
    assessor.locator("#steps").wait_for()
    return assessor.url


def test_answers_are_saved_as_one_goes_and_the_step_counts_them(assessor, draft):
    page = assessor
    page.locator("#eating-3").check()
    expect(page.locator("#sums")).to_contain_text("已保存")
    page.locator("#bathing-2").check()
    expect(page.locator("#sums")).to_contain_text("5 / 32")
    expect(page.locator("#steps [aria-current=step]")).to_contain_text("2/8")

    page.reload()
    expect(page.locator("#bathing-2")).to_be_checked()


def test_without_scripts_a_button_adds_up(sign_in, draft):
    page = sign_in("community", java_script_enabled=False)
    page.goto(f"{draft}?step=movement")
    page.locator("#walking-3").check()
    page.get_by_role("button", name="合计").click()

    expect(page).to_have_url(re.compile("step=movement"))
    expect(page.locator("#walking-3")).to_be_checked()
    expect(page.locator("#steps [aria-current=step]")).to_contain_text("1/4")


def test_the_forms_pages_hold_in_the_dark_in_english_and_on_a_tablet(sign_in, draft):
    page = sign_in(
        "community", color_scheme="dark", locale="en-GB", viewport={"width": 820, "height": 1180}
    )
    for step in (*SECTIONS, "findings", "check"):
        page.goto(f"{draft}?step={step}")
        assert grave_findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 820, step
