"""A week that passes in a minute: a city of the test's own, whose clock the story moves."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Browser

from infra import wsgi
from mobile_api.meals.signing import forget_signers
from server import clock
from server.db.acts import Act, Face, acting
from server.settings import settings
from tests.browser.week.town import Town, serving
from tests.cities import CITY

BEFORE_THE_WEEK = datetime(2026, 11, 7, 8, tzinfo=clock.CITY)


@pytest.fixture
def town(
    own_city: Any, browser: Browser, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Town]:
    """The town on the Saturday before, at eight in the morning."""
    environment = {
        "DATABASE_URL": own_city.app_url,
        "YINLING_VAR": str(tmp_path),
        "YINLING_CITY": CITY,
        "YINLING_RATE_LIMITS": "0",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    forget_signers()
    server = serving(wsgi.surrounded(wsgi.mounted(settings()), settings()))
    platform = Act(Face.COMMAND, "tests", "test", service=True)
    with time_machine.travel(BEFORE_THE_WEEK) as now, acting(platform):
        town = Town(browser, f"http://127.0.0.1:{server.port}", own_city, now)
        yield town
        town.close()
    server.shutdown()
    server.server_close()
    settings.cache_clear()
    forget_signers()
