"""An elder opens a message before it is sent; an officer sees it, and prints who is called."""

import json
from collections.abc import Callable
from time import sleep
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Worker, expect

from tests.browser.conftest import DESK
from tests.browser.console.conftest import pass_the_door
from tests.browser.elder_rules import faults_of
from tests.browser.phone.axe import axe_faults
from tests.browser.phone.conftest import OpenPhone
from tests.browser.phone.screens import open_screen


def keeps_the_rules(page: Page) -> None:
    assert faults_of(page) + axe_faults(page) == []


@pytest.fixture
def desk(open_context: Callable[..., BrowserContext]) -> Page:
    """The county's officer at the console."""
    page = open_context(**DESK).new_page()
    pass_the_door(page, "county")
    return page


def test_a_message_is_opened_and_nothing_more_is_sent_of_it(
    open_phone: OpenPhone, couples_token: str, desk: Page
):
    phone = open_phone(token=couples_token)
    open_screen(phone, "/")
    bell = phone.get_by_role("link", name="我的消息")
    expect(bell).to_contain_text("条新")
    keeps_the_rules(phone)
    bell.tap()
    expect(phone.locator("h1")).to_have_text("我的消息")
    keeps_the_rules(phone)
    phone.locator("a.list__row", has_text="11-28 09:00").tap()
    expect(phone.locator("main")).to_contain_text("上门为您服务")
    keeps_the_rules(phone)

    desk.goto("/admin/messages/sent?status=seen")
    row = desk.locator("tbody tr", has_text="已查看").first
    expect(row).to_contain_text("短信 不需要")
    row.locator("a").first.click()
    expect(desk.locator("main")).not_to_contain_text("上门为您服务")
    desk.locator("#reason").fill("家属来问")
    desk.get_by_role("button", name="查看").click()
    expect(desk.locator("main")).to_contain_text("上门为您服务")


def test_whom_nothing_reached_stands_on_paper(desk: Page):
    desk.goto("/admin/messages/calls")
    expect(desk.locator("tbody tr").first).to_be_visible()
    desk.emulate_media(media="print")
    expect(desk.locator(".toolbar").first).to_be_hidden()
    expect(desk.locator(".only-printed").first).to_be_visible()
    desk.emulate_media(media="screen")
    before = desk.locator("tbody tr").count()
    desk.get_by_role("button", name="显示电话号码").first.click()
    desk.get_by_role("button", name="已告知").first.click()
    expect(desk.locator("tbody tr")).to_have_count(before - 1)


def test_a_push_is_shown_once(open_phone: OpenPhone, couples_token: str):
    """The small browser shows no notices: what its worker would show is written down instead."""
    phone = open_phone(token=couples_token, works_offline=True)
    open_screen(phone, "/")
    phone.evaluate("() => navigator.serviceWorker.ready.then(() => null)")
    worker = phone.context.service_workers[0]
    worker.evaluate(WRITE_DOWN)
    deliver = _deliverer(phone)
    sent = {"notification": {"title": "银龄", "body": "有新消息"}, "data": {"delivery_id": "d-7"}}
    deliver(sent)
    assert _told(worker, 1) == [["银龄", "有新消息", "d-7"]]
    deliver(sent)
    deliver({**sent, "data": {"delivery_id": "d-8"}})
    assert [tag for _, _, tag in _told(worker, 2)] == ["d-7", "d-8"]


WRITE_DOWN = """() => {
  self.told = [];
  ServiceWorkerRegistration.prototype.showNotification = async (title, { body, tag }) => {
    self.told.push([title, body, tag]);
  };
}"""


def _told(worker: Worker, count: int) -> list[list[str]]:
    """Wait until so many notices were to be shown; returns them."""
    told: list[list[str]] = []
    for _ in range(50):
        told = worker.evaluate("() => self.told")
        if len(told) >= count:
            break
        sleep(0.1)
    return told


def _deliverer(page: Page) -> Callable[[dict[str, Any]], None]:
    """Returns what brings a push to the page's service worker, as the browser would."""
    session = page.context.new_cdp_session(page)
    registrations: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: registrations.extend(one["registrationId"] for one in told["registrations"]),
    )
    session.send("ServiceWorker.enable")
    page.wait_for_timeout(300)

    def deliver(sent: dict[str, Any]) -> None:
        session.send(
            "ServiceWorker.deliverPushMessage",
            {
                "origin": page.evaluate("() => location.origin"),
                "registrationId": registrations[-1],
                "data": json.dumps(sent),
            },
        )

    return deliver
