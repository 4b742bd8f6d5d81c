"""People at the console, and an elder with a phone who books by the API."""

import json
import re
import urllib.request
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page

from admin.identity.demo import PASSWORD
from tests.browser.conftest import DESK, ServedCity, sign_in_by_phone
from tests.browser.furnishing import NEXT_DOORS_PHONE

SignIn = Callable[..., Page]


@pytest.fixture(scope="session")
def signed_in() -> dict[str, Any]:
    """The cookies of those who have come in already, by sign-in name."""
    return {}


@pytest.fixture
def sign_in(open_context: Callable[..., BrowserContext], signed_in: dict[str, Any]) -> SignIn:
    """Seats one of the demo's staff at a desk: `sign_in("canteen")`; the door is passed once."""

    def enter(name: str, **manner: Any) -> Page:
        if name not in signed_in:
            page = open_context(**DESK).new_page()
            pass_the_door(page, name)
            signed_in[name] = page.context.storage_state()
        return open_context(storage_state=signed_in[name], **(DESK | manner)).new_page()

    return enter


def pass_the_door(page: Page, name: str) -> None:
    """Sign in by name and password, and by the code that a demo shows where one is asked for."""
    page.goto("/admin/sign-in")
    page.locator("#sign_in_name").fill(name)
    page.locator("#password").fill(PASSWORD)
    page.locator("#password").press("Enter")
    page.wait_for_url(re.compile(r"/admin/(sign-in/second-step)?$"))
    if page.url.endswith("/second-step"):
        page.locator("#code").press("Enter")
        page.wait_for_url("**/admin/")


class Elder:
    """Several elders' one phone, as the phone app speaks to the API."""

    def __init__(self, base_url: str, signed_in: Any) -> None:
        self._base_url = base_url
        self._token = signed_in["token"]
        self._elders = [resident["id"] for resident in signed_in["account"]["residents"]]
        self._first = self._elders[0]

    def book_today(self) -> Any:
        """Book the next of them the last meal of today at the canteen round the corner."""
        return self._book(self._elders.pop(), days=1, meal=-1)

    def book_ahead(self) -> Any:
        """Book the first meal of the last day of the week; today's are left to who needs one."""
        return self._book(self._first, days=7, meal=0)

    def _book(self, resident_id: int, *, days: int, meal: int) -> Any:
        canteen = self.get(f"/api/v1/canteens?resident_id={resident_id}")["items"][0]
        menu = self.get(f"/api/v1/canteens/{canteen['id']}/menu?days={days}")
        sitting = menu["days"][-1]["sittings"][meal]
        return self.post(
            "/api/v1/bookings", {"sitting_id": sitting["id"], "resident_id": resident_id}
        )

    def get(self, path: str) -> Any:
        return self._send("GET", path)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        return self._send("POST", path, json.dumps(body).encode())

    def _send(self, method: str, path: str, body: bytes | None = None) -> Any:
        headers = {"Content-Type": "application/json", "Idempotency-Key": uuid4().hex}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        request = urllib.request.Request(
            self._base_url + path, data=body, headers=headers, method=method
        )
        with urllib.request.urlopen(request) as response:
            return json.load(response)


@pytest.fixture(scope="session")
def elder(served_city: ServedCity) -> Elder:
    return Elder(served_city.base_url, sign_in_by_phone(served_city, NEXT_DOORS_PHONE))
