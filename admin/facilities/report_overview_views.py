"""The daily reports of the homes below an office: what happened, and who is silent."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, Response
from sqlalchemy import Row
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.facilities.return_forms import ReportFilters
from admin.facilities.return_reading import SEE
from admin.forms import asked
from admin.pages import page
from admin.places import check_near
from server import clock
from server.db.sessions import actor_of
from server.facilities.returns.chasing import get_times
from server.facilities.returns.queries import Scope
from server.facilities.returns.reports import list_reports
from server.i18n.catalogues import gettext as _
from server.identity.roles import reach_of
from server.places.queries import list_counties
from server.web.access import reads

blueprint = Blueprint(
    "reports_overview",
    __name__,
    url_prefix="/facilities/reports-overview",
    template_folder="templates",
)

FIGURES = ("occupants", "came_in", "went_out", "fever", "ill")


@blueprint.get("")
@reads(SEE)
def show_overview(*, session: Session) -> str:
    """Every home with its report of a day, those that are silent too."""
    filters = asked(ReportFilters)
    day = filters["day"] or clock.today()
    rows = _rows(session, {**filters, "missing": False}, day)
    reach = reach_of(actor_of(session), SEE)
    return page(
        session,
        "admin/facilities/reports_overview.html",
        rows=[row for row in rows if row.day is None] if filters["missing"] else rows,
        sums={name: sum(getattr(row, name) or 0 for row in rows) for name in FIGURES},
        reported=sum(row.day is not None for row in rows),
        homes=len(rows),
        day=day,
        is_late=clock.now() > get_times(session, on=day).late_from(day),
        choices=[(one.code, one.name) for one in list_counties(session, prefixes=reach.prefixes)],
        filters=filters,
        asked_for=_in_address(filters),
        as_of=clock.now(),
    )


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_reports(*, ending: str, session: Session) -> Response:
    """The filtered reports as a file."""
    filters = asked(ReportFilters)
    rows = _rows(session, filters, filters["day"] or clock.today())
    headings = [_("County"), _("Site"), _("Day"), _("Occupants"), _("Came in"), _("Left"),
                _("Fever"), _("Otherwise ill"), _("Hazards"), _("Supplies"),
                _("Filed at")]  # fmt: skip
    cells = (
        [row.county_name, row.name, row.day, *(getattr(row, name) for name in FIGURES),
         row.hazards, row.supplies, row.filed_at]
        for row in rows
    )  # fmt: skip
    return export(ending, _("Daily reports"), headings, cells)


def _rows(session: Session, filters: Mapping[str, Any], day: date) -> Sequence[Row[Any]]:
    reach = reach_of(actor_of(session), SEE)
    check_near(reach.prefixes, filters["division"])
    rows = list_reports(session, Scope(reach.prefixes, reach.site_ids), day=day)
    county = (filters["division"] or "")[:6]
    return [
        row
        for row in rows
        if (row.county_code or "").startswith(county)
        and not (filters["missing"] and row.day is not None)
    ]


def _in_address(filters: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in filters.items() if value}
