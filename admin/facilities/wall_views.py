"""大屏: the bureau's page for the wall. Six figures and one map; it asks for itself, by version."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from sqlmodel import Session

from admin.facilities.map_reading import tiles
from admin.facilities.overview_reading import (
    County,
    Figures,
    Freshness,
    by_county,
    place_homes,
    read_homes,
    sums,
)
from admin.facilities.reading import OVERVIEW
from admin.pages import is_part, page
from admin.places import steps_to, widest
from server import clock
from server.db.cities import current_city
from server.db.sessions import actor_of
from server.facilities.queries.counts import board_version
from server.facilities.returns.queries import returns_version
from server.i18n.catalogues import current_language
from server.identity.roles import reach_of
from server.web.access import reads
from server.web.remembering import Remembering

blueprint = Blueprint("beds_wall", __name__, url_prefix="/beds/wall", template_folder="templates")

NO_FILTERS: dict[str, Any] = {"division": None, "kind": None, "known": None}

# Walls ask every five seconds: however many hang there, the city is looked at every two.
_versions: Remembering[str] = Remembering(seconds=2, most=200)
_walls: Remembering["Wall"] = Remembering(seconds=60, most=200)


@dataclass(frozen=True)
class Wall:
    """What hangs on the wall; `version` changes whenever it would look different."""

    version: str
    figures: Figures
    rows: list[list[County]]
    homes: int
    fresh: int
    as_of: datetime


@blueprint.get("")
@reads(OVERVIEW)
def show_wall(*, session: Session) -> str:
    """The whole page, without a menu."""
    reach = reach_of(actor_of(session), OVERVIEW)
    steps = steps_to(session, widest(reach), reach, "beds_overview.show_overview")
    place = steps[-1][0] if steps else ""
    return page(session, "admin/facilities/wall.html", wall=read_wall(session), place=place)


@blueprint.get("/live")
@reads(OVERVIEW)
def show_live(*, session: Session) -> Any:
    """The figures and the map alone; 304 while nothing of it has changed."""
    if not is_part():
        return redirect(url_for("beds_wall.show_wall"), HTTPStatus.SEE_OTHER)
    wall = read_wall(session)
    if request.if_none_match.contains_weak(wall.version):
        response = Response(status=HTTPStatus.NOT_MODIFIED)
    else:
        response = make_response(render_template("admin/facilities/wall_live.html", wall=wall))
    response.set_etag(wall.version, weak=True)
    return response


def read_wall(session: Session) -> Wall:
    """Return the wall of one's reach, two seconds old at most."""
    reach = reach_of(actor_of(session), OVERVIEW)
    whose = (current_city(), current_language(), *sorted(reach.prefixes), *sorted(reach.site_ids))
    version = _versions.get(whose, lambda: _version(session))
    return _walls.get((*whose, version), lambda: _look(session, version))


def forget() -> None:
    """Keep nothing."""
    _versions.forget()
    _walls.forget()


def _look(session: Session, version: str) -> Wall:
    reach = reach_of(actor_of(session), OVERVIEW)
    filters = NO_FILTERS | {"day": clock.today()}
    homes = place_homes(session, read_homes(session, reach, filters))
    return Wall(
        version=version,
        figures=sums(homes),
        rows=tiles(by_county(session, reach, homes)),
        homes=len(homes),
        fresh=sum(home.freshness is Freshness.FRESH for home in homes),
        as_of=clock.now(),
    )


def _version(session: Session) -> str:
    """Of the records, of what was filed today, and of the minute: a return may have become late."""
    reach = reach_of(actor_of(session), OVERVIEW)
    now = clock.now()
    beds = board_version(session, prefixes=reach.prefixes, site_ids=reach.site_ids)
    filed = returns_version(session, on=clock.day_of(now))
    told = f"{current_language()} {sorted(reach.prefixes)} {beds} {filed} {now:%Y-%m-%d %H:%M}"
    return hashlib.sha256(told.encode()).hexdigest()[:20]
