"""A home's bed board, with a second screen on the wall that follows."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.console.conftest import SignIn
from tests.browser.console.test_pages import grave_findings

# The board asks every two seconds; the rest is for a machine that is busy with other tests.
TWO_SECONDS_AND_A_BIT_MS = 8_000
FIGURES = ("可用", "占用", "请假或住院", "预订", "空闲", "可入住")


def figures(page: Page) -> dict[str, int]:
    """The numbers above the beds."""
    numbers = page.locator("#board .stat__figure").all_inner_texts()
    return {name: int(text.split()[0]) for name, text in zip(FIGURES, numbers, strict=True)}


def figure(page: Page, name: str):
    stat = page.locator("#board .stat", has=page.get_by_text(name, exact=True))
    return stat.locator(".stat__figure")


class Home:
    """Somebody at the board, somebody who looks at the same board on the wall, and the figures."""

    def __init__(self, desk: Page, wall: Page) -> None:
        self.desk, self.wall = desk, wall
        for page in (desk, wall):
            page.goto("/admin/beds/mine")
        self.now = figures(desk)

    def tile(self, page: Page, label: str):
        return page.locator(".bed", has=page.get_by_text(label, exact=True))

    def changes(self, label: str, state: str, **by: int) -> None:
        """Both screens come to show the bed in this state, and figures that changed so much."""
        for name, more in by.items():
            self.now[name] += more
        for page in (self.desk, self.wall):
            expect(self.tile(page, label)).to_contain_text(state, timeout=TWO_SECONDS_AND_A_BIT_MS)
            for name in FIGURES:
                expect(figure(page, name)).to_have_text(
                    re.compile(rf"^{self.now[name]}\b"), timeout=TWO_SECONDS_AND_A_BIT_MS
                )

    def card(self):
        return self.desk.locator("#bed-card")

    def press(self, deed: str, *, folded: bool = True) -> None:
        """Open a deed on the card, if it is folded, and do it."""
        if folded:
            self.card().locator("summary", has_text=deed).click()
        self.card().get_by_role("button", name=deed, exact=True).click()


def two_free_beds(page: Page) -> tuple[str, str]:
    """The labels of two ready beds of one kind."""
    free = page.locator('.bed--free[data-kind="institution"] .bed__label')
    first, second = (free.nth(place).inner_text().split()[0] for place in range(2))
    return first, second


@pytest.fixture
def home(sign_in: SignIn) -> Home:
    return Home(sign_in("operator"), sign_in("operator"))


def test_the_keyboard_alone_finds_somebody_and_sends_them_on_leave(home: Home):
    page = home.desk
    page.locator(".bed").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".bed").nth(1)).to_be_focused()
    page.keyboard.press("ArrowDown")
    below = page.evaluate("document.activeElement.getBoundingClientRect().top")
    assert below > page.locator(".bed").first.bounding_box()["y"]
    page.keyboard.press("Home")
    expect(page.locator(".bed").first).to_be_focused()

    beds = page.locator(".bed")
    states = [bed.get_attribute("data-state") for bed in beds.all()]
    occupied = states.index("occupied")
    label = beds.nth(occupied).locator(".bed__label").inner_text().split()[0]
    for _ in range(occupied):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator("#card-head")).to_be_focused()
    expect(page.locator("#card-head")).to_contain_text(label)
    while not page.evaluate("document.activeElement.matches('#bed-card button[type=submit]')"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    home.changes(label, "请假", 占用=-1, 请假或住院=1)
    page.keyboard.press("Escape")
    expect(home.tile(page, label)).to_be_focused()


def test_somebody_is_dragged_onto_a_free_bed_and_the_card_asks_first(home: Home):
    page = home.desk
    source = page.locator('.bed--occupied[data-kind="institution"]').first
    label = source.locator(".bed__label").inner_text().split()[0]
    name = source.locator(".bed__who").inner_text()
    free, _ = two_free_beds(page)
    source.drag_to(home.tile(page, free))

    expect(home.card().locator("#move-into option:checked")).to_have_text(free)
    home.press("换床", folded=False)
    home.changes(free, name, 可入住=-1)
    expect(home.tile(page, label)).to_contain_text("待打扫")


def test_a_refusal_stands_on_the_card_with_what_was_typed(home: Home):
    home.desk.locator(".bed--occupied").first.click()
    day = home.card().locator("#begin_leave-day")
    day.fill("2020-01-01")
    home.press("请假", folded=False)

    expect(home.card().locator(".error-summary")).to_contain_text("日期要在")
    expect(day).to_have_value("2020-01-01")
    assert grave_findings(home.desk) == []


def test_without_scripts_the_board_works_as_well(sign_in: SignIn):
    page = sign_in("operator", java_script_enabled=False)
    page.goto("/admin/beds/mine")
    page.locator(".bed--occupied").first.click()
    page.locator("summary", has_text="住院").click()
    page.get_by_role("button", name="住院", exact=True).click()

    expect(page.locator("#card-head")).to_contain_text("住院")


@pytest.mark.parametrize("width", [390, 820])
def test_no_page_of_it_scrolls_sideways(sign_in: SignIn, width: int):
    page = sign_in("operator", viewport={"width": width, "height": 900})
    page.goto("/admin/beds/mine")
    for path in ("", "/rooms", "/history", "/admissions/new"):
        page.goto("/admin/beds/mine")
        page.goto(page.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("operator", "/admin/beds/mine"),
        ("city", "/admin/beds"),
        ("city", "/admin/beds/history"),
        ("auditor", "/admin/beds?day=2026-01-01&known=2026-01-01"),
    ],
)
def test_nothing_serious_stands_in_anybodys_way(sign_in: SignIn, name: str, path: str):
    page = sign_in(name)
    page.goto(path)
    assert grave_findings(page) == []
    if name == "city" and path == "/admin/beds":
        page.locator(".overview__canteen a", has_text="桑榆里养老院").click()
        expect(page.locator("#board")).to_be_visible()
        assert grave_findings(page) == []


def test_the_bureaus_numbers_are_those_of_the_board(sign_in: SignIn):
    board = sign_in("operator")
    board.goto("/admin/beds/mine")
    occupied, name = figures(board)["占用"], "桑榆里养老院"

    page = sign_in("city")
    page.goto("/admin/beds")
    row = page.locator("tr", has=page.get_by_role("link", name=name))
    expect(row.locator("td").nth(3)).to_have_text(str(occupied))
    row.locator("td").nth(3).get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    expect(page.locator(".bed--occupied .bed__who").first).to_contain_text("*")


def test_on_a_phone_a_bed_far_down_is_found_again_from_its_card(sign_in: SignIn):
    page = sign_in("operator", viewport={"width": 390, "height": 844})
    page.goto("/admin/beds/mine")
    bed = page.locator(".bed--occupied").nth(30)
    bed.click()
    expect(page.locator("#card-head")).to_be_in_viewport()
    page.get_by_role("link", name="回到床位").click()
    expect(bed).to_be_in_viewport()


@pytest.mark.parametrize("path", ["/admin/beds/mine", "/admin/money/1"])
def test_no_figure_is_broken_over_two_lines_on_a_phone(sign_in: SignIn, path: str):
    page = sign_in("operator", viewport={"width": 390, "height": 844})
    page.goto(path)
    for figure in page.locator(".stat__figure").all():
        lines = figure.evaluate("e => e.offsetHeight / parseFloat(getComputedStyle(e).lineHeight)")
        assert lines < 1.5, figure.inner_text()
