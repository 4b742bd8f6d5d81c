"""An auditor goes from the city's total to one line, its evidence and its entry in the trail."""

import os
import re
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.factories.eaten import month_before_last
from tests.factories.meal_runs import CANTEEN, TABLET

HOME = "桑榆里养老院"
DESK = "/admin/subsidies/audit?since=2026-01"


def test_from_the_total_to_the_trail_in_five_clicks(sign_in):
    desk = sign_in("auditor")
    desk.goto("/admin/subsidies/audit?since=2025-02")
    by_programme = desk.locator("#programmes-table tbody strong").all_inner_texts()
    total = f"{sum(Decimal(one.replace(',', '')) for one in by_programme):,.2f}"
    expect(desk.locator(".stats")).to_contain_text(total)
    clicks = 0

    def click(link):
        nonlocal clicks
        clicks += 1
        link.click()

    click(desk.locator("table").get_by_role("link", name="养老机构运营补贴"))
    expect(desk.locator("h1")).to_contain_text("养老机构运营补贴")
    click(desk.get_by_role("link", name=HOME))
    expect(desk.locator("h1")).to_contain_text(HOME)
    in_question = desk.locator("tbody tr").filter(has_not=desk.get_by_text("—", exact=True))
    click(in_question.get_by_role("link").first)
    expect(desk.locator("main")).to_contain_text("鲁民〔2021〕21号 补贴标准")
    expect(desk.locator("main")).to_contain_text("离世后仍发补贴")
    click(desk.get_by_role("link", name=re.compile("^入住 · ")).first)
    expect(desk).to_have_url(re.compile(r"/admin/trail\?table=stay&key=\d+"))
    expect(desk.locator("main")).to_contain_text("入住")
    assert clicks <= 5


def test_from_the_total_to_the_collection_of_a_meal_and_its_trail(sign_in):
    desk = sign_in("auditor")
    desk.goto(f"/admin/subsidies/audit?since={month_before_last():%Y-%m}")
    expect(desk.locator(".stats")).to_be_visible()

    desk.locator("table").get_by_role("link", name="老年助餐补贴").click()
    desk.get_by_role("link", name=CANTEEN).click()
    desk.locator("tbody").get_by_role("link").first.click()
    expect(desk.locator("main")).to_contain_text("9.00")
    desk.locator("section, div[aria-labelledby=beneath]").get_by_role(
        "link", name=re.compile("^订餐 #")
    ).first.click()
    record = desk.locator("main")
    for told in (TABLET, "扫码", "王主任", "11:42", "tablet-a3-"):
        expect(record).to_contain_text(told)
    expect(record).to_contain_text(re.compile(r"取餐码\s*\d{6}"))
    desk.get_by_role("link", name="核销日志").click()
    expect(desk).to_have_url(re.compile(r"/admin/trail\?table=meal_collection&key=\d+"))
    expect(desk.locator("tbody tr")).not_to_have_count(0)


@pytest.mark.parametrize("width", [1440, 390])
def test_every_page_of_the_desk_fits(sign_in, width):
    page = sign_in("auditor", viewport={"width": width, "height": 900})
    for name, address in {
        "desk": DESK,
        "programme": "/admin/subsidies/audit/programmes/facility_operation?since=2026-01",
        "site": "/admin/subsidies/audit/programmes/facility_operation/sites/1?since=2026-01",
        "line": "/admin/subsidies/audit/runs/1/lines/1",
        "meals": _first_meal_line(page),
        "meal": _first_meal(page),
        "checks": "/admin/subsidies/audit/checks",
        "samples": "/admin/subsidies/audit/samples",
        "sample": "/admin/subsidies/audit/samples/1",
    }.items():
        page.goto(address)
        folder = os.environ.get("YINLING_SHOTS")
        if folder:
            page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name


def _first_meal_line(page):
    since = f"{month_before_last():%Y-%m}"
    page.goto(f"/admin/subsidies/audit/programmes/meals?since={since}")
    page.get_by_role("link", name=CANTEEN).click()
    return page.locator("tbody").get_by_role("link").first.get_attribute("href")


def _first_meal(page):
    page.goto(_first_meal_line(page))
    found = page.get_by_role("link", name=re.compile("^订餐 #")).first
    return found.get_attribute("href")
