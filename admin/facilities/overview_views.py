"""The bureau's live overview: counties, their homes, and every figure with its rows behind it."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from http import HTTPStatus
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from sqlalchemy import Row
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.facilities.forms import OverviewArgs
from admin.facilities.reading import OVERVIEW, version_within
from admin.forms import asked
from admin.pages import is_part, page
from admin.places import check_near, steps_to, widest
from admin.words import word
from server import clock
from server.db.sessions import actor_of
from server.errors import NotAllowed
from server.facilities.models import BedKind
from server.facilities.queries.counts import list_counts
from server.i18n.catalogues import current_language
from server.i18n.catalogues import gettext as _
from server.identity.roles import Reach, may, reach_of
from server.places.queries import list_counties
from server.web.access import reads

blueprint = Blueprint("beds_overview", __name__, url_prefix="/beds", template_folder="templates")

PAGE = "beds_overview.show_overview"
FIGURES = ("beds", "licensed", "usable", "occupied", "on_leave", "held", "free", "ready", "nursing")
# A bed remembers only whether it is clean now: for another day nobody knows.
OF_TODAY = {"ready"}
A_DAY = timedelta(days=1)
Figures = Mapping[str, int | None]


@dataclass(frozen=True)
class Home:
    """A home's figures of the day, over the kinds of beds that were asked for."""

    id: int
    name: str
    county_code: str
    figures: Figures


@blueprint.get("")
@reads(OVERVIEW)
def show_overview(*, session: Session) -> str:
    """Every county and home of the reach, on a day, as known today or at another moment."""
    reach = reach_of(actor_of(session), OVERVIEW)
    filters = _read_filters(session)
    return page(
        session,
        "admin/facilities/overview.html",
        **_figures(session, reach, filters),
        kinds=[(one.value, word("bed_kind", one)) for one in BedKind],
        steps=steps_to(session, filters["division"] or widest(reach), reach, PAGE),
        may_look_back=may(actor_of(session), "audit.see-trail"),
    )


@blueprint.get("/overview/live")
@reads(OVERVIEW)
def show_live(*, session: Session) -> Any:
    """The figures alone; 304 while nothing in any of these homes has changed."""
    reach = reach_of(actor_of(session), OVERVIEW)
    filters = _read_filters(session)
    if not is_part():
        return redirect(url_for(PAGE, **_in_address(filters)), HTTPStatus.SEE_OTHER)
    etag = _etag(session, reach, filters, clock.now())
    if request.if_none_match.contains_weak(etag):
        response = Response(status=HTTPStatus.NOT_MODIFIED)
    else:
        facts = _figures(session, reach, filters)
        response = make_response(render_template("admin/facilities/overview_figures.html", **facts))
    response.set_etag(etag, weak=True)
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
        for home in _homes(session, reach, filters)
    )
    return export(ending, f"{_('Beds overview')}-{filters['day']}", headings, cells)


def _figures(session: Session, reach: Reach, filters: Mapping[str, Any]) -> dict[str, Any]:
    """What the table shows; it is kept up to date where it is of today as it is known now."""
    as_of = clock.now()
    etag = _etag(session, reach, filters, as_of)
    homes = _homes(session, reach, filters)
    names = {one.code: one.name for one in list_counties(session, prefixes=reach.prefixes)}
    by_county = groupby(homes, lambda home: home.county_code)
    counties = [(code, list(members)) for code, members in by_county]
    return {
        "counties": [(code, names.get(code, code), sums(of), of) for code, of in counties],
        "total": sums(homes),
        "figures": FIGURES,
        "filters": filters,
        "asked_for": _in_address(filters),
        "is_live": filters["day"] == clock.today() and filters["known"] is None,
        "etag": etag,
        "today": clock.today(),
        "as_of": as_of,
    }


def _etag(session: Session, reach: Reach, filters: Mapping[str, Any], as_of: datetime) -> str:
    """Changes with the beds of these homes, the filters, the minute and the reader's language."""
    version = version_within(session, reach)
    told = f"{current_language()} {version} {sorted(_in_address(filters).items())} {as_of:%d %H:%M}"
    return hashlib.sha256(told.encode()).hexdigest()[:20]


def sums(homes: Iterable[Home]) -> Figures:
    """Return the figures of several homes together; what is known of none of them is not known."""
    rows = list(homes)
    return {name: _sum(home.figures[name] for home in rows) for name in FIGURES}


def _sum(figures: Iterable[int | None]) -> int | None:
    known = [figure for figure in figures if figure is not None]
    return sum(known) if known else None


def _read_filters(session: Session) -> dict[str, Any]:
    """Return the filters; raises `NotAllowed` for asking what was known, except for auditors."""
    filters = asked(OverviewArgs)
    if filters["known"] is not None and not may(actor_of(session), "audit.see-trail"):
        raise NotAllowed()
    return {**filters, "day": min(filters["day"] or clock.today(), clock.today())}


def scope_of(reach: Reach, division: str | None) -> dict[str, Sequence[Any]]:
    """Return the part of the reach that lies in a division; raises `NotFound` beyond it."""
    check_near(reach.prefixes, division)
    if division is None or not division.startswith(tuple(reach.prefixes)):
        return {"prefixes": reach.prefixes, "site_ids": reach.site_ids}
    return {"prefixes": [division], "site_ids": ()}


def _homes(session: Session, reach: Reach, filters: Mapping[str, Any]) -> list[Home]:
    """By county, and by name within it."""
    on: date = filters["day"]
    rows = list_counts(
        session, **scope_of(reach, filters["division"]), on=on, known_at=_known_at(filters)
    )
    of_kind = [row for row in rows if filters["kind"] in (None, row.kind)]
    homes = [_home(list(kinds), on) for _id, kinds in groupby(of_kind, lambda row: row.id)]
    return sorted(homes, key=lambda home: home.county_code)


def _home(kinds: Sequence[Row[Any]], on: date) -> Home:
    first = kinds[0]
    figures = {name: _sum(getattr(row, name) for row in kinds) for name in FIGURES}
    if on != clock.today():
        figures |= dict.fromkeys(OF_TODAY)
    return Home(first.id, first.name, first.division_code[:6], figures)


def _known_at(filters: Mapping[str, Any]) -> datetime | None:
    """The moment that is asked about, or the last one of the day, on the city's wall."""
    day: date | None = filters["known"]
    if day is None:
        return None
    if filters["known_time"] is None:
        return datetime.combine(day + A_DAY, time(), clock.CITY)
    return datetime.combine(day, filters["known_time"], clock.CITY)


def _in_address(filters: Mapping[str, Any]) -> dict[str, str]:
    today = clock.today()
    return {name: str(value) for name, value in filters.items() if value and value != today}
