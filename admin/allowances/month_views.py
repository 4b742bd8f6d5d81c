"""The month of a home or a county: who is entitled to what, and why the others are not."""

from dataclasses import replace
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, url_for
from sqlalchemy import Row
from sqlmodel import Session

from admin.allowances import reading
from admin.allowances.forms import MonthFilters, ReckonForm
from admin.allowances.reading import RECKON, SEE, scope
from admin.exports import CSV, XLSX, export, in_yuan
from admin.forms import asked, submitted
from admin.pages import page
from admin.words import word
from server import clock
from server.caregivers.allowances import wording
from server.caregivers.allowances.models import Standing
from server.caregivers.allowances.queries import (
    Wanted,
    count_reasons,
    list_employers,
    list_month,
    sum_month,
)
from server.caregivers.allowances.reckoning import reckon_site
from server.caregivers.allowances.terms import Programme
from server.db.sessions import actor_of
from server.errors import NotFound
from server.i18n.catalogues import gettext as _
from server.identity.roles import may
from server.web.access import noted, reads, submits

blueprint = Blueprint(
    "allowances", __name__, url_prefix="/caregivers/allowances", template_folder="templates"
)


@blueprint.get("")
@reads(SEE)
def show_month(*, session: Session) -> str:
    """Sums with what they are of, the reasons by how many they hold back, and everybody."""
    wanted, within = _wanted(), scope(session)
    everybody = replace(wanted, state=None, reason=None)
    return page(
        session,
        "admin/allowances/month.html",
        rows=list_month(session, within, wanted),
        sums=sum_month(session, within, everybody),
        reasons=count_reasons(session, within, everybody),
        sites=[(str(one.id), one.name) for one in list_employers(session, within)],
        may_reckon=may(actor_of(session), RECKON),
        wanted=wanted,
        programmes=reading.pairs("allowance_programme", Programme),
        states=reading.pairs("allowance_standing", Standing),
        reading=reading,
        wording=wording,
        as_of=clock.now(),
    )


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(SEE)
def export_month(*, ending: str, session: Session) -> Response:
    """The same as a file."""
    wanted = _wanted()
    headings = [_("Caregiver"), _("Home"), _("Programme"), _("Period"), _("What it goes by"),
                _("State"), _("Amount (yuan)"), _("If everything held (yuan)"),
                _("Why not entitled"), _("Reckoned at")]  # fmt: skip
    rows = map(_cells, list_month(session, scope(session), wanted))
    return export(ending, f"{_('Allowances')}-{wanted.month:%Y-%m}", headings, rows)


@blueprint.post("/reckon")
@submits(RECKON)
def reckon(*, session: Session) -> Any:
    """Reckon a home anew, after something of its files was mended."""
    values, errors = submitted(ReckonForm)
    if errors:
        return redirect(url_for(".show_month"), HTTPStatus.SEE_OTHER)
    if values["site"] not in [one.id for one in list_employers(session, scope(session, RECKON))]:
        raise NotFound()
    reckon_site(session, values["site"])
    return redirect(url_for(".show_month", site=values["site"]), HTTPStatus.SEE_OTHER)


def _wanted() -> Wanted:
    filters = asked(MonthFilters)
    return Wanted(**filters | {"month": filters["month"] or reading.last_month()})


def _cells(row: Row[Any]) -> list[Any]:
    return [
        row.caregiver_name, row.site_name, word("allowance_programme", row.programme),
        wording.period_words(row.period, row.programme), wording.band_words(row.band),
        word("allowance_standing", row.state), in_yuan(row.amount_fen), in_yuan(row.standard_fen),
        reading.said(row), row.reckoned_at,
    ]  # fmt: skip
