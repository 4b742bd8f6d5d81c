"""A line of days drawn on the server: lighter than a library, and there without scripts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

WIDTH, HEIGHT = 960, 260
LEFT, TOP, BOTTOM = 56, 12, 30


@dataclass(frozen=True)
class Chart:
    """Paths of the two lines, and the marks beside and beneath them as (place, word)."""

    usable: str
    occupied: str
    filled: str
    heights: Sequence[tuple[float, int]]
    days: Sequence[tuple[float, date]]
    is_empty: bool


def draw(rows: Sequence[Any]) -> Chart:
    """Return the drawing of (day, usable, occupied); every day has its place."""
    most = _round_up(max((max(row.usable, row.occupied) for row in rows), default=0))
    step = (WIDTH - LEFT) / max(len(rows) - 1, 1)

    def x(place: int) -> float:
        return round(LEFT + place * step, 1)

    def y(figure: int) -> float:
        return round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - figure / most), 1)

    usable = _line((x(place), y(row.usable)) for place, row in enumerate(rows))
    occupied = _line((x(place), y(row.occupied)) for place, row in enumerate(rows))
    fourth = max(len(rows) // 4, 1)
    return Chart(
        usable=usable,
        occupied=occupied,
        filled=f"{occupied}V{y(0)}H{x(0)}Z" if rows else "",
        heights=[(y(figure), figure) for figure in (0, most // 2, most)],
        days=[(x(place), rows[place].day) for place in range(0, len(rows), fourth)][:4],
        is_empty=not any(row.usable or row.occupied for row in rows),
    )


def _line(points: Any) -> str:
    return "M" + "L".join(f"{x},{y}" for x, y in points)


def _round_up(figure: int) -> int:
    """Return the next even figure of few digits, so that its half is whole."""
    size = 10 ** max(len(str(figure)) - 2, 0) * 2
    return max(-(-figure // size) * size, 2)
