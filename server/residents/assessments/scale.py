"""The scale as data: sections, items, what each answer is worth, and the bounds of the levels.

A scale is a file with a version; an assessment keeps the version it was made by, and is never
reckoned by another. The older MZ/T 039-2013 is not among them: its points mean something else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "scales"
PRESENT = "GB/T 42195-2022"

# The same text by language: `{"zh": …, "en": …}`.
Text = Mapping[str, str]


@dataclass(frozen=True)
class Option:
    """One answer: its points, what it says, and what else counts as it."""

    points: int
    text: Text
    note: Text | None


@dataclass(frozen=True)
class Item:
    """A second-level item; `is_standard_wording` is False where the options are our plain words."""

    code: str
    name: Text
    hint: Text | None
    options: Sequence[Option]
    is_standard_wording: bool

    @property
    def most(self) -> int:
        """The points of the best answer; the worst is always nought."""
        return self.options[0].points


@dataclass(frozen=True)
class Section:
    """A first-level item: its clause in the standard's annex, and the items that it sums up."""

    code: str
    clause: str
    name: Text
    items: Sequence[Item]

    @property
    def most(self) -> int:
        return sum(item.most for item in self.items)


@dataclass(frozen=True)
class Scale:
    """One version of the scale; `levels` are (level, least total), the best first."""

    version: str
    name: Text
    sections: Sequence[Section]
    levels: Sequence[tuple[str, int]]
    events_days: int
    events_enough: int

    @cached_property
    def items(self) -> Mapping[str, Item]:
        """Every item by its code, in the order of the form."""
        return {item.code: item for section in self.sections for item in section.items}

    @property
    def most(self) -> int:
        return sum(section.most for section in self.sections)

    def section(self, code: str) -> Section | None:
        """Return the section of that code, None where there is no such section."""
        return next((one for one in self.sections if one.code == code), None)


@cache
def scales() -> Mapping[str, Scale]:
    """Return every scale that assessments may have been made by, by version."""
    read = [_scale(yaml.safe_load(path.read_text("utf-8"))) for path in sorted(FOLDER.iterdir())]
    return {scale.version: scale for scale in read}


def _scale(given: Mapping[str, Any]) -> Scale:
    return Scale(
        given["version"],
        given["name"],
        [_section(section, given["scales"]) for section in given["sections"]],
        list(given["levels"].items()),
        given["events"]["days"],
        given["events"]["enough"],
    )


def _section(given: Mapping[str, Any], shared: Mapping[str, Any]) -> Section:
    items = [_item(item, shared) for item in given["items"]]
    return Section(given["code"], given["clause"], given["name"], items)


def _item(given: Mapping[str, Any], shared: Mapping[str, Any]) -> Item:
    """An item names a shared row of options, or brings its own."""
    answers = shared[given["scale"]] if "scale" in given else given
    notes = given.get("notes", {})
    texts = answers["options"]
    options = [
        Option(points, text, notes.get(points))
        for points, text in zip(range(len(texts) - 1, -1, -1), texts, strict=True)
    ]
    is_standard = answers["wording"] == "standard"
    return Item(given["code"], given["name"], given.get("hint"), options, is_standard)
