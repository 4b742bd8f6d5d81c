"""The map of homes: as tiles of counties for every page, and as places for the map that is moved.

Coordinates are entered by hand and often are not there: the tiles stand without them.
"""

import math
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from flask import url_for

from admin.facilities.overview_reading import County, Home
from admin.formats import share, short_day
from admin.words import word
from server.i18n.catalogues import gettext as _
from server.settings import settings


class Room(StrEnum):
    """What a marker's shape says; the number stands in it."""

    FREE = "free"
    FULL = "full"
    UNKNOWN = "unknown"


def tiles(counties: Sequence[County]) -> list[list[County]]:
    """Return the counties in rows from north to south, each from west to east.

    Roughly as they lie: the rows are of one length. Counties without a place come last, by code.
    """
    width = max(math.ceil(math.sqrt(len(counties))), 1)
    placed = [county for county in counties if county.position]
    placed.sort(key=lambda county: (-_y(county), county.code))
    ordered = placed + [county for county in counties if not county.position]
    rows = [ordered[start : start + width] for start in range(0, len(ordered), width)]
    return [sorted(row, key=lambda county: (_x(county), county.code)) for row in rows]


def map_of(counties: Sequence[County]) -> dict[str, Any]:
    """Return what the map draws: names of counties in their middle, and their homes."""
    return {
        "counties": [_county(county) for county in counties if county.position],
        "homes": [_home(home) for county in counties for home in county.homes if home.position],
        "tiles_url": settings().tiles_url,
        "tiles_credit": settings().tiles_credit,
    }


def room_of(home: Home) -> Room:
    """Return whether a home has a free bed, or nobody knows."""
    free = home.figures["free"]
    if free is None:
        return Room.UNKNOWN
    return Room.FREE if free > 0 else Room.FULL


def address_of(home: Home) -> str:
    """Return where more is told of a home: its board, or its place in the register."""
    if home.filed_on is None and home.figures["beds"] is not None:
        return url_for("beds.show_board", site_id=home.id)
    return url_for("providers.show_site", site_id=home.id)


def source_of(home: Home) -> str:
    """Return where a home's figures are from, in words; empty where they are counted here."""
    if home.filed_on is not None:
        return _("filed for {day}", day=short_day(home.filed_on))
    return "" if home.figures["beds"] is not None else _("never filed")


def _county(county: County) -> dict[str, Any]:
    x, y = county.position or (0.0, 0.0)
    return {"name": county.name, "x": x, "y": y}


def _home(home: Home) -> dict[str, Any]:
    x, y = home.position or (0.0, 0.0)
    freshness = home.freshness.value if home.freshness else None
    return {
        "name": home.name,
        "x": x,
        "y": y,
        "free": home.figures["free"],
        "room": room_of(home).value,
        "freshness": freshness,
        "words": ", ".join(one for one in _words_of(home) if one),
        "address": address_of(home),
    }


def _words_of(home: Home) -> list[str]:
    """What a marker says to the ear, and on the card of whoever points at it."""
    figures = home.figures
    taken = _(
        "occupied {occupied} of {usable}", occupied=figures["occupied"], usable=figures["usable"]
    )
    return [
        _("free beds: {count}", count=figures["free"]) if figures["free"] is not None else "",
        f"{taken} ({share(figures['occupied'] or 0, figures['usable'])})"
        if figures["usable"]
        else "",
        source_of(home),
        word("map_freshness", home.freshness) if home.freshness else "",
    ]


def _x(county: County) -> float:
    return county.position[0] if county.position else math.inf


def _y(county: County) -> float:
    return county.position[1] if county.position else -math.inf
