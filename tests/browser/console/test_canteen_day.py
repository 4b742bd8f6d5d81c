"""A day behind the counter, from the sign-in to the last meal."""

import re

import pytest
from playwright.sync_api import expect

TWO_SECONDS_AND_A_BIT_MS = 4_000


@pytest.fixture
def booking(elder):
    """A meal of today, booked on a phone."""
    return elder.book_today()


def collected(page, booking):
    """The board's figure of the booking's sitting."""
    card = page.locator(f"article[aria-labelledby='sitting-{booking['sitting_id']}']")
    return card.locator(".stat").nth(1).locator(".stat__figure")


def test_a_code_from_the_phone_is_served_and_the_board_elsewhere_counts_it(sign_in, booking):
    at_the_wall = sign_in("canteen")
    at_the_wall.goto("/admin/")
    at_the_wall.get_by_role("link", name="今日餐次").first.click()
    expect(at_the_wall.get_by_role("heading", level=1)).to_contain_text("今日餐次")
    before = int(collected(at_the_wall, booking).inner_text())

    at_the_counter = sign_in("canteen")
    at_the_counter.goto("/admin/meals/serve")
    expect(at_the_counter.locator("#code")).to_be_focused()
    at_the_counter.keyboard.type(f"{booking['code'][:3]} {booking['code'][3:]}")
    at_the_counter.keyboard.press("Enter")

    answer = at_the_counter.locator(".answer")
    expect(answer).to_contain_text("可以取餐")
    expect(answer).to_contain_text(booking["resident_name"])
    expect(at_the_counter.locator("#code")).to_be_focused()
    expect(at_the_counter.locator("#code")).to_have_value("")
    expect(collected(at_the_wall, booking)).to_have_text(
        str(before + 1), timeout=TWO_SECONDS_AND_A_BIT_MS
    )

    at_the_counter.keyboard.type(booking["code"])
    at_the_counter.keyboard.press("Enter")
    expect(answer).to_contain_text("这份刚刚取走")


def test_the_diner_list_is_searched_while_typing_and_leads_to_the_counter(sign_in, booking):
    page = sign_in("canteen")
    page.goto(f"/admin/meals/sittings/{booking['sitting_id']}/diners")
    everybody = page.locator("tbody tr").count()

    page.locator("#search").press_sequentially(booking["code"][:4])
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile(f"search={booking['code'][:4]}"))
    page.reload()
    expect(page.locator("tbody th")).to_have_text(booking["resident_name"])

    page.locator("tbody").get_by_role("link", name="取餐").click()
    expect(page.locator("#code")).to_have_value(booking["code"])
    assert everybody > 1


def test_without_scripts_the_counter_works_as_well(sign_in):
    page = sign_in("canteen", java_script_enabled=False)
    page.goto("/admin/meals/serve")
    page.locator("#code").fill("000000")
    page.get_by_role("button", name="取餐").click()

    expect(page.locator(".answer")).to_contain_text("今天没有这个取餐码")


def test_when_the_line_is_down_the_board_says_so_and_goes_on_by_itself(sign_in):
    page = sign_in("canteen")
    page.goto("/admin/meals/today")
    page.context.set_offline(True)
    expect(page.locator("#live-problem")).to_contain_text("网络断开了", timeout=6_000)

    page.context.set_offline(False)
    expect(page.locator("#live-problem")).to_be_empty(timeout=6_000)


def test_a_visitor_of_the_demo_comes_in_with_one_press_and_out_again(desk_page):
    desk_page.goto("/admin/")
    desk_page.get_by_role("button", name="食堂工作人员").first.click()
    expect(desk_page.get_by_role("heading", level=1)).to_have_text("您可以办的事")

    desk_page.get_by_role("button", name="退出登录").click()
    expect(desk_page).to_have_url(re.compile(r"/admin/sign-in$"))
    desk_page.go_back()
    expect(desk_page.get_by_role("heading", level=1)).to_have_text("登录")


def test_the_keyboard_alone_reaches_the_content_first(sign_in):
    page = sign_in("canteen")
    page.goto("/admin/meals/today")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()

    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
