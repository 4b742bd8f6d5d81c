"""An application at the window comes to the county; the notice is masked; pages hold."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.console.conftest import SignIn
from tests.browser.console.test_pages import grave_findings


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


class TestTheWay:
    """One who applies at the window today."""

    def test_from_the_window_to_the_county(self, sign_in: SignIn):
        community, county = sign_in("community"), sign_in("county")
        self.apply(community)
        press(community, "受理申请")
        press(community, "材料齐全，初审通过")
        here = community.url
        county.goto(here)

        decides = county.get_by_role("button", name="开始公示", exact=True)
        lacks = county.get_by_text("有效的能力等级（轻度及以上）")
        expect(decides.or_(lacks).first).to_be_visible()

    def apply(self, page: Page) -> None:
        """For the first of the village who has no bed at home yet."""
        for number in range(1, 220):
            answer = page.goto(f"/admin/home-beds/new?resident={number}")
            if answer is None or not answer.ok:
                continue
            page.locator("#wishes").fill("希望上午来")
            press(page, "提交申请")
            if page.get_by_role("button", name="受理申请", exact=True).count():
                return
        raise AssertionError("everybody in the community's village has a bed at home")

    def test_the_notice_is_masked(self, sign_in: SignIn):
        page = sign_in("county")
        page.goto("/admin/home-beds/notice")

        expect(page.locator("tbody tr").first).to_contain_text("*")


@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("path", ["/home-beds", "/home-beds/notice"])
def test_the_pages_can_be_read_by_everybody(sign_in: SignIn, path: str, width: int):
    page = sign_in("county", viewport={"width": width, "height": 900})
    page.goto(f"/admin{path}")

    assert grave_findings(page) == []
