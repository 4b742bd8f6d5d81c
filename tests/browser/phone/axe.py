"""What a screen reader would stumble over, as axe sees it."""

from playwright.sync_api import Page

from tests.browser import axe

# The rules for elders measure the contrast of every text by stricter figures, and at less cost.
MEASURED_BY_US = ("color-contrast",)


def axe_faults(page: Page) -> list[str]:
    """What axe finds on a screen, without what it only calls minor."""
    return axe.axe_faults(page)


def axe_faults_beside_ours(page: Page) -> list[str]:
    """The same, for a screen that the rules for elders measure as well."""
    return axe.axe_faults(page, without=MEASURED_BY_US)
