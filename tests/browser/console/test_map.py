"""What the bureau looks at: the map by hand and keyboard, the lines of days, and the wall."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.console.conftest import SignIn
from tests.browser.console.test_pages import grave_findings


@pytest.fixture
def city(sign_in: SignIn) -> Page:
    return sign_in("city")


def test_the_map_is_walked_by_keyboard_to_a_home(city: Page):
    city.goto("/admin/beds")
    ground = city.get_by_role("region", name="养老院地图，下面的表格内容相同")
    alone = ground.get_by_role("link", name=re.compile("^沁河湾养老院: 空床"))
    expect(alone).to_be_visible()
    assert grave_findings(city) == []

    alone.focus()
    city.keyboard.press("Enter")

    expect(city.get_by_role("heading", name="沁河湾养老院")).to_be_visible()


def test_homes_that_stand_together_part_as_one_comes_closer(city: Page):
    city.goto("/admin/beds")
    together = city.get_by_role("button", name=re.compile("^2 家养老院，空床")).first
    expect(together).to_be_visible()
    before = city.locator(".home-map__ground a.home-mark").count()

    together.click()

    expect(city.locator(".home-map__ground a.home-mark:visible")).not_to_have_count(before)


def test_no_other_host_is_asked_for_anything(city: Page):
    asked: list[str] = []
    city.on("request", lambda request: asked.append(request.url))
    city.goto("/admin/beds")
    city.locator(".home-mark--many").first.wait_for()

    own = city.url.split("/admin")[0]
    assert [url for url in asked if not url.startswith((own, "data:"))] == []


def test_a_day_tells_its_figures_where_one_points(city: Page):
    city.goto("/admin/beds/history")
    drawing = city.locator(".over-time__ground canvas")
    expect(drawing).to_be_visible()
    expect(city.locator("svg.over-time")).to_have_count(0)

    city.get_by_text("用表格看").click()

    expect(city.get_by_role("table", name="每天的床位")).to_be_visible()
    assert grave_findings(city) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_wall_stands_on_one_screen_and_needs_no_hand(sign_in: SignIn, scheme: str):
    wall = sign_in("city", viewport={"width": 1920, "height": 1080}, color_scheme=scheme)
    wall.goto("/admin/beds/wall")
    expect(wall.locator(".wall__figures .stat")).to_have_count(6)
    expect(wall.locator(".county-tile")).to_have_count(6)

    assert wall.evaluate("document.documentElement.scrollHeight") <= 1080
    with wall.expect_response("**/beds/wall/live", timeout=15_000) as answer:
        pass
    assert answer.value.status in {200, 304}
    assert grave_findings(wall) == []
