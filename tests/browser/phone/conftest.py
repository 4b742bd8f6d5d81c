"""A phone in the hand: a narrow screen with fingers, and the residents of the demo signed in."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import sign_in_by_phone

OWN_PHONE = "19900000001"
DAUGHTERS_PHONE = "19900000002"
PATIENCE_MS = 12_000
PHONE_SIZE = {"width": 390, "height": 844}

OpenPhone = Callable[..., Page]


@pytest.fixture(scope="session")
def daughters_token(served_city: Any) -> str:
    """The token of a daughter who acts for her two parents; asked for once."""
    return str(sign_in_by_phone(served_city, DAUGHTERS_PHONE)["token"])


@pytest.fixture(scope="session")
def couples_token(couples_sign_in: Any) -> str:
    """The token of a couple who share a phone."""
    return str(couples_sign_in["token"])


@pytest.fixture
def open_phone(page: Page, served_city: Any) -> Iterator[OpenPhone]:
    """Takes a phone into the hand: `open_phone(token=…, text_size=…, contrast=…, dark=…)`.

    Only a phone that `works_offline` keeps the app's files; the others spare the time for that.
    """
    browser = page.context.browser
    assert browser is not None
    contexts: list[BrowserContext] = []

    def take(
        *,
        token: str | None = None,
        dark: bool = False,
        works_offline: bool = False,
        **settings: str,
    ) -> Page:
        context = browser.new_context(
            base_url=served_city.base_url,
            viewport=PHONE_SIZE,
            has_touch=True,
            is_mobile=True,
            locale="zh-CN",
            color_scheme="dark" if dark else "light",
            service_workers="allow" if works_offline else "block",
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        remembered = {key.replace("_", "-"): value for key, value in settings.items()}
        context.add_init_script(_remember({"token": token, **remembered}))
        return context.new_page()

    yield take
    for context in contexts:
        context.close()


def _remember(settings: dict[str, str | None]) -> str:
    """What the phone already knows when the app is opened for the first time."""
    lines = [
        f'localStorage.setItem("yinling.{key}", {json.dumps(value)});'
        for key, value in settings.items()
        if value is not None
    ]
    guarded = 'if (!localStorage.getItem("yinling.tests")) {' + "".join(lines)
    return guarded + ' localStorage.setItem("yinling.tests", "1"); }'


@pytest.fixture
def daughters_phone(open_phone: OpenPhone, daughters_token: str) -> Page:
    """The daughter's phone, signed in."""
    return open_phone(token=daughters_token)
