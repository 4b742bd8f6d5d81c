"""Every page of the console: axe finds nothing serious, and nothing is refused or broken."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Response

GRAVE = {"serious", "critical"}
PAGES = [
    ("canteen", "/admin/"),
    ("canteen", "/admin/meals/today"),
    ("canteen", "/admin/meals/serve"),
    ("city", "/admin/"),
    ("city", "/admin/meals/overview"),
    ("city", "/admin/providers/sites"),
    ("operator", "/admin/providers/sites?kind=care_home"),
    ("cashier", "/admin/"),
    ("canteen", "/admin/meals/overview"),
    ("canteen", "/admin/no-such-page"),
]


def grave_findings(page: Page) -> list[str]:
    """What axe calls serious or worse, with where it stands."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {[node['target'] for node in one['nodes']]}"
        for one in found
        if one["impact"] in GRAVE
    ]


def is_missing(answer: Response) -> bool:
    """True for a style, script or picture that is not there."""
    return answer.status >= 400 and answer.request.resource_type != "document"


@pytest.fixture
def watched(sign_in):
    """A desk whose page may not be refused a style or a script, nor fail in one."""
    faults: list[str] = []

    def open_page(name: str, path: str, **manner) -> Page:
        page = sign_in(name, **manner)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "response", lambda answer: faults.append(answer.url) if is_missing(answer) else None
        )
        page.on(
            "console", lambda said: faults.append(said.text) if "Refused" in said.text else None
        )
        page.goto(path, wait_until="networkidle" if "today" not in path else "load")
        return page

    yield open_page
    assert faults == []


@pytest.mark.parametrize(("name", "path"), PAGES)
def test_nothing_serious_stands_in_anybodys_way(watched, name, path):
    assert grave_findings(watched(name, path)) == []


@pytest.mark.parametrize("manner", [{"color_scheme": "dark"}, {"locale": "en-GB"}], ids=str)
def test_nor_in_the_dark_nor_in_english(watched, manner):
    for path in ("/admin/meals/today", "/admin/meals/serve"):
        assert grave_findings(watched("canteen", path, **manner)) == []


def test_nor_at_the_door(desk_page):
    desk_page.goto("/admin/sign-in")
    assert grave_findings(desk_page) == []

    desk_page.locator("#sign_in_name").fill("nobody")
    desk_page.locator("#password").fill("wrong")
    desk_page.locator("#password").press("Enter")
    desk_page.locator(".error-summary").wait_for()
    assert grave_findings(desk_page) == []


def test_nor_behind_the_pages_links(watched):
    page = watched("canteen", "/admin/meals/today")
    page.get_by_role("link", name="用餐名单").first.click()
    page.locator("#diners").wait_for()
    assert grave_findings(page) == []

    page = watched("city", "/admin/meals/overview")
    page.locator("tbody a").nth(10).click()
    page.locator("h1").wait_for()
    assert grave_findings(page) == []

    page = watched("city", "/admin/providers/sites")
    page.locator("tbody a").first.click()
    page.locator(".facts").first.wait_for()
    assert grave_findings(page) == []


@pytest.mark.parametrize("width", [390, 820, 1280])
def test_no_page_scrolls_sideways(watched, width):
    viewport = {"viewport": {"width": width, "height": 900}}
    for path in ("/admin/", "/admin/meals/today", "/admin/meals/serve"):
        page = watched("canteen", path, **viewport)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_high_contrast_and_largest_letters_hold_together(watched):
    page = watched("canteen", "/admin/meals/serve")
    page.get_by_role("button", name="更大").click()
    page.get_by_role("button", name="高对比").click()

    assert page.locator("html").get_attribute("data-contrast") == "high"
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440
    assert grave_findings(page) == []


def test_paper_shows_the_list_and_nothing_to_press(watched):
    page = watched("canteen", "/admin/meals/today")
    page.get_by_role("link", name="用餐名单").first.click()
    page.emulate_media(media="print")

    assert page.locator("table").is_visible()
    assert not page.locator(".side-nav").is_visible()
    assert not page.locator(".toolbar").first.is_visible()
