"""A round of deliveries as a drawing: homes in their order, north above, straight lines between."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, hypot, radians

from server.places.ways import Place

WIDE, HIGH, EDGE = 320, 220, 30
METRES_A_DEGREE = 111_320
# A street of homes is not blown up to fill the drawing.
LEAST_METRES = 400
TOO_CLOSE = 34


@dataclass(frozen=True)
class Mark:
    """One or several homes that lie on top of one another, by their numbers."""

    left: int
    top: int
    words: str


@dataclass(frozen=True)
class Drawing:
    """Pixels: the line through all homes, and a mark for each."""

    points: Sequence[tuple[int, int]]
    marks: Sequence[Mark]


def drawn(homes: Sequence[tuple[int, Place]]) -> Drawing | None:
    """Return the drawing of numbered homes; None for fewer than two."""
    if len(homes) < 2:
        return None
    points = _laid_out([place for _, place in homes])
    marks: list[Mark] = []
    for (left, top), (number, _) in zip(points, homes, strict=True):
        near = _near(marks, left, top)
        if near is None:
            marks.append(Mark(left, top, str(number)))
        else:
            marks[near] = Mark(marks[near].left, marks[near].top, f"{marks[near].words}·{number}")
    return Drawing(points, marks)


def _laid_out(places: Sequence[Place]) -> list[tuple[int, int]]:
    middle_x = sum(x for x, _ in places) / len(places)
    middle_y = sum(y for _, y in places) / len(places)
    narrower = cos(radians(middle_y)) * METRES_A_DEGREE
    metres = [((x - middle_x) * narrower, (y - middle_y) * METRES_A_DEGREE) for x, y in places]
    across = max(LEAST_METRES, *(2 * abs(east) for east, _ in metres))
    upward = max(LEAST_METRES, *(2 * abs(north) for _, north in metres))
    scale = min((WIDE - 2 * EDGE) / across, (HIGH - 2 * EDGE) / upward)
    return [(round(WIDE / 2 + east * scale), round(HIGH / 2 - north * scale))
            for east, north in metres]  # fmt: skip


def _near(marks: Sequence[Mark], left: int, top: int) -> int | None:
    for place, mark in enumerate(marks):
        if hypot(mark.left - left, mark.top - top) < TOO_CLOSE:
            return place
    return None
