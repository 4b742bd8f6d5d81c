"""What a screen reader would stumble over, as axe sees it."""

from playwright.sync_api import Page

from tests.browser.axe import violations


def axe_faults(page: Page) -> list[str]:
    """What axe finds, without what it only calls minor."""
    found = violations(page)
    return [f"{one['id']}: {one['help']}" for one in found if one["impact"] != "minor"]
