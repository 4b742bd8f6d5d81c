"""From a run to one elder's line in sentences, and to what other figures would come to."""

import re

from playwright.sync_api import expect

from tests.browser.console.conftest import SignIn
from tests.browser.console.test_pages import grave_findings
from tests.browser.furnishing_runs import PEOPLE


def test_a_run_is_read_to_the_bottom(sign_in: SignIn) -> None:
    page = sign_in("city")
    page.goto("/admin/subsidies/runs")
    assert grave_findings(page) == []
    forty = page.locator("tbody tr", has_text="养老机构运营补贴").filter(
        has=page.get_by_role("cell", name=str(PEOPLE), exact=True)
    )
    forty.get_by_role("link").first.click()
    expect(page.locator(".stats")).to_contain_text("应发")
    assert grave_findings(page) == []
    page.get_by_role("link", name="全部明细").click()
    page.locator("tbody th a").first.click()
    expect(page.locator("section[aria-labelledby=how]")).to_contain_text("标准表“按能力等级”")
    expect(page.locator("section[aria-labelledby=how]")).to_contain_text("鲁民〔2021〕21号")
    assert grave_findings(page) == []


def test_a_trial_is_begun_and_read_beside_its_run(sign_in: SignIn) -> None:
    page = sign_in("city")
    page.goto("/admin/subsidies/runs?kind=what_if")
    page.locator("tbody th a").first.click()
    page.get_by_role("link", name="对比").click()
    expect(page.locator(".stats")).to_contain_text("增加")
    expect(page.locator("table").first).to_contain_text("+")
    assert grave_findings(page) == []

    page.locator(".stat", has_text="改前").click()
    page.get_by_text("如果换一套标准？").click()
    page.get_by_label(re.compile("重度失能、完全失能（元）")).fill("400")
    page.get_by_role("button", name="开始测算").click()
    expect(page.locator("#run-progress")).to_contain_text("归集数据")
    expect(page.locator(".notice")).to_contain_text("400.00")
