"""Desks and a phone take a bed at home all the way, then into a care home by referral and back."""

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from server import clock
from tests.browser.console.conftest import SignIn
from tests.browser.console.test_pages import grave_findings


def open_first(page: Page, state: str) -> str:
    """Open the first bed of a stage, and return its address."""
    page.goto(f"/admin/home-beds?state={state}")
    page.locator("tbody th a").first.click()
    page.wait_for_url(re.compile(r"/home-beds/\d+$"))
    return page.url


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


class TestTheWay:
    """Of two people: one who applies today, and one of the demo whose notice is over."""

    def test_from_the_window_to_the_county(self, sign_in: SignIn):
        community, county = sign_in("community"), sign_in("county")
        self.open_form(community)
        community.locator("#wishes").fill("希望上午来")
        press(community, "提交申请")
        press(community, "受理申请")
        press(community, "材料齐全，初审通过")
        here = community.url
        county.goto(here)

        decides = county.get_by_role("button", name="开始公示", exact=True)
        lacks = county.get_by_text("有效的能力等级（轻度及以上）")
        expect(decides.or_(lacks).first).to_be_visible()

    def open_form(self, page: Page) -> None:
        """For the first of the village who has no bed at home yet."""
        for number in range(1, 60):
            answer = page.goto(f"/admin/home-beds/new?resident={number}")
            if answer is not None and answer.ok:
                return
        raise AssertionError("nobody lives in the community's village")

    def test_the_notice_is_masked(self, sign_in: SignIn):
        page = sign_in("county")
        page.goto("/admin/home-beds/notice")

        expect(page.locator("tbody tr").first).to_contain_text("*")

    def test_from_the_agreement_to_service_and_into_a_home_and_back(self, sign_in: SignIn):
        county, city, provider, operator = (
            sign_in(name) for name in ("county", "city", "homecare", "operator")
        )
        here = open_first(provider, "signing")
        name = provider.locator("h1").inner_text()
        self.sign(provider)
        self.build(provider)
        for desk in (county, city):
            desk.goto(here)
            press(desk, "验收合格")
        provider.goto(here)
        press(provider, "今天开始服务")
        expect(provider.get_by_role("heading", name="暂停")).to_be_visible()

        self.refer(provider, name, to="桑榆里养老院", kind="institution")
        self.hand_over(operator)
        provider.goto(here)
        expect(provider.get_by_text("入住机构").first).to_be_visible()

        self.refer(operator, name, to="望秋居家养老服务站", kind="home_care")
        self.hand_over(provider)
        provider.goto(here)
        expect(provider.get_by_role("heading", name="暂停")).to_be_visible()
        assert provider.locator("tbody tr", has_text="恢复服务").count() == 1

    def sign(self, page: Page) -> None:
        page.locator("#ends_on").fill((clock.today() + timedelta(days=200)).isoformat())
        page.locator("#monthly_fee").fill("1800")
        page.locator("#own_pay").fill("600")
        page.locator("#signed_by").fill("本人")
        press(page, "保存协议")

    def build(self, page: Page) -> None:
        here = page.url
        page.get_by_role("link", name="设备与紧急呼叫").click()
        page.locator("#serial").fill("浏览器SN001")
        page.locator("#invoice_number").fill("浏览器设备发票")
        page.locator("#price").fill("299")
        press(page, "登记")
        page.goto(here)
        page.locator("#inventory").fill("一键呼叫器 SN001")
        page.locator("#cost").fill("3200")
        page.locator("#invoice_ref").fill("浏览器发票0001")
        press(page, "提交验收")

    def refer(self, page: Page, title: str, *, to: str, kind: str) -> None:
        person = title.removesuffix("的家庭养老床位")
        page.goto("/admin/referrals")
        stay = page.locator("#stay option", has_text=person).last.get_attribute("value")
        page.locator("#stay").select_option(stay)
        page.locator("#to_site").select_option(label=self.labelled(page, to))
        page.locator("#to_kind").select_option(kind)
        page.locator("#basis").fill("中度失能，家人外出")
        page.locator("form button.button--big").click()
        page.wait_for_url(re.compile(r"/referrals$"))

    def labelled(self, page: Page, name: str) -> Any:
        return page.locator("#to_site option", has_text=name).first.inner_text().strip()

    def hand_over(self, page: Page) -> None:
        page.goto("/admin/referrals")
        page.locator("tbody tr", has_text="待答复").locator("a").first.click()
        beds = page.locator("#bed option")
        page.locator("#bed").select_option(index=1 if beds.count() > 1 else 0)
        page.get_by_role("button", name="接收", exact=True).click()
        page.locator("form[action$='handover'] button").click()


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("path", ["/home-beds", "/home-beds/notice"])
def test_the_pages_can_be_read_by_everybody(sign_in: SignIn, path: str, width: int):
    page = sign_in("county", viewport={"width": width, "height": 900})
    page.goto(f"/admin{path}")

    assert grave_findings(page) == []
