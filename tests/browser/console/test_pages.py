"""Every page of the console: axe finds nothing serious, and nothing is refused or broken."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser.axe import violations

GRAVE = {"serious", "critical"}
# The boards and their history are looked at in `test_beds`.
PAGES_OF = {
    "canteen": [
        "/admin/",
        "/admin/meals/today",
        "/admin/meals/serve",
        "/admin/meals/settlements",
        "/admin/meals/settlements/1",
        "/admin/meals/voices",
        "/admin/meals/overview",  # not theirs
        "/admin/meals/menu",
        "/admin/meals/sheets",
        "/admin/meals/samples",
        "/admin/meals/wallets",
        "/admin/meals/cards",
        "/admin/no-such-page",
    ],
    "operator": [
        "/admin/",
        "/admin/money",
        "/admin/money/1",
        "/admin/providers/sites/1",
        "/admin/providers/sites/1/basics",
        "/admin/providers/sites/1/papers",
        "/admin/providers/sites/1/papers/new",
        "/admin/providers/sites/1/prices",
        "/admin/providers/sites/1/photos",
        "/admin/providers/expiring",
        "/admin/facilities/returns",
    ],
    "county": [
        "/admin/meals/viability",
        "/admin/meals/viability/map",
        "/admin/meals/settlements",
        "/admin/meals/settlements/1/meals",
        "/admin/meals/adjustments",
        "/admin/meals/notices",
        "/admin/meals/voices/satisfaction",
        "/admin/beds/occupants",
        "/admin/renovations",
        "/admin/renovations/8",
        "/admin/beds/1/occupants",
        "/admin/facilities/returns-overview",
        "/admin/facilities/reports-overview",
        "/admin/money",
        "/admin/providers/sites/1/opening",
        "/admin/providers/sites/1/stars",
        "/admin/providers/sites/1/licences/new",
    ],
    "homecare": [
        "/admin/homecare/alarms",
        "/admin/homecare/alarms/1",
        "/admin/homecare/alarms/history",
        "/admin/homecare/alarms/providers",
        "/admin/homecare/devices",
        "/admin/home-beds/5/devices",
    ],
    "operator2": ["/admin/facilities/returns", "/admin/facilities/reports"],
    "city": [
        "/admin/beds/wall",
        "/admin/facilities/returns-overview",
        "/admin/facilities/reports-overview",
        "/admin/meals/overview",
        "/admin/providers/sites",
        "/admin/residents",
        "/admin/residents/assessments",
        "/admin/residents/duplicates",
        "/admin/findings",
        "/admin/renovations/catalogue",
    ],
    "community": ["/admin/", "/admin/residents/new"],
    "auditor": [
        "/admin/",
        "/admin/trail",
        "/admin/subsidies/audit?since=2026-01",
        "/admin/subsidies/audit/checks",
        "/admin/subsidies/audit/samples",
        "/admin/subsidies/audit/samples/1",
        "/admin/subsidies/audit/programmes/facility_operation?since=2026-01",
        "/admin/subsidies/audit/runs/1/lines/1",
    ],
    "cashier": ["/admin/", "/admin/account"],
    "admin": [
        "/admin/",
        "/admin/staff",
        "/admin/staff/new",
        "/admin/staff/1",
        "/admin/staff/1/offices/new?place=城区",
        "/admin/keys",
        "/admin/keys/new",
    ],
}
OWN_PARTS = {"stylesheet", "script", "image", "font"}
Watched = Callable[..., Page]


def grave_findings(page: Page) -> list[str]:
    """What axe calls serious or worse, with where it stands."""
    return [
        f"{page.url} {one['id']}: {[node['target'] for node in one['nodes']]}"
        for one in violations(page)
        if one["impact"] in GRAVE
    ]


def is_missing(answer: Response) -> bool:
    """True for a style, script or picture that is not there."""
    return answer.status >= 400 and answer.request.resource_type in OWN_PARTS


@pytest.fixture
def watched(sign_in: Callable[..., Page]) -> Iterator[Watched]:
    """A desk whose pages may not be refused a style or a script, nor fail in one."""
    faults: list[str] = []

    def sit_down(name: str, **manner: object) -> Page:
        page = sign_in(name, **manner)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "response", lambda answer: faults.append(answer.url) if is_missing(answer) else None
        )
        page.on(
            "console", lambda said: faults.append(said.text) if "Refused" in said.text else None
        )
        return page

    yield sit_down
    assert faults == []


@pytest.mark.parametrize("name", PAGES_OF)
def test_nothing_serious_stands_in_anybodys_way(watched, name):
    page = watched(name)
    for path in PAGES_OF[name]:
        page.goto(path)
        assert grave_findings(page) == []


@pytest.mark.parametrize("manner", [{"color_scheme": "dark"}, {"locale": "en-GB"}], ids=str)
def test_nor_in_the_dark_nor_in_english(watched, manner):
    page = watched("canteen", **manner)
    for path in ("/admin/meals/today", "/admin/meals/serve"):
        page.goto(path)
        assert grave_findings(page) == []


def test_nor_at_the_door(desk_page):
    desk_page.goto("/admin/sign-in")
    assert grave_findings(desk_page) == []

    desk_page.locator("#sign_in_name").fill("nobody")
    desk_page.locator("#password").fill("wrong")
    desk_page.locator("#password").press("Enter")
    desk_page.locator(".error-summary").wait_for()
    assert grave_findings(desk_page) == []


@pytest.mark.parametrize(
    ("name", "start", "link", "there"),
    [
        ("canteen", "/admin/meals/today", ".sitting__head a", "#diners"),
        ("city", "/admin/meals/overview", ".overview__canteen a", "#sittings-caption"),
        ("city", "/admin/providers/sites", "tbody a", ".facts"),
        ("city", "/admin/residents/assessments", "tbody a", "#reason"),
    ],
)
def test_nor_behind_the_pages_links(watched, name, start, link, there):
    page = watched(name)
    page.goto(start)
    page.locator(link).first.click()
    page.locator(there).first.wait_for()

    assert grave_findings(page) == []


def test_nor_in_an_answer_of_the_counter(watched):
    page = watched("canteen")
    page.goto("/admin/meals/serve")
    page.locator("#code").fill("000000")
    page.locator("#code").press("Enter")
    page.locator(".answer--danger").wait_for()

    assert grave_findings(page) == []


@pytest.mark.parametrize("width", [390, 820])
def test_no_page_scrolls_sideways(watched, width):
    page = watched("canteen", viewport={"width": width, "height": 900})
    for path in ("/admin/", "/admin/meals/today", "/admin/meals/serve"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_high_contrast_and_largest_letters_hold_together(watched):
    page = watched("canteen")
    page.goto("/admin/meals/serve")
    page.get_by_role("button", name="更大").click()
    page.get_by_role("button", name="高对比").click()

    assert page.locator("html").get_attribute("data-contrast") == "high"
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440
    assert grave_findings(page) == []


def test_paper_shows_the_list_and_nothing_to_press(watched):
    page = watched("canteen")
    page.goto("/admin/meals/today")
    page.get_by_role("link", name="用餐名单").first.click()
    page.locator("#diners").wait_for()
    page.emulate_media(media="print")

    expect(page.locator("table")).to_be_visible()
    expect(page.locator(".side-nav")).to_be_hidden()
    expect(page.locator(".toolbar").first).to_be_hidden()


def test_the_open_door_is_in_sight_however_long_the_menu_is(watched):
    page = watched("city")
    for address in ("/admin/meals/overview", "/admin/subsidies/notices"):
        page.goto(address)

        expect(page.locator(".side-nav__link[aria-current]")).to_be_in_viewport(ratio=1)
