"""Measures a page by the rules for eyes and fingers of eighty years.

Text of at least 18 px with lines 1.5 apart, contrast of 7:1 and more, targets of 60 × 60 px that
stand 12 px apart, no scrolling sideways, one first heading that is also the title.
"""

from dataclasses import asdict, dataclass, replace
from pathlib import Path

from playwright.sync_api import Page

_MEASURE = (Path(__file__).parent / "elder_rules.js").read_text("utf-8")


@dataclass(frozen=True)
class Limits:
    """The least of each: pixels, lines per text height, contrast."""

    target: float = 60
    gap: float = 12
    text: float = 18
    body: float = 20
    leading: float = 1.5
    contrast: float = 7


USUAL = Limits()
HIGH_CONTRAST = replace(USUAL, contrast=12)
LARGEST_TEXT = replace(USUAL, text=27, body=30)


# What turns for ever, as the sign of waiting does, has no end to be brought to.
SETTLE = """() => document.getAnimations()
    .filter((one) => Number.isFinite(one.effect.getComputedTiming().endTime))
    .forEach((one) => one.finish())"""


def faults_of(page: Page, limits: Limits = USUAL) -> list[str]:
    """Return a sentence for everything on the page that breaks a rule."""
    page.evaluate(SETTLE)
    screen = page.viewport_size
    assert screen is not None
    faults: list[str] = page.evaluate(_MEASURE, {**asdict(limits), "screen": screen["width"]})
    return faults
