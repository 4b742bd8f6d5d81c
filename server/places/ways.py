"""Places on earth and the straight ways between them; plain arithmetic."""

from math import asin, cos, radians, sin, sqrt

Place = tuple[float, float]

EARTH_M = 6_371_000


def distance_m(one: Place | None, other: Place | None) -> int | None:
    """Return the metres between two places (longitude, latitude); None where one is not known."""
    if one is None or other is None:
        return None
    (x, y), (u, v) = one, other
    half = sin(radians(v - y) / 2) ** 2
    half += cos(radians(y)) * cos(radians(v)) * sin(radians(u - x) / 2) ** 2
    return round(2 * EARTH_M * asin(sqrt(min(1.0, half))))


def place_of(x: float | None, y: float | None) -> Place | None:
    """Return a place, or None where nothing was measured."""
    return None if x is None or y is None else (x, y)


def minutes_on_the_way(metres: int | None, *, metres_a_minute: int) -> int:
    """Return the minutes that a straight way takes; none where a home's place is not known."""
    return 0 if metres is None else -(-metres // metres_a_minute)
