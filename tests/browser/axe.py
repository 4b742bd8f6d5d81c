"""What axe finds on a page."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Without `preload` axe would look for the imports of our stylesheets beside the page; what passed
# is not told, which saves a third of the time of a large page.
HOW_AXE_RUNS = {"preload": False, "resultTypes": ["violations"]}


def violations(page: Page, *, without: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Everything axe objects to, `without` some of its rules: `id`, `help`, `impact`, `nodes`."""
    options = HOW_AXE_RUNS | {"rules": {rule: {"enabled": False} for rule in without}}
    found: list[dict[str, Any]] = Axe().run(page, options=options).response["violations"]
    return found


def axe_faults(page: Page, *, without: tuple[str, ...] = ()) -> list[str]:
    """What axe finds, in words, and without what it only calls minor."""
    found = violations(page, without=without)
    return [f"{one['id']}: {one['help']}" for one in found if one["impact"] != "minor"]
