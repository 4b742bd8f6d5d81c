"""Whose returns a person files or follows, and how each home stands today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from server import clock
from server.db.sessions import actor_of
from server.errors import NotFound
from server.facilities.returns.chasing import get_times
from server.facilities.returns.queries import Scope, list_standing
from server.facilities.returns.rules import (
    Freshness,
    Standing,
    Times,
    freshness_of,
    standing_of,
)
from server.identity.roles import reach_of


class ReturnsShown(StrEnum):
    """Which homes the list of returns shows: how they stand today, or whoever is still to file."""

    FILED = "filed"
    EXPECTED = "expected"
    LATE = "late"
    MISSING = "missing"
    NEVER = "never"


FILE, SEE, CHASE = "facilities.file-returns", "facilities.see-returns", "facilities.chase-returns"


@dataclass(frozen=True)
class Home:
    """A home with its newest return; one whose stays are kept here need not file."""

    row: Row[Any]
    freshness: Freshness
    standing: Standing | None

    def is_shown(self, shown: ReturnsShown | None) -> bool:
        """True where the home is among those that are asked for."""
        if shown is ReturnsShown.MISSING:
            return self.is_missing
        if shown is ReturnsShown.NEVER:
            return self.is_missing and self.freshness is Freshness.NEVER
        return shown is None or shown.value == self.standing

    @property
    def is_counted(self) -> bool:
        """True where stays are kept here, and nobody has filed for today beside them."""
        return self.standing is None

    @property
    def is_missing(self) -> bool:
        """True while today's return is still to come."""
        return self.standing in (Standing.EXPECTED, Standing.LATE)


def homes_of(session: Session, permission: str) -> Sequence[Home]:
    """Return the homes at which this person holds the permission, by county and name."""
    reach = reach_of(actor_of(session), permission)
    return homes_in(session, Scope(reach.prefixes, reach.site_ids))


def homes_in(session: Session, scope: Scope) -> Sequence[Home]:
    """Return the open homes of a scope, by county and name."""
    times = get_times(session, on=clock.today())
    return [_home(row, times) for row in list_standing(session, scope, on=clock.today())]


def choose_home(homes: Sequence[Home], wanted: int | None) -> Home | None:
    """Return the home that is meant: the one asked for, or the only one there is.

    Raises `NotFound` for a home that is not among them; None means that one is to be chosen.
    """
    if wanted is None:
        return homes[0] if len(homes) == 1 else None
    for home in homes:
        if home.row.id == wanted:
            return home
    raise NotFound()


def get_home(session: Session, permission: str, site_id: int) -> Home:
    """Return one of `homes_of`; raises `NotFound`."""
    home = choose_home(homes_of(session, permission), site_id)
    assert home is not None, "a home that is named is found or refused"
    return home


def _home(row: Row[Any], times: Times) -> Home:
    last: date | None = row.last_day
    standing = standing_of(last, now=clock.now(), times=times)
    is_asked = not row.keeps_beds or standing is Standing.FILED
    return Home(row, freshness_of(last, today=clock.today()), standing if is_asked else None)
