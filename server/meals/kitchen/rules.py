"""What changed between two sheets, and which samples are good, as plain functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

NORMAL = "normal"


@dataclass(frozen=True)
class Portions:
    """Portions of a dish for a diet; `before` is the version before, None where there is none."""

    diet: str
    number: int
    before: int | None

    @property
    def has_changed(self) -> bool:
        """True where a version before said otherwise."""
        return self.before is not None and self.before != self.number


def portions_beside(
    dish: Mapping[str, Any], before: Mapping[str, Any] | None, diets: Sequence[str]
) -> list[Portions]:
    """Return a dish's portions for each diet in order, beside those of the sheet before."""
    old = None if before is None else _portions_of(before, dish["dish_id"])
    return [
        Portions(diet, dish["portions"].get(diet, 0), None if old is None else old.get(diet, 0))
        for diet in diets
    ]


def dishes_gone(content: Mapping[str, Any], before: Mapping[str, Any] | None) -> list[str]:
    """Return the names of dishes that the sheet before had and this one has not."""
    kept = {dish["dish_id"] for dish in content["dishes"]}
    old = [] if before is None else before["dishes"]
    return [dish["name"] for dish in old if dish["dish_id"] not in kept]


def diets_of(content: Mapping[str, Any]) -> list[str]:
    """Return the diets that somebody eats, the normal one first."""
    found = {line["diet"] for line in content["eaters"]}
    return sorted(found, key=lambda diet: (diet != NORMAL, diet))


def eaters_by(content: Mapping[str, Any], **wanted: Any) -> int:
    """Return how many eaters have these marks, for instance `handing="delivery"`."""
    lines = content["eaters"]
    return sum(
        line["number"]
        for line in lines
        if all(line[name] == value for name, value in wanted.items())
    )


def diets_unserved(content: Mapping[str, Any]) -> list[str]:
    """Return the diets that somebody eats and no dish is marked for."""
    served = {diet for dish in content["dishes"] for diet in dish["portions"]}
    return [diet for diet in diets_of(content) if diet not in served]


def is_cold(tenths_celsius: int, figure: Mapping[str, Any]) -> bool:
    """True where a fridge is as cold as the figure wants it, both ends counted."""
    lowest, highest = 10 * figure["from_celsius"], 10 * figure["to_celsius"]
    return bool(lowest <= tenths_celsius <= highest)


def monday_of(day: date) -> date:
    """Return the Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def _portions_of(content: Mapping[str, Any], dish_id: int) -> Mapping[str, int]:
    for dish in content["dishes"]:
        if dish["dish_id"] == dish_id:
            found: Mapping[str, int] = dish["portions"]
            return found
    return {}
