"""What axe finds on a page."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Without `preload` axe would look for the imports of our stylesheets beside the page; what passed
# is not told, which saves a third of the time of a large page.
HOW_AXE_RUNS = {"preload": False, "resultTypes": ["violations"]}


def violations(page: Page) -> list[dict[str, Any]]:
    """Everything axe objects to: `id`, `help`, `impact`, `nodes`."""
    found: list[dict[str, Any]] = Axe().run(page, options=HOW_AXE_RUNS).response["violations"]
    return found
