"""护理员配备 for whoever runs a home: who is needed, who is there, one tap for the same again."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, redirect, url_for
from sqlmodel import Session

from admin.facilities.return_forms import StaffingArgs, StaffingForm, WeekForm
from admin.facilities.staffing_reading import FILE, bases, choose_home, homes_of, needs_of
from admin.formats import short_day
from admin.forms import asked, submitted
from admin.pages import page
from server import clock
from server.errors import DomainError, NotFound
from server.facilities.staffing.filing import OnDuty, file_as_before, file_week
from server.facilities.staffing.queries import Home
from server.facilities.staffing.rules import A_WEEK, Shift, monday_of
from server.i18n.catalogues import gettext as _
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "staffing", __name__, url_prefix="/facilities/staffing", template_folder="templates"
)


@blueprint.get("")
@reads(FILE)
def show_staffing(*, session: Session) -> str:
    """This week at one's home, or the choice of a home."""
    homes = homes_of(session, FILE)
    home = choose_home(homes, asked(StaffingArgs)["site"])
    if home is None:
        return page(session, "admin/facilities/staffing_choose.html", homes=homes)
    return _page(session, home, has_choice=len(homes) > 1)


@blueprint.post("/<int:site_id>/as-before")
@submits(FILE)
def repeat(*, site_id: int, session: Session) -> Any:
    """Take the week before over; tapped twice it is taken over once."""
    home = _home(session, site_id)
    values, errors = submitted(WeekForm)
    if errors:
        return _page(session, home, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        file_as_before(session, site_id, values["week"])
    except DomainError as refusal:
        return _page(session, home, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for("staffing.show_staffing", site=site_id), HTTPStatus.SEE_OTHER)


@blueprint.post("/<int:site_id>")
@submits(FILE)
def file(*, site_id: int, session: Session) -> Any:
    """Tell how many caregivers are on duty in each shift of a week, or correct it."""
    home = _home(session, site_id)
    values, errors = submitted(StaffingForm)
    if errors:
        return _page(session, home, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    week = values.pop("week")
    try:
        file_week(session, site_id, week, OnDuty(**values))
    except DomainError as refusal:
        return _page(session, home, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for("staffing.show_staffing", site=site_id), HTTPStatus.SEE_OTHER)


def _home(session: Session, site_id: int, **when: Any) -> Home:
    home = choose_home(homes_of(session, FILE, **when), site_id)
    if home is None:
        raise NotFound()
    return home


def _page(session: Session, home: Home, *, has_choice: bool = False, **facts: Any) -> str:
    this = monday_of(clock.today())
    weeks = [(this, _("This week")), (this + A_WEEK, _("Next week"))]
    return page(
        session,
        "admin/facilities/staffing.html",
        home=home,
        ahead=_home(session, home.row.id, week=this + A_WEEK),
        needs=needs_of(session, home),
        bases=bases(session),
        shifts=list(Shift),
        this=this,
        next_week=this + A_WEEK,
        weeks=[(day.isoformat(), f"{name} ({short_day(day)})") for day, name in weeks],
        today=clock.today(),
        has_choice=has_choice,
        **{"errors": {}, "refusal": None} | facts,
    )
