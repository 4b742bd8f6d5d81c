"""The measure catches a bad page, fault by fault, and lets a good one pass."""

import pytest
from playwright.sync_api import Page

from tests.browser.elder_rules import HIGH_CONTRAST, LARGEST_TEXT, faults_of

pytestmark = pytest.mark.browser

GOOD = """
<!doctype html><html lang="zh-CN"><head><title>订午饭 · 银龄</title>
<meta name="viewport" content="width=device-width"><style>
  body { margin: 0; font: 20px/1.6 sans-serif; color: #1b1e1a; background: #faf7f0; }
  a, button { display: block; box-sizing: border-box; min-height: 60px; margin: 12px; width: 200px;
    font: inherit; color: #0c4a30; background: #fff; }
  h1 { font-size: 26px; }
</style></head><body><main><h1>订午饭</h1><p>还有 12 份</p><a href="/x">去订</a>
<button>返回</button></main></body></html>
"""

BAD = {
    "small target": ("min-height: 60px", "height: 40px", "40 px high"),
    "narrow target": ("width: 200px", "width: 40px", "40 px wide"),
    "targets too close": ("margin: 12px", "margin: 4px", "4 px apart"),
    "small text": ("<p>", '<p style="font-size: 14px">', "is written in 14.0 px"),
    "small page": ("font: 20px/1.6", "font: 16px/1.6", "the page is written in 16.0 px"),
    "tight lines": ("20px/1.6", "20px/1.2", "line height of 1.20"),
    "weak colour": ("<p>", '<p style="color: #767676">', "has a contrast of 4."),
    "weak through glass": ("<p>", '<p style="color: rgba(27, 30, 26, .5)">', "has a contrast of"),
    "too wide": ("<p>", '<p style="width: 900px">', "px wide on a screen of 390"),
    "no heading": ("h1>", "h2>", "there are 0 first headings"),
    "other title": ("<title>订午饭", "<title>登录", "is not the heading"),
    "no main": ("main>", "div>", "there is not one main part"),
    "an id twice": ("<p>", '<p id="a"></p><p id="a">', "an id is given twice"),
}


@pytest.fixture
def narrow(page: Page) -> Page:
    page.set_viewport_size({"width": 390, "height": 844})
    return page


def test_a_good_page_has_no_fault(narrow: Page):
    narrow.set_content(GOOD)

    assert faults_of(narrow) == []


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_page_is_caught(narrow: Page, fault: str):
    before, after, sentence = BAD[fault]
    assert before in GOOD
    narrow.set_content(GOOD.replace(before, after))

    faults = faults_of(narrow)

    assert any(sentence in found for found in faults), faults


def test_the_stricter_limits_are_stricter(narrow: Page):
    narrow.set_content(GOOD)

    assert any("contrast" in fault for fault in faults_of(narrow, HIGH_CONTRAST))
    assert any(
        "the page is written in 20.0 px" in fault for fault in faults_of(narrow, LARGEST_TEXT)
    )
