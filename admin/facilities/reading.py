"""Which homes are this person's, and how their beds stand; many viewers cost one look."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from server import clock
from server.db.cities import current_city
from server.db.sessions import actor_of
from server.errors import NotFound
from server.facilities.models import OUT_OF_USE, BedKind
from server.facilities.queries.board import list_arrivals, list_away, list_beds
from server.facilities.queries.counts import board_version, find_licensed
from server.i18n.catalogues import current_language
from server.identity.roles import reach_of
from server.providers.queries import get_site, list_register
from server.web.remembering import Remembering

SEE, KEEP, OVERVIEW = "facilities.see-board", "facilities.keep-beds", "facilities.see-overview"
FREE, UNCLEANED = "free", "uncleaned"
AWAY = ("on_leave", "in_hospital")
MOST_HOMES = 200

# A board is asked every two seconds: what it answers is a third of a second old at most.
_versions: Remembering[tuple[int, int]] = Remembering(seconds=0.3, most=2_000)
# A board of one version is drawn again only to say the minute.
_boards: Remembering["Board"] = Remembering(seconds=60, most=200)


@dataclass(frozen=True)
class Tile:
    """A bed with what takes it today; `state` tells a cleaned free bed from one that is not."""

    row: Row[Any]

    @property
    def state(self) -> str:
        if self.row.state is not None:
            return str(self.row.state.value)
        return FREE if self.row.left_uncleaned_at is None else UNCLEANED

    @property
    def since(self) -> date | None:
        """From when the bed is as it is; nobody asks that of a free one."""
        started: date | None = self.row.starts_on
        return started

    @property
    def is_someones(self) -> bool:
        return self.row.stay_id is not None


@dataclass(frozen=True)
class Board:
    """The beds of a home on a day, who is expected, and who is away without a bed."""

    site: Row[Any]
    day: date
    version: int
    tiles: Sequence[Tile]
    arrivals: Sequence[Row[Any]]
    away: Sequence[Row[Any]]
    licensed: int | None

    @property
    def floors(self) -> Iterator[tuple[int | None, list[tuple[str | None, list[Tile]]]]]:
        """Yield floor by floor, and within it room by room; beds in people's homes come last."""
        for floor, of_floor in groupby(self.tiles, lambda tile: tile.row.floor):
            rooms = groupby(of_floor, lambda tile: tile.row.room)
            yield floor, [(room, list(tiles)) for room, tiles in rooms]

    @property
    def figures(self) -> dict[str, int]:
        """Return how many beds there are, by what is counted."""
        states = [tile.state for tile in self.tiles]
        out_of_use = sum(states.count(state.value) for state in OUT_OF_USE)
        return {
            "beds": len(states),
            "usable": len(states) - out_of_use,
            "occupied": states.count("occupied"),
            "on_leave": sum(states.count(state) for state in AWAY),
            "held": states.count("held"),
            "free": states.count(FREE) + states.count(UNCLEANED),
            "ready": states.count(FREE),
        }

    def etag(self, as_of: datetime) -> str:
        """Changes with the beds, the day, the minute, and the reader's language."""
        told = f"{current_language()} {self.site.id} {self.version} {self.day} {as_of:%H:%M}"
        return hashlib.sha256(told.encode()).hexdigest()[:20]

    def of_bed(self, bed_id: int) -> Tile:
        """Return the tile of a bed; raises `NotFound` for a bed of another home."""
        return self._one(lambda tile: tile.row.bed_id == bed_id)

    def of_stay(self, stay_id: int) -> Tile | None:
        """Return where somebody is today, None where that is in none of the beds."""
        return next((tile for tile in self.tiles if tile.row.stay_id == stay_id), None)

    def expected_in(self, bed_id: int) -> Row[Any] | None:
        """Return who is expected next in a bed."""
        ahead = (one for one in self.arrivals if one.bed_id == bed_id and one.planned_on > self.day)
        return next(ahead, None)

    def ready_for(self, kind: BedKind) -> list[Tile]:
        """Return the beds somebody in a bed of this kind could move into today."""
        return [tile for tile in self.tiles if tile.state == FREE and tile.row.kind is kind]

    def _one(self, fits: Callable[[Tile], bool]) -> Tile:
        found = next((tile for tile in self.tiles if fits(tile)), None)
        if found is None:
            raise NotFound()
        return found


def homes_of(session: Session, permission: str) -> Sequence[Row[Any]]:
    """Return the homes at which this person holds the permission, by name."""
    reach = reach_of(actor_of(session), permission)
    return list_register(
        session, prefixes=reach.prefixes, site_ids=reach.site_ids, limit=MOST_HOMES
    )


def get_home(session: Session, site_id: int, permission: str) -> Row[Any]:
    """Return the home; raises `NotFound` where this person does not hold the permission at it."""
    reach = reach_of(actor_of(session), permission)
    return get_site(session, site_id, prefixes=reach.prefixes, site_ids=reach.site_ids)


def keeps_beds(session: Session, site_id: int) -> bool:
    """True for whoever works in the home: they change it, and see its people by name."""
    return site_id in reach_of(actor_of(session), KEEP).site_ids


def read_board(session: Session, site_id: int) -> Board:
    """Return the board of one of this person's homes, a third of a second old at most.

    Raises `NotFound` for a home that is not this person's. What is kept is kept for those who may
    know the same people.
    """
    actor, today = actor_of(session), clock.today()
    who = (current_city(), *sorted(actor.prefixes), *sorted(actor.site_ids), "of", site_id)
    reach = reach_of(actor, SEE)
    kept = (*who, *sorted(reach.prefixes), "at", *sorted(reach.site_ids))
    version, _ = _versions.get(kept, lambda: _version(session, site_id))
    return _boards.get((*kept, today, version), lambda: find_board(session, site_id))


def find_board(session: Session, site_id: int, permission: str = SEE) -> Board:
    """Return the board as it is this moment, for a change of one's own; raises `NotFound`."""
    version, _ = _version(session, site_id)
    today = clock.today()
    tiles = [Tile(row) for row in list_beds(session, site_id=site_id, on=today)]
    return Board(
        site=get_home(session, site_id, permission),
        day=today,
        version=version,
        tiles=tiles,
        arrivals=list_arrivals(session, site_id=site_id, since=today),
        away=list_away(session, site_id=site_id),
        licensed=find_licensed(session, site_id=site_id, on=today),
    )


def forget() -> None:
    """Keep nothing."""
    _versions.forget()
    _boards.forget()


def _version(session: Session, site_id: int) -> tuple[int, int]:
    """Asked for anybody who may see the home; raises `NotFound` for others."""
    get_home(session, site_id, SEE)
    return board_version(session, prefixes=(), site_ids=[site_id])
