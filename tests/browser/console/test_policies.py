"""A pack is looked at as a table, proposed by one person, and put into force by another."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from server import clock
from tests.browser.axe import axe_faults

NARROW = {"viewport": {"width": 390, "height": 844}}
PICTURES = os.environ.get("POLICY_PICTURES")


def looked_at(page: Page, name: str) -> None:
    """No fault by axe; a picture for whoever wants one."""
    assert axe_faults(page) == []
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def test_a_pack_goes_from_one_person_to_the_other(sign_in: Callable[..., Page]) -> None:
    city = sign_in("city")
    city.goto("/admin/policies")
    looked_at(city, "list")
    city.get_by_role("link", name="辽宁省沈阳市政策包").click()
    looked_at(city, "shipped")
    city.locator("#starts_on").fill(f"{clock.today().year + 2}-01-01")
    city.get_by_role("button", name="提交审定").click()
    expect(city.get_by_text("待审定")).to_be_visible()
    expect(city.get_by_role("button", name="启用")).to_have_count(0)
    address = city.url

    approver = sign_in("approver")
    approver.goto(address)
    looked_at(approver, "pack")
    approver.get_by_role("button", name="启用").click()
    expect(approver.get_by_text("已启用")).to_be_visible()

    approver.get_by_role("link", name="养老服务消费补贴（试点）").first.click()
    expect(approver.get_by_text("每人每月不超过800元").first).to_be_visible()


@pytest.mark.parametrize("manner", [{}, NARROW], ids=["desk", "narrow"])
def test_a_programme_is_a_table_and_its_versions_stand_side_by_side(
    sign_in: Callable[..., Page], manner: dict[str, object]
) -> None:
    which = "narrow" if manner else "desk"
    page = sign_in("auditor", **manner)
    page.goto("/admin/policies")
    looked_at(page, f"list-{which}")
    ours = page.locator("tr", has_text="参考政策包")
    ours.get_by_role("link", name="养老机构运营补贴", exact=True).click()
    expect(page.get_by_role("cell", name="360.00").first).to_be_visible()
    looked_at(page, f"programme-{which}")

    page.goto("/admin/policies")
    page.get_by_role("link", name="山西省晋城市政策包").first.click()
    expect(page.get_by_text("待审定")).to_be_visible()
    looked_at(page, f"waiting-{which}")
    page.get_by_role("link", name="老年助餐补贴").first.click()
    expect(page.get_by_text("不启用：标准未见公布")).to_be_visible()
    looked_at(page, f"off-{which}")


def test_what_is_wrong_in_a_file_is_shown_with_its_line(
    sign_in: Callable[..., Page], tmp_path: Path
) -> None:
    (tmp_path / "pack.yaml").write_text("pack: a-city\ntitle: {zh: 某市, en: A city}\n")
    (tmp_path / "meals.yaml").write_text("programme: meals\nname: {zh: 助餐}\nfamily: meals\n")
    page = sign_in("city")
    page.goto("/admin/policies")
    page.locator("#files").set_input_files([tmp_path / "pack.yaml", tmp_path / "meals.yaml"])
    page.locator("#starts_on").fill(f"{clock.today().year + 3}-01-01")
    page.get_by_role("button", name="检查并提交").click()

    expect(page.get_by_text("文件中需要改正的地方")).to_be_visible()
    expect(page.get_by_role("row", name="meals.yaml 2 缺少“en”").first).to_be_visible()
    looked_at(page, "faults")
