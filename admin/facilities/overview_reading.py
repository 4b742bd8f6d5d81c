"""How the beds of a reach stand on a day: those counted here, and those that homes file of theirs.

The overview, its map and the page on the wall tell the same figures; they are read here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from admin.facilities.return_reading import Home as Filing
from admin.facilities.return_reading import homes_in
from admin.places import check_near
from server import clock
from server.facilities.models import kinds_counted
from server.facilities.queries.counts import list_counts
from server.facilities.returns.queries import Scope, list_as_of
from server.facilities.returns.rules import Freshness as Age
from server.facilities.returns.rules import Standing
from server.identity.roles import Reach
from server.places.queries import list_counties
from server.providers.positions import Position, find_positions, middle_of

FIGURES = ("beds", "licensed", "usable", "occupied", "on_leave", "held", "free", "ready", "nursing")
# A bed remembers only whether it is clean now: for another day nobody knows.
OF_TODAY = {"ready"}
# What a licence said, and which beds were nursing beds, is put right in place: of what was known at
# an earlier moment nobody can say.
OF_NOW = {"ready", "licensed", "nursing"}
A_DAY = timedelta(days=1)
Figures = Mapping[str, int | None]


class Freshness(StrEnum):
    """How far the figures of a home, or of all homes of a county, can be relied upon today."""

    FRESH = "fresh"  # counted here, or filed today
    STALE = "stale"  # filed yesterday, and today's return is still awaited
    OVERDUE = "overdue"  # today's is late, or yesterday's never came


WORST_FIRST = (Freshness.OVERDUE, Freshness.STALE, Freshness.FRESH)


@dataclass(frozen=True)
class Home:
    """A home's figures of the day, over the kinds of beds that were asked for.

    `filed_on` is the day of the return they are from, None where its beds are counted here.
    """

    id: int
    name: str
    county_code: str
    figures: Figures
    filed_on: date | None = None
    freshness: Freshness | None = None
    position: Position | None = None


@dataclass(frozen=True)
class County:
    """A county with its homes, and their figures together."""

    code: str
    name: str
    homes: Sequence[Home]

    @property
    def figures(self) -> Figures:
        """The figures of all homes together."""
        return sums(self.homes)

    @property
    def freshness(self) -> Freshness | None:
        """As the least fresh of its homes; None without homes, and for another day than today."""
        found = {home.freshness for home in self.homes}
        return next((one for one in WORST_FIRST if one in found), None)

    @property
    def overdue(self) -> int:
        """How many of its homes are late with today's return."""
        return sum(home.freshness is Freshness.OVERDUE for home in self.homes)

    @property
    def position(self) -> Position | None:
        """The middle of its homes, None where none has a place."""
        return middle_of(home.position for home in self.homes if home.position)


def read_homes(session: Session, reach: Reach, filters: Mapping[str, Any]) -> list[Home]:
    """Return the homes of a filtered reach by county and name; raises `NotFound` beyond it.

    How fresh they are is told of today alone; what homes filed is left out of what was known.
    """
    scope = scope_of(reach, filters["division"])
    homes = _counted(session, scope, filters)
    if filters["known"] is None:
        here = {home.id for home in homes}
        homes += [home for home in _filed(session, scope, filters) if home.id not in here]
    if filters["day"] == clock.today() and filters["known"] is None:
        filing = homes_in(session, Scope(**scope))
        homes = _as_of_now(homes, filing, of_every_kind=filters["kind"] is None)
    return sorted(homes, key=lambda home: (home.county_code, home.name, home.id))


def freshness_of(home: Filing) -> Freshness:
    """Return how far the newest return of a home can be relied upon now."""
    if not home.is_missing:
        return Freshness.FRESH
    is_late = home.standing is Standing.LATE or home.freshness is not Age.YESTERDAY
    return Freshness.OVERDUE if is_late else Freshness.STALE


def place_homes(session: Session, homes: Sequence[Home]) -> list[Home]:
    """Return the homes with their places on the map."""
    positions = find_positions(session, [home.id for home in homes])
    return [_replaced(home, position=positions.get(home.id)) for home in homes]


def by_county(session: Session, reach: Reach, homes: Sequence[Home]) -> list[County]:
    """Return the counties of the reach by code, also those without a home."""
    names = county_names(session, reach)
    groups = groupby(homes, lambda home: home.county_code)
    members = {code: list(of_county) for code, of_county in groups}
    codes = sorted(names.keys() | members.keys())
    return [County(code, names.get(code, code), members.get(code, ())) for code in codes]


