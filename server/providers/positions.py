"""Where sites lie, as far as somebody has entered it: nobody's place is guessed from an address."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, cast, func, select
from sqlmodel import Session, col

from server.providers.models import Site

# Mean radius of the earth, in metres (IUGG 1980).
EARTH_M = 6_371_009
VILLAGE, TOWN = 12, 9

# Longitude and latitude, in degrees.
Position = tuple[float, float]


def find_positions(session: Session, site_ids: Sequence[int]) -> Mapping[int, Position]:
    """Return number → position of those of these sites that have one."""
    query: Any = (
        select(col(Site.id), col(Site.x), col(Site.y))
        .where(col(Site.id).in_(site_ids), col(Site.x).is_not(None))
        .order_by(col(Site.id))
    )
    return {row.id: (row.x, row.y) for row in session.execute(query)}


def find_middle(session: Session, village_code: str) -> Position | None:
    """Return the middle of the sites in a village, else in its town; None where none has a place.

    Where somebody lives is known by the village only: a distance from here is about right.
    """
    in_village = func.left(col(Site.division_code), VILLAGE) == village_code
    query = select(
        func.avg(col(Site.x)).filter(in_village).label("village_x"),
        func.avg(col(Site.y)).filter(in_village).label("village_y"),
        func.avg(col(Site.x)).label("town_x"),
        func.avg(col(Site.y)).label("town_y"),
    ).where(
        col(Site.division_code).startswith(village_code[:TOWN], autoescape=True),
        col(Site.x).is_not(None),
    )
    row = session.execute(query).one()
    if row.village_x is not None:
        return row.village_x, row.village_y
    return None if row.town_x is None else (row.town_x, row.town_y)


def middle_of(positions: Iterable[Position]) -> Position | None:
    """Return the mean of positions, None of none."""
    known = list(positions)
    if not known:
        return None
    return sum(x for x, _ in known) / len(known), sum(y for _, y in known) / len(known)


def metres_between(one: Position, other: Position) -> int:
    """Return the length of the straight way between two positions, over the ground."""
    (x1, y1), (x2, y2) = ((math.radians(x), math.radians(y)) for x, y in (one, other))
    half = math.sin((y2 - y1) / 2) ** 2
    half += math.cos(y1) * math.cos(y2) * math.sin((x2 - x1) / 2) ** 2
    return round(2 * EARTH_M * math.asin(min(1.0, math.sqrt(half))))


def metres_from(one: Position) -> ColumnElement[int | None]:
    """Return `metres_between` the position and a site as a column; NULL where it has no place."""
    x1, y1 = (math.radians(degrees) for degrees in one)
    x2, y2 = func.radians(col(Site.x)), func.radians(col(Site.y))
    half: ColumnElement[float] = func.power(func.sin((y2 - y1) / 2), 2)
    half += math.cos(y1) * func.cos(y2) * func.power(func.sin((x2 - x1) / 2), 2)
    return cast(func.round(2 * EARTH_M * func.asin(func.sqrt(half))), BigInteger)
