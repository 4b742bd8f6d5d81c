"""Which homes have too few caregivers this week, for the offices over them."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.facilities.homes_table import by_county, county_choices, in_address, list_within
from admin.facilities.return_forms import StaffingFilters
from admin.facilities.staffing_reading import SEE, bases, homes_of
from admin.forms import asked
from admin.pages import page
from admin.words import word
from server import clock
from server.facilities.staffing.queries import Home
from server.facilities.staffing.rules import Care, Shift, Staffing, monday_of
from server.i18n.catalogues import gettext as _
from server.web.access import reads

blueprint = Blueprint(
    "staffing_overview",
    __name__,
    url_prefix="/facilities/staffing-overview",
    template_folder="templates",
)


@blueprint.get("")
@reads(SEE)
def show_overview(*, session: Session) -> str:
    """Homes by county with needed and present caregivers, those who lack most first."""
    filters = asked(StaffingFilters)
    homes = _homes(session, {**filters, "staffing": None})
    shown = [home for home in homes if filters["staffing"] in (None, home.staffing)]
    return page(
        session,
        "admin/facilities/staffing_overview.html",
        homes=homes,
        counties=by_county(shown),
        choices=county_choices(session, SEE),
        standings=[(one.value, word("staffing", one)) for one in Staffing],
        shifts=list(Shift),
        bases=bases(session),
        filters=filters,
        asked_for=in_address(filters),
        week=monday_of(clock.today()),
        as_of=clock.now(),
    )


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_overview(*, ending: str, session: Session) -> Response:
    """The filtered homes as a file."""
    shifts = [word("shift", shift) for shift in Shift]
    headings = [_("County"), _("Site"), _("How it stands"),
                *(word("care", care) for care in Care), _("Not assessed"),
                *(_("{shift}: needed", shift=one) for one in shifts),
                *(_("{shift}: on duty", shift=one) for one in shifts),
                _("Told at"), _("Telephone")]  # fmt: skip
    homes = _homes(session, asked(StaffingFilters))
    return export(ending, _("Caregivers on duty"), headings, (_cells(home) for home in homes))


def _homes(session: Session, filters: Mapping[str, Any]) -> Sequence[Home]:
    """By county, and within it whoever lacks most comes first."""
    within = list_within(session, SEE, homes_of, filters["division"])
    homes = [home for home in within if filters["staffing"] in (None, home.staffing)]
    return sorted(homes, key=lambda home: (home.row.county_code or "", -home.most_missing))


def _cells(home: Home) -> list[Any]:
    row, there = home.row, home.there or {}
    return [row.county_name, row.name, word("staffing", home.staffing),
            *(home.people[care] for care in Care), home.not_assessed,
            *(home.needed[shift] for shift in Shift), *(there.get(shift) for shift in Shift),
            row.filed_at, row.phone]  # fmt: skip
