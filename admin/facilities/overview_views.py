"""The bureau's live overview: counties, their homes, and every figure with its rows behind it."""

from collections.abc import Mapping
from http import HTTPStatus
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.facilities.forms import OverviewArgs
from admin.facilities.overview_reading import (
    FIGURES,
    Overview,
    drawn,
    list_homes,
    read_overview,
    sums,
)
from admin.facilities.reading import OVERVIEW
from admin.forms import asked
from admin.pages import page
from admin.places import steps_to, widest
from admin.words import word
from server import clock
from server.db.sessions import actor_of
from server.errors import NotAllowed
from server.facilities.models import BedKind
from server.i18n.catalogues import gettext as _
from server.identity.roles import may, reach_of
from server.places.queries import list_counties
from server.web.access import reads

blueprint = Blueprint("beds_overview", __name__, url_prefix="/beds", template_folder="templates")

PAGE = "beds_overview.show_overview"


@blueprint.get("")
@reads(OVERVIEW)
def show_overview(*, session: Session) -> str:
    """Every county and home of the reach, on a day, as known today or on another day."""
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
def show_live(*, session: Session) -> Response:
    """The figures alone, as they are today; 304 while nothing in them has changed."""
    filters = _read_filters(session) | {"day": clock.today(), "known": None}
    overview = _look(session, filters)
    if request.if_none_match.contains_weak(overview.etag):
        response = Response(status=HTTPStatus.NOT_MODIFIED)
    else:
        response = make_response(
            drawn.get(overview.etag, lambda: _draw(session, overview, filters))
        )
    response.set_etag(overview.etag, weak=True)
    return response


@blueprint.get(f"/overview.<any({CSV}, {XLSX}):ending>")
@reads(OVERVIEW)
def export_overview(*, ending: str, session: Session) -> Response:
    """The homes of the overview as a file."""
    reach = reach_of(actor_of(session), OVERVIEW)
    filters = _read_filters(session)
    names = {one.code: one.name for one in list_counties(session, prefixes=reach.prefixes)}
    headings = [_("County"), _("Home"), *(word("bed_figure", name) for name in FIGURES)]
    cells = (
        [names.get(home.county_code), home.name, *(home.figures[name] for name in FIGURES)]
        for home in list_homes(session, reach, filters)
    )
    return export(ending, f"{_('Beds overview')}-{filters['day']}", headings, cells)


def _look(session: Session, filters: Mapping[str, Any]) -> Overview:
    """The figures that the filters ask for; only those of today are kept up to date."""
    reach = reach_of(actor_of(session), OVERVIEW)
    if _is_live(filters):
        return read_overview(session, reach, filters)
    return Overview(list_homes(session, reach, filters), etag="")


def _draw(session: Session, overview: Overview, filters: Mapping[str, Any]) -> str:
    facts = _facts(session, overview, filters)
    return render_template("admin/facilities/overview_figures.html", **facts)


def _facts(session: Session, overview: Overview, filters: Mapping[str, Any]) -> dict[str, Any]:
    reach = reach_of(actor_of(session), OVERVIEW)
    names = {one.code: one.name for one in list_counties(session, prefixes=reach.prefixes)}
    by_county = groupby(overview.homes, lambda home: home.county_code)
    members = [(code, list(homes)) for code, homes in by_county]
    return {
        "counties": [(code, names.get(code, code), sums(some), some) for code, some in members],
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
