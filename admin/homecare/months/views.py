"""月结: what a provider served, what is not proved yet, and the closing; providers side by side."""

from collections.abc import Sequence
from datetime import date, timedelta
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, url_for
from sqlalchemy import Row
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.forms import asked, submitted
from admin.homecare.forms import a_month
from admin.pages import page
from admin.words import word
from server import clock, masking
from server.db.sessions import actor_of
from server.errors import DomainError
from server.homecare.months import queries, service
from server.homecare.visits.wishes import count_complaints
from server.i18n.catalogues import gettext as _
from server.identity.roles import may, reach_of
from server.providers.queries import get_site, within
from server.residents.queries import find_resident_names
from server.web.access import reads, submits
from server.web.blueprints import StrictSchema
from server.web.problems import STATUS

blueprint = Blueprint(
    "home_months", __name__, url_prefix="/homecare/months", template_folder="templates"
)
SEE, CLOSE = "homecare.see-months", "homecare.close-month"


class MonthArgs(StrictSchema):
    """Of which month; the last one unless another is asked for."""

    month = a_month(load_default=None)


class CloseForm(StrictSchema):
    month = a_month(required=True)


@blueprint.get("")
@reads(SEE)
def show_providers(*, session: Session) -> str:
    """The providers in reach side by side, over a month."""
    month = _month()
    return page(
        session,
        "admin/homecare/months.html",
        providers=_providers(session, month),
        complaints=_complaints(session, month),
        month=month,
        as_of=clock.now(),
    )


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_providers(*, ending: str, session: Session) -> Response:
    """The same as a file."""
    month = _month()
    headings = [_("Provider"), _("Beds"), _("Beds with all that is owed"), _("Visits made"),
                _("Minutes"), _("Confirmed"), _("In doubt"), _("Rated"),
                _("Satisfied"), _("Complaints")]  # fmt: skip
    complaints = _complaints(session, month)
    rows = (
        [row.name, row.beds, row.met, row.visits, row.minutes, row.confirmed, row.doubted,
         row.rated, row.satisfied, complaints.get(row.id, 0)]
        for row in _providers(session, month)
    )  # fmt: skip
    return export(ending, _("Home care of {month}", month=f"{month:%Y-%m}"), headings, rows)


@blueprint.get("/<int:site_id>")
@reads(SEE)
def show_month(*, site_id: int, session: Session) -> str:
    """One provider's month: bed by bed, what is not proved first; or as it was frozen."""
    return _page(session, site_id, _month())


@blueprint.get(f"/<int:site_id>/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_month(*, site_id: int, ending: str, session: Session) -> Response:
    """The beds of the month as a file, people with stars."""
    month, site = _month(), _site(session, site_id, SEE)
    beds = _beds(session, site_id, month)
    names = _names(session, beds)
    headings = [_("Cared for"), _("Visits made"), _("Minutes"), _("Minutes of life care"),
                _("Nursing visits"), _("Confirmed"), _("Not proved"), _("In doubt"),
                _("What is missing")]  # fmt: skip
    rows = (
        [names.get(bed["resident_id"], ""), bed["visits"], bed["minutes"], bed["life_minutes"],
         bed["nursing_visits"], bed["confirmed"], bed["unproved"], bed["doubted"],
         "、".join(word("month_reason", reason) for reason in bed["reasons"])]
        for bed in beds
    )  # fmt: skip
    return export(ending, f"{site.name}-{month:%Y-%m}", headings, rows)


@blueprint.post("/<int:site_id>")
@submits(CLOSE)
def close(*, site_id: int, session: Session) -> Any:
    """Close the month: what was served is frozen, and nothing is filled in any more."""
    _site(session, site_id, CLOSE)
    values, errors = submitted(CloseForm)
    if errors:
        return _page(session, site_id, _month(), errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        service.close_month(session, site_id, values["month"])
    except DomainError as refusal:
        return _page(session, site_id, values["month"], refusal=refusal), STATUS[refusal.kind]
    there = url_for("home_months.show_month", site_id=site_id, month=f"{values['month']:%Y-%m}")
    return redirect(there, HTTPStatus.SEE_OTHER)


def _page(session: Session, site_id: int, month: date, **facts: Any) -> str:
    site = _site(session, site_id, SEE)
    beds = _beds(session, site_id, month)
    reach = reach_of(actor_of(session), CLOSE)
    return page(
        session,
        "admin/homecare/month.html",
        site=site,
        month=month,
        beds=beds,
        names=_names(session, beds),
        closed=queries.find_month(session, site_id, month),
        is_as_frozen=service.is_as_frozen(session, site_id, month),
        closes_from=service.closes_from(session, month),
        may_close=may(actor_of(session), CLOSE) and site_id in reach.site_ids,
        today=clock.today(),
        as_of=clock.now(),
        **facts,
    )


def _month() -> date:
    last = clock.today().replace(day=1) - timedelta(days=1)
    return asked(MonthArgs)["month"] or last.replace(day=1)


def _site(session: Session, site_id: int, permission: str) -> Row[Any]:
    reach = reach_of(actor_of(session), permission)
    return get_site(session, site_id, prefixes=reach.prefixes, site_ids=reach.site_ids)


def _providers(session: Session, month: date) -> Sequence[Row[Any]]:
    reach = reach_of(actor_of(session), SEE)
    return queries.list_providers(session, within(reach.prefixes, reach.site_ids), month)


def _complaints(session: Session, month: date) -> dict[int, int]:
    reach = reach_of(actor_of(session), SEE)
    return count_complaints(session, within(reach.prefixes, reach.site_ids), month)


def _beds(session: Session, site_id: int, month: date) -> service.Facts:
    if queries.find_month(session, site_id, month) is None:
        return service.preview(session, site_id, month)
    return [row._asdict() for row in queries.list_beds(session, site_id, month)]


def _names(session: Session, beds: service.Facts) -> dict[int, str]:
    found = find_resident_names(session, {bed["resident_id"] for bed in beds})
    return {number: masking.name(name) for number, name in found.items()}
