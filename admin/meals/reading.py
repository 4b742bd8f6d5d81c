"""Which canteens are this person's, and how their day stands; many viewers cost one look."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from server import clock
from server.db.cities import current_city
from server.db.sessions import actor_of
from server.errors import NotFound
from server.i18n.catalogues import current_language
from server.identity.roles import reach_of
from server.meals.queries.canteens import list_canteens_within
from server.meals.queries.sittings import list_day_of_canteen
from server.web.remembering import Remembering

FIGURES = ("booked_today", "collected_today", "capacity_today",
           "booked_week", "collected_week", "capacity_week")  # fmt: skip

# Half a second: a board that is asked every two seconds is never behind by more than that.
_boards: Remembering["Board"] = Remembering(seconds=0.5, most=500)


class Phase(StrEnum):
    """Where a sitting stands for the people behind the counter."""

    CLOSED = "closed"
    BOOKABLE = "bookable"
    PREPARING = "preparing"
    SERVING = "serving"
    OVER = "over"


@dataclass(frozen=True)
class SittingOfDay:
    """A sitting's counts; `waiting` are booked and not yet handed out."""

    row: Row[Any]
    phase: Phase

    @property
    def waiting(self) -> int:
        return int(self.row.booked - self.row.collected)


@dataclass(frozen=True)
class Board:
    """A canteen's day, as of a minute."""

    canteen: Row[Any]
    day: date
    as_of: datetime
    sittings: Sequence[SittingOfDay]

    @property
    def version(self) -> str:
        """Changes with any count, with the minute, and with the reader's language."""
        told = [self.canteen.id, self.canteen.name, self.day, f"{self.as_of:%H:%M}"]
        told += [(*sitting.row, sitting.phase) for sitting in self.sittings]
        return hashlib.sha256(f"{current_language()}{told}".encode()).hexdigest()[:20]


def canteens_of(session: Session, permission: str) -> Sequence[Row[Any]]:
    """Return the canteens at which this person holds the permission, by name."""
    reach = reach_of(actor_of(session), permission)
    return list_canteens_within(session, prefixes=reach.prefixes, site_ids=reach.site_ids)


def choose_canteen(canteens: Sequence[Row[Any]], wanted: int | None) -> Row[Any] | None:
    """Return the canteen that is meant: the one asked for, or the only one there is.

    Raises `NotFound` for a canteen that is not among them; None means that one is to be chosen.
    """
    if wanted is None:
        return canteens[0] if len(canteens) == 1 else None
    for canteen in canteens:
        if canteen.id == wanted:
            return canteen
    raise NotFound()


def phase_of(row: Row[Any], *, now: datetime) -> Phase:
    """Return where a sitting stands at this instant."""
    wall = now.astimezone(clock.CITY)
    if row.closed_at is not None:
        return Phase.CLOSED
    if (row.service_on, row.serves_until) <= (wall.date(), wall.time()):
        return Phase.OVER
    if (row.service_on, row.serves_from) <= (wall.date(), wall.time()):
        return Phase.SERVING
    return Phase.BOOKABLE if now < row.cutoff_at else Phase.PREPARING


def read_board(session: Session, canteen_id: int) -> Board:
    """Return the day of one of this person's canteens, at most half a second old.

    Raises `NotFound` for a canteen that is not this person's; what is kept is kept by reach.
    """
    reach = reach_of(actor_of(session), "meals.see-canteen")
    today = clock.today()
    key = (current_city(), *reach.prefixes, *reach.site_ids, "of", canteen_id, today)
    return _boards.get(key, lambda: _find_board(session, canteen_id, today))


def sums(canteens: Iterable[Row[Any]]) -> dict[str, int]:
    """Return the figures of several canteens together; what was not offered adds nothing."""
    rows = list(canteens)
    return {name: sum(getattr(row, name) or 0 for row in rows) for name in FIGURES}


def _find_board(session: Session, canteen_id: int, today: date) -> Board:
    canteen = choose_canteen(canteens_of(session, "meals.see-canteen"), canteen_id)
    now = clock.now()
    rows = list_day_of_canteen(session, canteen_id, day=today)
    sittings = [SittingOfDay(row, phase_of(row, now=now)) for row in rows]
    return Board(canteen, today, now, sittings)
