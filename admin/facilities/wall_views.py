"""大屏: the bureau's page for the wall. Six figures and one map; it asks for itself, by version."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from sqlmodel import Session

from admin.facilities.forms import NoFilters
from admin.facilities.map_reading import tiles
from admin.facilities.overview_keeping import Overview, drawn, read_overview
from admin.facilities.overview_reading import County, Figures, Freshness, by_county, sums
from admin.facilities.reading import OVERVIEW
from admin.forms import asked
from admin.pages import is_part, page
from admin.places import steps_to, widest
from server import clock
from server.db.sessions import actor_of
from server.identity.roles import reach_of
from server.web.access import reads

blueprint = Blueprint("beds_wall", __name__, url_prefix="/beds/wall", template_folder="templates")

NO_FILTERS: dict[str, Any] = {"division": None, "kind": None, "known": None}


@dataclass(frozen=True)
class Wall:
    """What hangs on the wall; `etag` changes whenever it would look different."""

    etag: str
    figures: Figures
    rows: list[list[County]]
    homes: int
    fresh: int
    as_of: datetime


@blueprint.get("")
@reads(OVERVIEW)
def show_wall(*, session: Session) -> str:
    """The whole page, without a menu."""
    asked(NoFilters)
    reach = reach_of(actor_of(session), OVERVIEW)
    steps = steps_to(session, widest(reach), reach, "beds_overview.show_overview")
    place = steps[-1][0] if steps else ""
    wall = _wall(session, _overview(session))
    return page(session, "admin/facilities/wall.html", wall=wall, place=place)


@blueprint.get("/live")
@reads(OVERVIEW)
def show_live(*, session: Session) -> Any:
    """The figures and the map alone; 304 while nothing of it has changed."""
    asked(NoFilters)
    if not is_part():
        return redirect(url_for("beds_wall.show_wall"), HTTPStatus.SEE_OTHER)
    overview = _overview(session)
    if request.if_none_match.contains_weak(overview.etag):
        response = Response(status=HTTPStatus.NOT_MODIFIED)
    else:
        key = f"wall {overview.etag}"
        response = make_response(drawn.get(key, lambda: _draw(session, overview)))
    response.set_etag(overview.etag, weak=True)
    return response


def _overview(session: Session) -> Overview:
    """The kept overview of one's reach: a wall beside it costs no count of its own."""
    reach = reach_of(actor_of(session), OVERVIEW)
    return read_overview(session, reach, NO_FILTERS | {"day": clock.today()})


def _draw(session: Session, overview: Overview) -> str:
    return render_template("admin/facilities/wall_live.html", wall=_wall(session, overview))


def _wall(session: Session, overview: Overview) -> Wall:
    reach = reach_of(actor_of(session), OVERVIEW)
    homes = overview.homes
    return Wall(
        etag=overview.etag,
        figures=sums(homes),
        rows=tiles(by_county(session, reach, homes)),
        homes=len(homes),
        fresh=sum(home.freshness is Freshness.FRESH for home in homes),
        as_of=clock.now(),
    )
