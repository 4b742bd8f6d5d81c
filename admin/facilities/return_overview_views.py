"""Who has filed and who is late, for the offices over the homes; with a nudge for each."""

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, url_for
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.facilities.homes_table import by_county, county_choices, in_address, list_within
from admin.facilities.return_forms import NudgedArgs, OverviewFilters
from admin.facilities.return_reading import CHASE, SEE, Home, ReturnsShown, get_home, homes_of
from admin.forms import asked
from admin.pages import page
from admin.words import word
from server import clock
from server.db.sessions import actor_of
from server.facilities.queries.counts import list_counts
from server.facilities.returns.chasing import get_times, nudge_operators
from server.i18n.catalogues import gettext as _
from server.identity.roles import Reach, reach_of
from server.web.access import reads, submits

blueprint = Blueprint(
    "returns_overview",
    __name__,
    url_prefix="/facilities/returns-overview",
    template_folder="templates",
)


@blueprint.get("")
@reads(SEE)
def show_overview(*, session: Session) -> str:
    """Every home by county with how fresh its newest return is."""
    filters = asked(OverviewFilters)
    reach = reach_of(actor_of(session), SEE)
    homes = _homes(session, {**filters, "standing": None})
    shown = [home for home in homes if home.is_shown(filters["standing"])]
    return page(
        session,
        "admin/facilities/returns_overview.html",
        homes=homes,
        counties=by_county(shown),
        choices=county_choices(session, SEE),
        standings=[(one.value, word("return_standing", one)) for one in ReturnsShown],
        filters=filters,
        asked_for=in_address(filters),
        figures_of=_figures(session, reach),
        times=get_times(session, on=clock.today()),
        as_of=clock.now(),
    )


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_overview(*, ending: str, session: Session) -> Response:
    """The filtered homes as a file."""
    homes = _homes(session, asked(OverviewFilters))
    headings = [_("County"), _("Site"), _("Today's return"), _("Newest return"), _("Licensed"),
                _("Usable"), _("Occupied"), _("On leave"), _("Filed at"),
                _("Telephone")]  # fmt: skip
    figures_of = _figures(session, reach_of(actor_of(session), SEE))
    cells = (_cells(home, figures_of(home)) for home in homes)
    return export(ending, _("Bed returns"), headings, cells)


@blueprint.post("/<int:site_id>/nudge")
@submits(CHASE)
def nudge(*, site_id: int, session: Session) -> Any:
    """Ask a home's operators to file; pressed again within the hour it is one message."""
    home = get_home(session, CHASE, site_id)
    nudged = nudge_operators(session, home.row)
    told = "asked" if nudged.operators else "nobody"
    address = url_for("returns_overview.show_nudged", site_id=site_id, told=told)
    return redirect(address, HTTPStatus.SEE_OTHER)


@blueprint.get("/<int:site_id>/nudged")
@reads(CHASE)
def show_nudged(*, site_id: int, session: Session) -> str:
    """Whether somebody could be written to."""
    told = asked(NudgedArgs)["told"]
    home = get_home(session, CHASE, site_id)
    return page(session, "admin/facilities/return_nudged.html", home=home, outcome=told)


def _homes(session: Session, filters: Mapping[str, Any]) -> Sequence[Home]:
    homes = list_within(session, SEE, homes_of, filters["division"])
    return [home for home in homes if home.is_shown(filters["standing"])]


def _figures(session: Session, reach: Reach) -> Callable[[Home], Sequence[int | None]]:
    """Return what tells (occupied, on leave, usable) of a home, counted here if possible."""
    scope = {"prefixes": reach.prefixes, "site_ids": reach.site_ids}
    counted: dict[int, Sequence[int]] = {}
    for row in list_counts(session, **scope, on=clock.today()):
        before = counted.get(row.id, (0, 0, 0))
        here = (row.occupied, row.on_leave, row.usable)
        counted[row.id] = [sum(both) for both in zip(before, here, strict=True)]

    def figures_of(home: Home) -> Sequence[int | None]:
        row = home.row
        return counted.get(row.id) or (row.occupied, row.on_leave, row.usable)

    return figures_of


def _cells(home: Home, figures: Sequence[int | None]) -> list[Any]:
    row = home.row
    standing = word("return_standing", home.standing) if home.standing else _("counted here")
    occupied, on_leave, usable = figures
    return [row.county_name, row.name, standing, row.last_day, row.licensed, usable,
            occupied, on_leave, row.filed_at, row.phone]  # fmt: skip
