"""A message that came by push is shown once, and opening it leads to the inbox."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, Worker, expect

from tests.browser.conftest import ServedCity
from tests.browser.phone.screens import open_screen

# A browser without windows draws no notices: what the worker asks it to show is noted instead, and
# one of them is opened as a finger does.
NOTED = """() => {
    self.noted = [];
    self.registration.showNotification = async (title, { body, tag }) => {
        self.noted.push([title, body, tag]);
    };
}"""
OPENED = """async () => {
    const done = [];
    const event = Object.assign(new Event("notificationclick"), {
        notification: { close: () => self.noted.pop() }, waitUntil: (one) => done.push(one),
    });
    self.dispatchEvent(event);
    await Promise.allSettled(done);
}"""
PATIENCE_S = 10


class Pushed:
    """A phone that keeps the app's files, and the push service that reaches its worker."""

    def __init__(self, phone: Page, origin: str) -> None:
        self.phone, self._origin = phone, origin
        self._registrations: list[str] = []
        self._line: CDPSession = phone.context.new_cdp_session(phone)
        self._line.on("ServiceWorker.workerRegistrationUpdated", self._note)
        self._line.send("ServiceWorker.enable")
        self._until(lambda: bool(self._registrations))
        self.worker.evaluate(NOTED)

    def push(self, delivery_id: str, title: str) -> None:
        """Deliver what Firebase hands to a worker."""
        said = {
            "notification": {"title": title, "body": "请开门"},
            "data": {"delivery_id": delivery_id},
        }
        delivered = {"origin": self._origin, "registrationId": self._registrations[-1]}
        self._line.send("ServiceWorker.deliverPushMessage", delivered | {"data": json.dumps(said)})

    def shows(self, *wanted: list[str]) -> None:
        """Wait until the phone shows just these: title, text and tag."""
        self._until(lambda: self.worker.evaluate("() => self.noted") == [*wanted])

    @property
    def worker(self) -> Worker:
        [worker] = self.phone.context.service_workers
        return worker

    def _note(self, told: dict[str, Any]) -> None:
        self._registrations += [one["registrationId"] for one in told["registrations"]]

    def _until(self, holds: Callable[[], bool]) -> None:
        for _ in range(PATIENCE_S * 10):
            if holds():
                return
            self.phone.wait_for_timeout(100)
        pytest.fail(f"shown: {self.worker.evaluate('() => self.noted')}")


@pytest.fixture
def pushed(
    open_phone: Callable[..., Page], served_city: ServedCity, daughters_token: str
) -> Pushed:
    phone = open_phone(token=daughters_token, works_offline=True)
    open_screen(phone, "/help")
    phone.evaluate("navigator.serviceWorker.ready")
    phone.reload()
    return Pushed(phone, served_city.base_url)


def test_a_message_is_shown_once_and_opening_it_leads_to_the_inbox(pushed: Pushed) -> None:
    pushed.push("d-7", "送餐到了")
    pushed.shows(["送餐到了", "请开门", "d-7"])
    pushed.push("d-7", "送餐到了")
    pushed.push("d-8", "明天有课")
    pushed.shows(["送餐到了", "请开门", "d-7"], ["明天有课", "请开门", "d-8"])

    pushed.worker.evaluate(OPENED)

    pushed.phone.wait_for_url("**/app/messages")
    expect(pushed.phone.get_by_role("heading", level=1)).to_contain_text("消息")
    pushed.shows(["送餐到了", "请开门", "d-7"])
