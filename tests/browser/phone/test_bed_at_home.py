"""One elder's bed at home, whole: from her own application to a first visit that is proved without
a network, into a care home by referral, and back."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from server import clock
from tests.browser.conftest import DESK, ServedCity, ask_for, hours_back, sign_in_by_phone
from tests.browser.console.conftest import pass_the_door
from tests.browser.furnishing import FRAIL, NEW_WORKER, NEW_WORKERS_NAME
from tests.browser.phone.conftest import OpenPhone
from tests.browser.phone.screens import come_to_work, open_screen
from tests.browser.serving import DAYS_PASS

STATION, HOME = "望秋居家养老服务站", "桑榆里养老院"


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def row_of(page: Page, name: str) -> Any:
    return page.locator("tbody tr", has_text=name)


class Desks:
    """Everybody who sits at a desk in this story, each seated once."""

    def __init__(self, open_context: Callable[..., BrowserContext]) -> None:
        self._open, self._seated = open_context, dict[str, Page]()

    def __getitem__(self, name: str) -> Page:
        if name not in self._seated:
            self._seated[name] = self._open(**DESK).new_page()
            pass_the_door(self._seated[name], name)
        return self._seated[name]


class Story:
    """The elder, her phone, the desks, and the address of her bed at home."""

    def __init__(self, phone: Page, desks: Desks, city: ServedCity, name: str) -> None:
        self.phone, self.desks, self.city, self.name = phone, desks, city, name
        self.bed = self.visit = ""

    def at(self, desk: str) -> Page:
        """Her bed on somebody's desk."""
        page = self.desks[desk]
        page.goto(self.bed)
        return page

    def apply(self) -> None:
        open_screen(self.phone, "/care/home-beds/new")
        self.phone.locator(".action-bar button").tap()
        self.phone.wait_for_url(re.compile(r"/care/home-beds/\d+$"))
        number = self.phone.url.rsplit("/", 1)[1]
        self.bed = f"/admin/home-beds/{number}"

    def is_shown(self, words: str) -> None:
        """Her phone says where it stands."""
        open_screen(self.phone, self.bed.replace("/admin/home-beds", "/care/home-beds"))
        expect(self.phone.locator("h1")).to_have_text(words)

    def decide(self) -> None:
        community = self.at("community")
        press(community, "受理申请")
        press(community, "材料齐全，初审通过")
        county = self.at("county")
        county.locator("#site").select_option(label=STATION)
        press(county, "开始公示")
        ask_for(self.city, DAYS_PASS)
        press(self.at("county"), "公示结束，通知签约")

    def build(self) -> None:
        page = self.at("homecare")
        page.locator("#ends_on").fill((clock.today() + timedelta(days=200)).isoformat())
        page.locator("#monthly_fee").fill("1800")
        page.locator("#own_pay").fill("600")
        page.locator("#signed_by").fill("本人")
        press(page, "保存协议")
        self.put_up_a_device(page)
        page.goto(self.bed)
        page.locator("#inventory").fill("一键呼叫器 SN777")
        page.locator("#cost").fill("3200")
        page.locator("#invoice_ref").fill("浏览器发票0777")
        press(page, "提交验收")
        for accepting in ("county", "city"):
            press(self.at(accepting), "验收合格")
        press(self.at("homecare"), "今天开始服务")

    def put_up_a_device(self, page: Page) -> None:
        page.get_by_role("link", name="设备与紧急呼叫").click()
        page.locator("#serial").fill("浏览器SN777")
        page.locator("#invoice_number").fill("浏览器设备发票")
        page.locator("#price").fill("299")
        press(page, "登记")

    def plan(self) -> None:
        """The provider drafts, she says yes, and tomorrow's visit is asked for today already."""
        page = self.desks["homecare"]
        page.goto(self.bed.replace("/admin/home-beds", "/admin/care/plans"))
        page.locator("input[name=services-1]").first.check()
        for day in range(1, 8):
            page.locator(f"input[name=weekdays-1][value='{day}']").check()
        page.locator("select[name=worker-1]").select_option(label=NEW_WORKERS_NAME)
        press(page, "请老人确认")
        open_screen(self.phone, "/visits")
        self.phone.locator("a[href*='/visits/plans/']").first.tap()
        self.phone.get_by_role("button", name="行，就这样").tap()
        self.phone.wait_for_url("**/visits")
        coming = self.phone.locator("a.list__row[href*='/visits/']", has_text=NEW_WORKERS_NAME)
        self.visit = (coming.first.get_attribute("href") or "").rsplit("/", 1)[1]
        page.goto(f"/admin/care/visits/{self.visit}")
        page.locator("#starts_at").fill(soon())
        press(page, "调整")

    def visit_without_a_network(self, worker: Page) -> None:
        worker.context.set_offline(True)
        worker.get_by_role("button", name="到了").tap()
        worker.get_by_role("checkbox").first.check()
        worker.get_by_role("button", name="走了").tap()
        worker.get_by_role("button", name="老人点这里：来过了").wait_for()
        open_screen(worker, "/work")
        expect(worker.get_by_text("这部手机里还有 2 条没有发送")).to_be_visible()
        worker.context.set_offline(False)
        expect(worker.get_by_text("没有发送")).to_have_count(0)

    def confirm(self) -> None:
        open_screen(self.phone, "/visits")
        self.phone.get_by_text(NEW_WORKERS_NAME).first.tap()
        self.phone.get_by_role("button", name="是的，来过了").tap()
        expect(self.phone.get_by_text("谢谢您，记下了。")).to_be_visible()

    def refer(self, page: Page, *, to: str, kind: str) -> None:
        page.goto("/admin/referrals")
        stay = page.locator("#stay option", has_text=self.name).last.get_attribute("value")
        page.locator("#stay").select_option(stay)
        there = page.locator("#to_site option", has_text=to).first.inner_text().strip()
        page.locator("#to_site").select_option(label=there)
        page.locator("#to_kind").select_option(kind)
        page.locator("#basis").fill("中度失能，家人外出")
        page.locator("form button.button--big").click()
        page.wait_for_url(re.compile(r"/referrals$"))

    def hand_over(self, page: Page) -> None:
        page.goto("/admin/referrals")
        row_of(page, "待答复").locator("a").first.click()
        beds = page.locator("#bed option")
        page.locator("#bed").select_option(index=1 if beds.count() > 1 else 0)
        press(page, "接收")
        page.locator("form[action$='handover'] button").click()


