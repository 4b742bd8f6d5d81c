"""The overview of today as it is kept: many viewers of one reach cost one count a change."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from admin.facilities.overview_reading import Home, place_homes, read_homes, scope_of
from server import clock
from server.db.cities import current_city
from server.facilities.queries.counts import board_version
from server.facilities.returns.queries import returns_version
from server.i18n.catalogues import current_language
from server.identity.roles import Reach
from server.web.remembering import Remembering

# The overview is asked every two seconds: what it answers is a third of a second old at most.
_versions: Remembering[tuple[Any, ...]] = Remembering(seconds=0.3, most=500)
# Figures of one version are counted again only in case a home was given another name.
_homes: Remembering[list[Home]] = Remembering(seconds=60, most=100)
# All that is drawn is in its mark: what one viewer was sent, the next of the same reach is sent.
drawn: Remembering[str] = Remembering(seconds=60, most=100)


@dataclass(frozen=True)
class Overview:
    """The homes by county and name, and a mark that changes whenever what is shown would."""

    homes: Sequence[Home]
    etag: str


def read_overview(session: Session, reach: Reach, filters: Mapping[str, Any]) -> Overview:
    """Return the figures of today, a third of a second old at most.

    What is kept is kept for those whose reach is the same; raises `NotFound` beyond it. A return
    may become late without anybody's doing, so the mark changes with the minute.
    """
    scope = scope_of(reach, filters["division"])
    key = (current_city(), *sorted(scope["prefixes"]), "at", *sorted(scope["site_ids"]))
    version = _versions.get(key, lambda: _version(session, scope))
    shown = (*key, version, filters["division"], filters["kind"], filters["day"], _minute())
    homes = _homes.get(shown, lambda: place_homes(session, read_homes(session, reach, filters)))
    return Overview(homes, _mark(reach, shown))


def forget() -> None:
    """Keep nothing."""
    _versions.forget()
    _homes.forget()
    drawn.forget()


def _version(session: Session, scope: Mapping[str, Sequence[Any]]) -> tuple[Any, ...]:
    """Of the records, and of what was filed today."""
    beds = board_version(session, prefixes=scope["prefixes"], site_ids=scope["site_ids"])
    return (*beds, *returns_version(session, on=clock.today()))


def _minute() -> str:
    return f"{clock.now():%d %H:%M}"


def _mark(reach: Reach, shown: tuple[Any, ...]) -> str:
    """Of the whole reach too: beside a division, the tiles show the other counties of it."""
    whose = (sorted(reach.prefixes), sorted(reach.site_ids))
    return hashlib.sha256(f"{current_language()} {whose} {shown}".encode()).hexdigest()[:20]
