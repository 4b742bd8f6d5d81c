"""Renovations by stage, those due first; sums by group; and a new application at the window."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, url_for
from sqlalchemy import Row
from sqlmodel import Session

from admin.exports import CSV, XLSX, export, in_yuan
from admin.forms import asked, submitted
from admin.homecare.renovations.forms import ApplyForm, RenovationFilters, WhomFilters
from admin.pages import page
from admin.words import word
from server import clock
from server.db.sessions import actor_of
from server.errors import DomainError
from server.facilities.referrals.models import RequestedBy
from server.homecare.renovations import applying, queries
from server.homecare.renovations.states import RenovationState
from server.i18n.catalogues import gettext as _
from server.identity.roles import reach_of
from server.residents.assessments.queries import get_assessed_resident
from server.web.access import noted, reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "renovations", __name__, url_prefix="/renovations", template_folder="templates"
)

SEE, FILE = "homecare.see", "homecare.file"


@blueprint.get("")
@reads(SEE)
def list_renovations(*, session: Session) -> str:
    """What waits in each stage, how much of it is late, and what was paid to whom."""
    wanted = asked(RenovationFilters)
    return page(
        session,
        "admin/homecare/renovations.html",
        rows=_rows(session, wanted),
        counts=queries.count_renovations(session, today=clock.today()),
        sums=queries.list_sums(session),
        states=list(RenovationState),
        wanted=wanted,
        today=clock.today(),
        as_of=clock.now(),
    )


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(SEE)
def export_renovations(*, ending: str, session: Session) -> Response:
    """The same as a file."""
    headings = [_("The person"), _("Village or neighbourhood"), _("Contractor"), _("Stage"),
                _("In this stage since"), _("Due"), _("Group"), _("Cost, yuan"),
                _("The city pays, yuan"), _("The elder pays, yuan"), _("Settled on"),
                _("Number")]  # fmt: skip
    rows = _rows(session, asked(RenovationFilters))
    return export(ending, _("Renovations of homes"), headings, map(_cells, rows))


@blueprint.get("/new")
@reads(FILE)
def show_new(*, session: Session) -> str:
    """Somebody at the window asks for their home to be made safe."""
    return _new_page(session, asked(WhomFilters)["resident"])


@blueprint.post("")
@submits(FILE)
def apply(*, session: Session) -> Any:
    """File the application, and go to it."""
    values, errors = submitted(ApplyForm)
    if errors:
        return redirect(url_for("renovations.list_renovations"), HTTPStatus.SEE_OTHER)
    resident_id = values.pop("resident")
    try:
        made = applying.apply(
            session, resident_id=resident_id, requested_by=RequestedBy.STAFF, **values
        )
    except DomainError as refusal:
        return _new_page(session, resident_id, refusal=refusal), STATUS[refusal.kind]
    there = url_for("renovation.show_renovation", renovation_id=made.id)
    return redirect(there, HTTPStatus.SEE_OTHER)


def _rows(session: Session, wanted: dict[str, Any]) -> Any:
    late_on = clock.today() if wanted["late"] else None
    return queries.list_renovations(
        session, state=wanted["state"], tier=wanted["tier"], late_on=late_on
    )


def _cells(row: Row[Any]) -> list[Any]:
    return [
        row.resident_name or "", row.village_name or "", row.site_name or "",
        word("renovation_state", row.state), row.since, row.due_on,
        word("hardship_tier", row.tier) if row.tier else "",
        in_yuan(row.cost_fen), in_yuan(row.grant_fen), in_yuan(row.own_pay_fen),
        row.settled_on, row.id,
    ]  # fmt: skip


def _new_page(session: Session, resident_id: int, **facts: Any) -> str:
    prefixes = reach_of(actor_of(session), FILE).prefixes
    resident = get_assessed_resident(session, resident_id, prefixes=prefixes)
    return page(session, "admin/homecare/new_renovation.html", resident=resident, **facts)
