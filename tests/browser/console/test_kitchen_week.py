"""A kitchen's week: copied, changed, published, booked on paper, and its sheet in sight."""

import re

from playwright.sync_api import expect

WEEKS_PLANNED = 4


def test_a_week_is_copied_changed_published_and_booked(sign_in):
    page = sign_in("canteen")
    page.goto("/admin/meals/menu")
    page.get_by_role("link", name="餐次与设置").click()
    page.get_by_role("button", name="现在生成未来三周的餐次").click()
    page.get_by_role("link", name="菜单", exact=True).click()
    for _week in range(WEEKS_PLANNED):
        if page.get_by_text("未发布").count():
            break
        page.get_by_role("link", name="后一周").click()

    page.get_by_role("button", name="复制上周的菜").click()
    cell = page.locator("td", has_text="未发布").last
    before = cell.locator(".week-menu__dish").count()
    assert before > 0
    cell.get_by_role("link").click()
    page.locator("input[name=dish]:not(:checked)").first.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="保存菜单").press("Enter")
    expect(page).to_have_url(re.compile(r"week="))
    changed = page.locator("td", has_text="未发布").last
    expect(changed.locator(".week-menu__dish")).to_have_count(before + 1)
    page.get_by_role("button", name=re.compile("发布 .* 个餐次")).click()
    expect(page.get_by_text("未发布")).to_have_count(0)
    week = page.url.partition("week=")[2]

    home = re.search(r"/admin/meals/kitchens/\d+", page.url)[0]
    page.goto(f"{home}/paper?week={week}")
    page.locator("input[name=box]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_text("已订 1 份")).to_be_visible()

    page.get_by_role("link", name="厨房单", exact=True).last.click()
    page.get_by_role("link", name="厨房单").last.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("厨房单")
