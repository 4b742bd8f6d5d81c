"""The bureau's live overview: counties, their homes, and every figure with its rows behind it."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import (
    Blueprint,
    Response,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.facilities.forms import OverviewArgs
from admin.facilities.map_reading import address_of, map_of, source_of, tiles
from admin.facilities.overview_keeping import Overview, drawn, read_overview
from admin.facilities.overview_reading import (
    FIGURES,
    by_county,
    county_names,
    place_homes,
    read_homes,
    sums,
)
from admin.facilities.reading import OVERVIEW
from admin.forms import asked
from admin.pages import is_part, page
from admin.places import steps_to, widest
from admin.words import word
from server import clock
from server.db.sessions import actor_of
from server.errors import NotAllowed
from server.facilities.models import BedKind
from server.i18n.catalogues import gettext as _
from server.identity.roles import may, reach_of
from server.web.access import reads

blueprint = Blueprint("beds_overview", __name__, url_prefix="/beds", template_folder="templates")

PAGE = "beds_overview.show_overview"


@blueprint.get("")
@reads(OVERVIEW)
def show_overview(*, session: Session) -> str:
    """Every county and home of the reach, on a day, as known today or at another moment."""
    reach = reach_of(actor_of(session), OVERVIEW)
    filters = _read_filters(session)
    return page(
        session,
        "admin/facilities/overview.html",
        **_facts(session, _look(session, filters), filters),
        kinds=[(one.value, word("bed_kind", one)) for one in BedKind],
        steps=steps_to(session, filters["division"] or widest(reach), reach, PAGE),
        may_look_back=may(actor_of(session), "audit.see-trail"),
    )


@blueprint.get("/overview/live")
@reads(OVERVIEW)
def show_live(*, session: Session) -> Any:
    """The figures alone, as they are today; 304 while nothing in them has changed."""
    filters = _read_filters(session) | {"day": clock.today(), "known": None, "known_time": None}
    if not is_part():
        return redirect(url_for(PAGE, **_in_address(filters)), HTTPStatus.SEE_OTHER)
    overview = _look(session, filters)
    if request.if_none_match.contains_weak(overview.etag):
        response = Response(status=HTTPStatus.NOT_MODIFIED)
    else:
        response = make_response(
            drawn.get(overview.etag, lambda: _draw(session, overview, filters))
        )
    response.set_etag(overview.etag, weak=True)
    return response


@blueprint.get("/map.json")
@reads(OVERVIEW)
def show_map(*, session: Session) -> Response:
    """The homes and counties of the overview with their places, for the map beside the table."""
    reach = reach_of(actor_of(session), OVERVIEW)
    overview = _look(session, _read_filters(session))
    return jsonify(map_of(by_county(session, reach, overview.homes)))


@blueprint.get(f"/overview.<any({CSV}, {XLSX}):ending>")
@reads(OVERVIEW)
def export_overview(*, ending: str, session: Session) -> Response:
    """The homes of the overview as a file."""
    reach = reach_of(actor_of(session), OVERVIEW)
    filters = _read_filters(session)
    names = county_names(session, reach)
    headings = [_("County"), _("Home"), *(word("bed_figure", name) for name in FIGURES)]
    cells = (
        [names.get(home.county_code), home.name, *(home.figures[name] for name in FIGURES)]
        for home in read_homes(session, reach, filters)
    )
    return export(ending, f"{_('Beds overview')}-{filters['day']}", headings, cells)


def _look(session: Session, filters: Mapping[str, Any]) -> Overview:
    """The figures that the filters ask for; only those of today are kept up to date."""
    reach = reach_of(actor_of(session), OVERVIEW)
    if _is_live(filters):
        return read_overview(session, reach, filters)
    return Overview(place_homes(session, read_homes(session, reach, filters)), etag="")


def _draw(session: Session, overview: Overview, filters: Mapping[str, Any]) -> str:
    facts = _facts(session, overview, filters)
    return render_template("admin/facilities/overview_figures.html", **facts)


def _facts(session: Session, overview: Overview, filters: Mapping[str, Any]) -> dict[str, Any]:
    reach = reach_of(actor_of(session), OVERVIEW)
    counties = by_county(session, reach, overview.homes)
    return {
        "counties": [county for county in counties if county.homes],
        "tiles": tiles(counties),
        "address_of": address_of,
        "source_of": source_of,
        "total": sums(overview.homes),
        "figures": FIGURES,
        "filters": filters,
        "asked_for": _in_address(filters),
        "etag": overview.etag,
        "is_live": _is_live(filters),
        "today": clock.today(),
        "as_of": clock.now(),
    }


def _is_live(filters: Mapping[str, Any]) -> bool:
    return filters["known"] is None and filters["day"] == clock.today()


def _read_filters(session: Session) -> dict[str, Any]:
    """Return the filters; raises `NotAllowed` for asking what was known, except for auditors."""
    filters = asked(OverviewArgs)
    if filters["known"] is not None and not may(actor_of(session), "audit.see-trail"):
        raise NotAllowed()
    return {**filters, "day": min(filters["day"] or clock.today(), clock.today())}


def _in_address(filters: Mapping[str, Any]) -> dict[str, str]:
    today = clock.today()
    return {name: str(value) for name, value in filters.items() if value and value != today}