def county_names(session: Session, reach: Reach) -> Mapping[str, str]:
    """Return code → name of the counties of a reach."""
    return {one.code: one.name for one in list_counties(session, prefixes=reach.prefixes)}


def scope_of(reach: Reach, division: str | None) -> dict[str, Sequence[Any]]:
    """Return the part of the reach that lies in a division; raises `NotFound` beyond it."""
    check_near(reach.prefixes, division)
    if division is None or not division.startswith(tuple(reach.prefixes)):
        return {"prefixes": reach.prefixes, "site_ids": reach.site_ids}
    return {"prefixes": [division], "site_ids": ()}


def sums(homes: Iterable[Home]) -> Figures:
    """Return the figures of several homes together; what is known of none of them is not known."""
    rows = list(homes)
    return {name: _sum(home.figures[name] for home in rows) for name in FIGURES}


def _sum(figures: Iterable[int | None]) -> int | None:
    known = [figure for figure in figures if figure is not None]
    return sum(known) if known else None


def _counted(session: Session, scope: Mapping[str, Any], filters: Mapping[str, Any]) -> list[Home]:
    rows = list_counts(session, **scope, on=filters["day"], known_at=_known_at(filters))
    of_kind = [row for row in rows if row.kind in kinds_counted(filters["kind"])]
    unknown = _unknown(filters)
    return [_home(list(kinds), unknown) for _id, kinds in groupby(of_kind, lambda row: row.id)]


def _unknown(filters: Mapping[str, Any]) -> set[str]:
    if filters["known"] is not None:
        return OF_NOW
    return set() if filters["day"] == clock.today() else OF_TODAY


def _home(kinds: Sequence[Row[Any]], unknown: set[str]) -> Home:
    first = kinds[0]
    figures = {name: _sum(getattr(row, name) for row in kinds) for name in FIGURES}
    figures |= dict.fromkeys(unknown)
    return Home(first.id, first.name, first.division_code[:6], figures)


def _filed(session: Session, scope: Mapping[str, Any], filters: Mapping[str, Any]) -> list[Home]:
    rows = list_as_of(session, Scope(**scope), on=filters["day"])
    of_kind = [row for row in rows if row.kind in kinds_counted(filters["kind"])]
    return [_filed_home(list(kinds)) for _id, kinds in groupby(of_kind, lambda row: row.site_id)]


def _filed_home(kinds: Sequence[Row[Any]]) -> Home:
    """What a return does not say, such as how many beds are cleaned, is not known."""
    first = kinds[0]
    figures: dict[str, int | None] = dict.fromkeys(FIGURES)
    for name in ("licensed", "usable", "occupied", "on_leave"):
        figures[name] = sum(getattr(row, name) for row in kinds)
    figures["free"] = sum(row.usable - row.occupied - row.on_leave for row in kinds)
    day = max(row.day for row in kinds)
    return Home(first.site_id, first.name, first.division_code[:6], figures, filed_on=day)


def _as_of_now(
    homes: Sequence[Home], filing: Sequence[Filing], *, of_every_kind: bool
) -> list[Home]:
    """Say how fresh each home is, and name those that are silent: they are overdue as well."""
    fresh = {one.row.id: freshness_of(one) for one in filing}
    told = [_replaced(home, freshness=fresh.get(home.id, Freshness.FRESH)) for home in homes]
    here = {home.id for home in homes}
    silent = [one for one in filing if one.is_missing and one.row.id not in here]
    return told + [_silent(one) for one in silent if of_every_kind]


def _silent(one: Filing) -> Home:
    nothing: Figures = dict.fromkeys(FIGURES)
    return Home(one.row.id, one.row.name, one.row.county_code, nothing, freshness=freshness_of(one))


def _replaced(home: Home, **facts: Any) -> Home:
    return Home(**(vars(home) | facts))


def _known_at(filters: Mapping[str, Any]) -> datetime | None:
    """The moment that is asked about, or the last one of the day, on the city's wall."""
    day: date | None = filters["known"]
    if day is None:
        return None
    if filters["known_time"] is None:
        return datetime.combine(day + A_DAY, time(), clock.CITY)
    return datetime.combine(day, filters["known_time"], clock.CITY)
