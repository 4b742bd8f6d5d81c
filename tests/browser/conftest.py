"""A served city and a real browser: Chromium, driven by Playwright.

Without Chromium these tests are skipped on a laptop, by name; with `CI=true` they fail.
"""

import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import sleep
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from server import clock
from tests.browser.serving import CITY, READY

COUPLES_PHONE = "19900000003"
HERE = Path(__file__).parent
PROJECT = HERE.parent.parent
# Debian's, the one without windows first: it takes a third of the time of the whole one.
CHROMIUMS = (Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium"))
CHROMIUM = next((one for one in CHROMIUMS if one.exists()), CHROMIUMS[0])
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "locale": "zh-CN",
}
DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}, "locale": "zh-CN"}

# Until then today's dinner can be booked in the demo; later in the day the clock is turned back.
LAST_USEFUL_HOUR = 17
A_GOOD_HOUR = 10


@dataclass(frozen=True)
class ServedCity:
    """The address of a demo city, and the settings its process was started with."""

    base_url: str
    settings: dict[str, str]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test in this folder is a browser test, whether it says so or not."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


def hours_back() -> int:
    """Return by how many hours a city must live behind, so that there is something to eat today."""
    hour = clock.now().astimezone(clock.CITY).hour
    return hour - A_GOOD_HOUR if hour >= LAST_USEFUL_HOUR else 0


@pytest.fixture(scope="session")
def served_city() -> Iterator[ServedCity]:
    """A demo city of its own, served by a process of its own for the whole session."""
    shelf = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="yinling-browser-", dir=shelf) as folder:
        Path(folder).chmod(0o711)
        settings = {
            "YINLING_VAR": folder,
            "YINLING_CITY": CITY,
            "YINLING_DEMO": "1",
            "YINLING_RATE_LIMITS": "0",
            "YINLING_PAYMENTS": "sandbox",
            "YINLING_CLOCK_SHIFT_SECONDS": str(-timedelta(hours=hours_back()).total_seconds()),
        }
        with Serving(settings, log=Path(folder) / "served.log") as base_url:
            yield ServedCity(base_url, settings)


def ask_for(city: ServedCity, deed: str) -> None:
    """Have the served city do what `tests.browser.serving` does on request, and wait for it."""
    asked = Path(city.settings["YINLING_VAR"]) / deed
    asked.touch()
    for _ in range(300):
        if not asked.exists():
            return
        sleep(0.1)
    pytest.fail(f"{deed} was not done")


def post(city: ServedCity, path: str, body: dict[str, Any], token: str = "") -> Any:
    """Send what the phone app sends, and return what it is answered."""
    headers = {"Content-Type": "application/json", "Idempotency-Key": uuid4().hex}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(
        f"{city.base_url}/api{path}", data=json.dumps(body).encode(), headers=headers, method="POST"
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def sign_in_by_phone(city: ServedCity, phone: str) -> Any:
    """Sign in as the phone app does; the demo tells the code. Once a minute for each phone."""
    sent = post(city, "/v1/sign-in-codes", {"phone": phone})
    return post(city, "/v1/sign-ins", {"phone": phone, "code": sent["demo_code"]})


@pytest.fixture(scope="session")
def couples_sign_in(served_city: ServedCity) -> Any:
    """A couple who share a phone are signed in, once."""
    return sign_in_by_phone(served_city, COUPLES_PHONE)


class Serving:
    """The serving process, ready to answer; ended and waited for afterwards."""

    def __init__(self, settings: dict[str, str], *, log: Path) -> None:
        self._settings = settings
        self._log = log

    def __enter__(self) -> str:
        foreign = ("YINLING_", "DATABASE_")
        inherited = {n: v for n, v in os.environ.items() if not n.startswith(foreign)}
        with self._log.open("w", encoding="utf-8") as log:
            self._served = subprocess.Popen(
                [sys.executable, "-m", "tests.browser.serving"],
                cwd=PROJECT,
                env=inherited | self._settings,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self._served.stdout is not None
        for line in self._served.stdout:
            if line.startswith(READY):
                return line.removeprefix(READY).strip()
        self.__exit__()
        pytest.fail(f"the city was not served:\n{self._log.read_text(encoding='utf-8')[-4000:]}")

    def __exit__(self, *failure: object) -> None:
        self._served.terminate()
        assert self._served.stdout is not None
        self._served.stdout.close()
        try:
            self._served.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self._served.kill()
            self._served.wait()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    if not CHROMIUM.exists():
        missing = f"{CHROMIUM} is not here; `make browser` installs it where apt can"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield chromium
        chromium.close()


@pytest.fixture
def open_context(
    browser: Browser, served_city: ServedCity
) -> Iterator[Callable[..., BrowserContext]]:
    """Opens a browser of one person's own: `open_context(**DESK)`; all are closed at the end."""
    contexts: list[BrowserContext] = []

    def open_one(**manner: Any) -> BrowserContext:
        context = browser.new_context(base_url=served_city.base_url, **manner)
        contexts.append(context)
        return context

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def phone_page(open_context: Callable[..., BrowserContext]) -> Page:
    """A phone in the hand."""
    return open_context(**PHONE).new_page()


@pytest.fixture
def desk_page(open_context: Callable[..., BrowserContext]) -> Page:
    """A screen on a desk."""
    return open_context(**DESK).new_page()


@pytest.fixture
def page(phone_page: Page) -> Page:
    """Most pages are looked at on a phone."""
    return phone_page
