"""How the beds of many homes stand on a day; many viewers of one reach cost one count a change."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from admin.places import check_near
from server import clock
from server.db.cities import current_city
from server.facilities.queries.counts import board_version, list_counts
from server.i18n.catalogues import current_language
from server.identity.roles import Reach
from server.web.remembering import Remembering

FIGURES = ("beds", "licensed", "usable", "occupied", "on_leave", "held", "free", "ready", "nursing")
# A bed remembers only whether it is clean now: for another day nobody knows.
OF_TODAY = {"ready"}
# What a licence said, and which beds were nursing beds, is put right in place: of what was known at
# an earlier moment nobody can say.
OF_NOW = {"ready", "licensed", "nursing"}
A_DAY = timedelta(days=1)
Figures = Mapping[str, int | None]
Filters = Mapping[str, Any]

# The overview is asked every two seconds: what it answers is a third of a second old at most.
_versions: Remembering[tuple[int, int]] = Remembering(seconds=0.3, most=500)
# Figures of one version are counted again only in case a home was given another name.
_homes: Remembering[list["Home"]] = Remembering(seconds=60, most=100)
# All that is drawn is in its mark: what one viewer was sent, the next of the same reach is sent.
drawn: Remembering[str] = Remembering(seconds=60, most=100)


@dataclass(frozen=True)
class Home:
    """A home's figures of the day, over the kinds of beds that were asked for."""

    id: int
    name: str
    county_code: str
    figures: Figures


@dataclass(frozen=True)
class Overview:
    """The homes by county and name, and a mark that changes whenever what is shown would."""

    homes: Sequence[Home]
    etag: str


def read_overview(session: Session, reach: Reach, filters: Filters) -> Overview:
    """Return the figures of today, a third of a second old at most.

    What is kept is kept for those whose reach is the same; raises `NotFound` beyond it.
    """
    scope = scope_of(reach, filters["division"])
    key = (current_city(), *sorted(scope["prefixes"]), "at", *sorted(scope["site_ids"]))
    version = _versions.get(key, lambda: board_version(session, **scope))
    shown = (*key, version, filters["division"], filters["kind"], filters["day"])
    homes = _homes.get(shown, lambda: list_homes(session, reach, filters))
    return Overview(homes, _mark(shown))


def list_homes(session: Session, reach: Reach, filters: Filters) -> list[Home]:
    """Return the figures of the day as they are this moment, by county, and by name within it."""
    on, known = filters["day"], filters["known"]
    rows = list_counts(
        session, **scope_of(reach, filters["division"]), on=on, known_at=_end_of(known)
    )
    of_kind = [row for row in rows if filters["kind"] in (None, row.kind)]
    unknown = OF_NOW if known is not None else OF_TODAY if on != clock.today() else set()
    homes = [_home(list(kinds), unknown) for _id, kinds in groupby(of_kind, lambda row: row.id)]
    return sorted(homes, key=lambda home: home.county_code)


def sums(homes: Iterable[Home]) -> Figures:
    """Return the figures of several homes together; what is known of none of them is not known."""
    rows = list(homes)
    return {name: _sum(home.figures[name] for home in rows) for name in FIGURES}


def scope_of(reach: Reach, division: str | None) -> dict[str, Sequence[Any]]:
    """Return the part of the reach that lies in a division; raises `NotFound` beyond it."""
    check_near(reach.prefixes, division)
    if division is None or not division.startswith(tuple(reach.prefixes)):
        return {"prefixes": reach.prefixes, "site_ids": reach.site_ids}
    return {"prefixes": [division], "site_ids": ()}


def forget() -> None:
    """Keep nothing."""
    _versions.forget()
    _homes.forget()
    drawn.forget()


def _mark(shown: tuple[Any, ...]) -> str:
    told = f"{current_language()} {shown} {clock.now():%H:%M}"
    return hashlib.sha256(told.encode()).hexdigest()[:20]


def _sum(figures: Iterable[int | None]) -> int | None:
    known = [figure for figure in figures if figure is not None]
    return sum(known) if known else None


def _home(kinds: Sequence[Row[Any]], unknown: set[str]) -> Home:
    first = kinds[0]
    figures = {name: _sum(getattr(row, name) for row in kinds) for name in FIGURES}
    figures |= dict.fromkeys(unknown)
    return Home(first.id, first.name, first.division_code[:6], figures)


def _end_of(day: date | None) -> datetime | None:
    """The last moment of a day on the city's wall."""
    return None if day is None else datetime.combine(day + A_DAY, time(), clock.CITY)