def soon() -> str:
    """In a quarter of an hour, by the clock that the served city lives by."""
    now = clock.now() - timedelta(hours=hours_back()) + timedelta(minutes=15)
    return f"{now.astimezone(clock.CITY):%Y-%m-%dT%H:%M}"


def test_from_the_application_to_a_proved_visit_into_a_home_and_back(
    open_phone: OpenPhone, open_context: Callable[..., BrowserContext], served_city: ServedCity
):
    signed_in = sign_in_by_phone(served_city, FRAIL)
    name = signed_in["account"]["residents"][0]["name"]
    phone, desks = open_phone(token=signed_in["token"]), Desks(open_context)
    story = Story(phone, desks, served_city, name)
    story.apply()
    story.is_shown("已收到申请")
    story.decide()
    story.build()
    story.is_shown("正在服务")
    story.plan()

    worker = open_phone(works_offline=True)
    worker.context.grant_permissions(["geolocation"])
    worker.context.set_geolocation({"longitude": 112.85, "latitude": 35.49, "accuracy": 12})
    come_to_work(worker, NEW_WORKER)
    worker.evaluate("navigator.serviceWorker.ready")
    worker.reload()
    worker.get_by_text(name).first.wait_for()
    story.visit_without_a_network(worker)
    story.confirm()
    desks["homecare"].goto(f"/admin/care/visits/{story.visit}")
    expect(desks["homecare"].get_by_text("老人在自己手机上确认")).to_be_visible()

    story.refer(desks["homecare"], to=HOME, kind="institution")
    story.hand_over(desks["operator"])
    expect(story.at("homecare").get_by_text("入住机构").first).to_be_visible()
    story.refer(desks["operator"], to=STATION, kind="home_care")
    story.hand_over(desks["homecare"])
    expect(row_of(story.at("homecare"), "恢复服务")).to_have_count(1)
    story.is_shown("正在服务")
