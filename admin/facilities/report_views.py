"""日报 for whoever runs a home: one tap when nothing happened, a short form when something did."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

from flask import Blueprint, redirect, url_for
from sqlmodel import Session

from admin.facilities.return_forms import ReportForm, SiteArgs
from admin.facilities.return_reading import FILE, Home, choose_home, get_home, homes_of
from admin.formats import short_day
from admin.forms import asked, submitted
from admin.pages import page
from server import clock
from server.errors import DomainError
from server.facilities.returns.chasing import get_times
from server.facilities.returns.filing import correct_days
from server.facilities.returns.reports import Day, file_report, file_zero, find_report, prefill
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "reports", __name__, url_prefix="/facilities/reports", template_folder="templates"
)


@blueprint.get("")
@reads(FILE)
def show_report(*, session: Session) -> str:
    """Today's report of one's home, or the choice of a home."""
    homes = homes_of(session, FILE)
    home = choose_home(homes, asked(SiteArgs)["site"])
    if home is None:
        return page(session, "admin/facilities/report_choose.html", homes=homes)
    return _page(session, home, has_choice=len(homes) > 1)


@blueprint.post("/<int:site_id>/zero")
@submits(FILE)
def report_zero(*, site_id: int, session: Session) -> Any:
    """Say that nothing happened today; tapped twice it is said once."""
    home = get_home(session, FILE, site_id)
    try:
        file_zero(session, site_id)
    except DomainError as refusal:
        return _page(session, home, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for("reports.show_report", site=site_id), HTTPStatus.SEE_OTHER)


@blueprint.post("/<int:site_id>")
@submits(FILE, with_reason=True)
def report(*, site_id: int, session: Session) -> Any:
    """File how a day was, or correct it."""
    home = get_home(session, FILE, site_id)
    values, errors = submitted(ReportForm)
    if errors:
        return _page(session, home, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    day, reason = values.pop("day"), values.pop("reason")
    try:
        file_report(session, site_id, day, Day(**values), reason=reason)
    except DomainError as refusal:
        return _page(session, home, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for("reports.show_report", site=site_id), HTTPStatus.SEE_OTHER)


def _page(session: Session, home: Home, *, has_choice: bool = False, **facts: Any) -> str:
    today = clock.today()
    days = [today - timedelta(days=ago) for ago in range(correct_days(session) + 1)]
    return page(
        session,
        "admin/facilities/report.html",
        home=home,
        report=find_report(session, home.row.id, day=today),
        known=prefill(session, home.row.id, day=today),
        times=get_times(session, on=today),
        chosen_days=[(one.isoformat(), short_day(one)) for one in days],
        today=today,
        has_choice=has_choice,
        **{"errors": {}, "refusal": None} | facts,
    )
