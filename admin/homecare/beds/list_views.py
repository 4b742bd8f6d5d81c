"""Applications and beds by stage, those due first; and a new application at the window."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, url_for
from sqlalchemy import Row
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.forms import asked, submitted
from admin.homecare.beds.forms import ApplyForm, BedFilters, WhomFilters
from admin.pages import page
from admin.words import word
from server import clock
from server.db.sessions import actor_of
from server.errors import DomainError
from server.facilities.referrals.models import RequestedBy
from server.homecare.beds import applying, queries
from server.homecare.models import HomeBedState
from server.i18n.catalogues import gettext as _
from server.identity.roles import reach_of
from server.residents.assessments.queries import get_assessed_resident
from server.web.access import noted, reads, shows_the_door, submits
from server.web.problems import STATUS

blueprint = Blueprint("home_beds", __name__, url_prefix="/home-beds", template_folder="templates")

SEE, FILE = "homecare.see", "homecare.file"


@blueprint.get("")
@reads(SEE)
def list_beds(*, session: Session) -> str:
    """What waits in each stage, and how much of it is late."""
    wanted = asked(BedFilters)
    return page(
        session,
        "admin/homecare/beds.html",
        rows=_rows(session, wanted),
        counts=queries.count_beds(session, today=clock.today()),
        states=list(HomeBedState),
        wanted=wanted,
        today=clock.today(),
        as_of=clock.now(),
    )


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(SEE)
def export_beds(*, ending: str, session: Session) -> Response:
    """The same as a file."""
    headings = [_("The person"), _("Village or neighbourhood"), _("Provider"), _("Stage"),
                _("In this stage since"), _("Due"), _("Number")]  # fmt: skip
    return export(
        ending, _("Beds at home"), headings, map(_cells, _rows(session, asked(BedFilters)))
    )


@blueprint.get("/new")
@reads(FILE)
def show_new(*, session: Session) -> str:
    """Somebody at the window asks for a bed at home."""
    return _new_page(session, asked(WhomFilters)["resident"])


@blueprint.post("")
@submits(FILE)
def apply(*, session: Session) -> Any:
    """File the application, and go to it."""
    values, errors = submitted(ApplyForm)
    if errors:
        return redirect(url_for("home_beds.list_beds"), HTTPStatus.SEE_OTHER)
    resident_id, wishes = values["resident"], values["wishes"]
    try:
        bed = applying.apply(
            session, resident_id=resident_id, wishes=wishes, requested_by=RequestedBy.STAFF
        )
    except DomainError as refusal:
        return _new_page(session, resident_id, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for("home_bed.show_bed", home_bed_id=bed.id), HTTPStatus.SEE_OTHER)


@blueprint.get("/notice")
@shows_the_door
def show_notice(*, session: Session) -> str:
    """公示: for everybody to read and to print, masked."""
    return page(
        session,
        "admin/homecare/notice.html",
        rows=queries.list_published(session, on=clock.today()),
        today=clock.today(),
    )


def _rows(session: Session, wanted: dict[str, Any]) -> Any:
    late_on = clock.today() if wanted["late"] else None
    return queries.list_beds(
        session,
        state=wanted["state"],
        late_on=late_on,
        place=wanted["place"],
        on_the_way=wanted["on_the_way"],
    )


def _cells(row: Row[Any]) -> list[Any]:
    state = word("home_bed_state", row.state)
    village = row.village_name or ""
    return [row.resident_name or "", village, row.site_name or "", state,
            row.since, row.due_on, row.id]  # fmt: skip


def _new_page(session: Session, resident_id: int, **facts: Any) -> str:
    prefixes = reach_of(actor_of(session), FILE).prefixes
    resident = get_assessed_resident(session, resident_id, prefixes=prefixes)
    return page(session, "admin/homecare/new_bed.html", resident=resident, **facts)
