"""A page of the console as a person looks at it: at a desk and on a phone, and nothing grave."""

import os
from pathlib import Path

from playwright.sync_api import Page

from tests.browser.axe import violations

PHONE_WIDTH = {"width": 390, "height": 844}


def look(page: Page, name: str) -> None:
    """Nothing grave, nothing beyond the edge; kept as pictures where somebody wants to see."""
    assert [one for one in violations(page) if one["impact"] in {"serious", "critical"}] == []
    wide = page.viewport_size
    assert wide is not None
    for size in (wide, PHONE_WIDTH):
        page.set_viewport_size(size)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        if os.environ.get("YINLING_PICTURES"):
            folder = Path(os.environ["YINLING_PICTURES"])
            page.screenshot(path=folder / f"{name}-{size['width']}.png", full_page=True)
    page.set_viewport_size(wide)
