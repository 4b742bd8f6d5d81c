"""The tokens keep their promise: 7:1 for every pair of text and ground, 12:1 with high contrast."""

import re

import pytest

from mobile_api.phone_release import DESIGN

TEXT_ON_GROUND = [
    *((text, ground) for text in ("ink", "ink-soft", "go-text", "danger-text")
      for ground in ("ground", "surface", "sunk")),
    ("go-ink", "go"), ("go-ink", "go-press"), ("danger-ink", "danger"),
    ("danger-ink", "danger-press"), ("go-text", "go-tint"), ("ink", "go-tint"),
    ("ink-soft", "go-tint"), ("danger-text", "danger-tint"), ("look-text", "look-tint"),
    ("info-text", "info-tint"),
]  # fmt: skip
EDGES = [("line-strong", "surface"), ("go", "ground"), ("focus", "ground"), ("danger", "ground")]


def themes() -> dict[str, tuple[dict[str, str], float]]:
    """Each look with its colours and the contrast it promises."""
    text = (DESIGN / "tokens.css").read_text("utf-8")
    blocks = [dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", block)) for block in
              re.findall(r"\{([^{}]*)\}", text)]  # fmt: skip
    light, dark, strong, strong_dark = [block for block in blocks if len(block) > 10]
    return {
        "light": (light, 7),
        "dark": (light | dark, 7),
        "high contrast": (light | strong, 12),
        "high contrast, dark": (light | dark | strong | strong_dark, 12),
    }


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG counts it, 1 to 21."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_measure_itself():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("look", themes())
def test_text_stands_out(look: str):
    colours, least = themes()[look]
    weak = {
        (text, ground): round(contrast(colours[text], colours[ground]), 2)
        for text, ground in TEXT_ON_GROUND
        if contrast(colours[text], colours[ground]) < least
    }

    assert weak == {}


@pytest.mark.parametrize("look", themes())
def test_edges_can_be_seen(look: str):
    colours, _ = themes()[look]

    for line, ground in EDGES:
        assert contrast(colours[line], colours[ground]) >= 3, (line, ground)
