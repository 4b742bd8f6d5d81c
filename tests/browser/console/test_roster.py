"""A visit is carried to a colleague by mouse, and back by the keys; what fits is said before."""

from datetime import timedelta

from playwright.sync_api import Page, expect

from server import clock
from tests.browser.axe import axe_faults
from tests.browser.console.conftest import SignIn


def row_of(desk: Page, name: str):
    return desk.locator("tbody tr", has=desk.get_by_role("rowheader", name=name))


def test_a_visit_is_dragged_to_a_colleague_and_carried_back_by_the_keys(sign_in: SignIn):
    tomorrow = clock.today() + timedelta(days=1)
    desk = sign_in("homecare")
    desk.goto(f"/admin/care/roster?day={tomorrow}")
    hers = row_of(desk, "段暖").locator(f'td[data-day="{tomorrow}"] .carried')
    visit = hers.filter(has_text="09:00")
    there = row_of(desk, "白露").locator(f'td[data-day="{tomorrow}"]')

    visit.drag_to(there)

    expect(there.locator(".carried")).to_be_visible()
    assert axe_faults(desk) == []

    handle = there.locator(".carried__handle")
    handle.focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("status").filter(has_text="方向键")).to_be_visible()
    names = [text[:2] for text in desk.get_by_role("rowheader").all_inner_texts()]
    desk.keyboard.press("ArrowUp" if names.index("段暖") < names.index("白露") else "ArrowDown")
    expect(desk.get_by_role("status").filter(has_text="放在这里合适。")).to_be_visible()
    desk.keyboard.press("Enter")

    expect(visit).to_be_visible()
