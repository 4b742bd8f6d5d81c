"""How the canteens of a city or county are doing, down to the sittings of one."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from flask import Blueprint, Response
from sqlalchemy import Row
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.forms import asked
from admin.meals.forms import OverviewArgs, WeekArgs
from admin.meals.reading import FIGURES, SittingOfDay, phase_of, sums
from admin.pages import page
from admin.places import check_near, steps_to, widest
from admin.words import word
from server import clock
from server.db.sessions import actor_of
from server.errors import NotFound
from server.i18n.catalogues import gettext as _
from server.identity.roles import Reach, reach_of
from server.meals.queries.canteens import list_canteens_within
from server.meals.queries.overview import count_given_back, list_canteen_figures, week_of
from server.meals.queries.sittings import list_days_of_canteen
from server.web.access import reads

blueprint = Blueprint("meals_overview", __name__, url_prefix="/meals", template_folder="templates")

PERMISSION = "meals.see-overview"
OVERVIEW = "meals_overview.show_overview"
WEEK = timedelta(days=7)


@blueprint.get("/overview")
@reads(PERMISSION)
def show_overview(*, session: Session) -> str:
    """Every county and canteen of the reach, with links from each number to its rows."""
    reach = reach_of(actor_of(session), PERMISSION)
    division = asked(OverviewArgs)["division"]
    rows = _figures(session, reach, division)
    counties = [list(members) for __, members in groupby(rows, lambda row: row.county_code)]
    return page(
        session,
        "admin/meals/overview.html",
        counties=[(members[0], sums(members), members) for members in counties],
        total=sums(rows),
        figures=FIGURES,
        asked_for={"division": division} if division else {},
        steps=steps_to(session, division or widest(reach), reach, OVERVIEW),
        week=_first_and_last(clock.today()),
        as_of=clock.now(),
    )


@blueprint.get(f"/overview.<any({CSV}, {XLSX}):ending>")
@reads(PERMISSION)
def export_overview(*, ending: str, session: Session) -> Response:
    """The canteens of the overview as a file."""
    reach = reach_of(actor_of(session), PERMISSION)
    rows = _figures(session, reach, asked(OverviewArgs)["division"])
    headings = [_("County"), _("Canteen"), _("Booked today"), _("Collected today"),
                _("Capacity today"), _("Booked this week"), _("Collected this week"),
                _("Capacity this week")]  # fmt: skip
    cells = (
        [row.county_name, row.name, *(getattr(row, name) or 0 for name in FIGURES)] for row in rows
    )
    return export(ending, _("Meals overview"), headings, cells)


@blueprint.get("/canteens/<int:canteen_id>")
@reads(PERMISSION)
def show_canteen(*, canteen_id: int, session: Session) -> str:
    """The sittings of one canteen in a week: counts alone, no persons."""
    reach = reach_of(actor_of(session), PERMISSION)
    canteen = _canteen(session, reach, canteen_id)
    monday, end = week_of(asked(WeekArgs)["week"] or clock.today())
    rows = list_days_of_canteen(session, canteen_id, first_day=monday, end_day=end)
    now = clock.now()
    return page(
        session,
        "admin/meals/canteen.html",
        canteen=canteen,
        steps=steps_to(session, canteen.division_code[:6], reach, OVERVIEW),
        sittings=[SittingOfDay(row, phase_of(row, now=now)) for row in rows],
        given_back=count_given_back(session, canteen_id, first_day=monday, end_day=end),
        week=_first_and_last(monday),
        beside=(monday - WEEK, monday + WEEK),
        as_of=now,
    )


@blueprint.get(f"/canteens/<int:canteen_id>/week.<any({CSV}, {XLSX}):ending>")
@reads(PERMISSION)
def export_canteen(*, canteen_id: int, ending: str, session: Session) -> Response:
    """The same sittings as a file."""
    canteen = _canteen(session, reach_of(actor_of(session), PERMISSION), canteen_id)
    monday, end = week_of(asked(WeekArgs)["week"] or clock.today())
    now = clock.now()
    headings = [_("Day"), _("Meal"), _("State"), _("Booked"), _("Collected"), _("Places left"),
                _("Capacity")]  # fmt: skip
    cells = (
        [row.service_on, word("meal", row.meal), word("phase", phase_of(row, now=now)),
         row.booked, row.collected, row.places_left, row.capacity]
        for row in list_days_of_canteen(session, canteen_id, first_day=monday, end_day=end)
    )  # fmt: skip
    return export(ending, f"{canteen.name}-{monday}", headings, cells)


def _figures(session: Session, reach: Reach, division: str | None) -> Sequence[Row[Any]]:
    check_near(reach.prefixes, division)
    return list_canteen_figures(
        session,
        prefixes=reach.prefixes,
        site_ids=reach.site_ids,
        today=clock.today(),
        division=division,
    )


def _first_and_last(day: date) -> tuple[date, date]:
    monday, next_monday = week_of(day)
    return monday, next_monday - timedelta(days=1)


def _canteen(session: Session, reach: Reach, canteen_id: int) -> Row[Any]:
    canteens = list_canteens_within(session, prefixes=reach.prefixes, site_ids=reach.site_ids)
    for canteen in canteens:
        if canteen.id == canteen_id:
            return canteen
    raise NotFound()
