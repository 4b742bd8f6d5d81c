"""The roster of a week or a month, and who takes over when somebody is ill."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.forms import asked, submitted
from admin.homecare.forms import AbsenceForm, RosterFilters, Span
from admin.homecare.reading import KEEP, SEE, days_of, may_keep, own_sites, read_roster
from admin.pages import page
from admin.words import word
from server import clock
from server.errors import DomainError
from server.homecare.visits.making import list_unplaced
from server.homecare.visits.roster import list_workers, reassign
from server.i18n.catalogues import gettext as _
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "care_roster", __name__, url_prefix="/care/roster", template_folder="templates"
)


@blueprint.get("")
@reads(SEE)
def show_roster(*, session: Session) -> str:
    """Who is sent where, by worker and day."""
    return roster_page(session, asked(RosterFilters))


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_roster(*, ending: str, session: Session) -> Response:
    """The same as a file, a line a visit."""
    filters = asked(RosterFilters)
    headings = [_("Day"), _("Time"), _("Minutes"), _("Care worker"), _("The elder"), _("State")]
    rows = read_roster(session, days_of(**filters)).rows
    cells = (
        [row.service_on, f"{row.starts_at.astimezone(clock.CITY):%H:%M}", row.minutes,
         row.worker_name, row.resident_name, word("visit_state", row.state)]
        for row in rows
    )  # fmt: skip
    return export(ending, _("Roster"), headings, cells)


@blueprint.post("/absences")
@submits(KEEP)
def note_absence(*, session: Session) -> Any:
    """Somebody is ill: colleagues take over what they can, and what nobody can is told."""
    values, errors = submitted(AbsenceForm)
    shown = {"day": values.get("first_day"), "span": Span.WEEK}
    if errors:
        return roster_page(session, shown, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        done = [
            reassign(session, site_id, values["worker"], first=values["first_day"],
                     last=values["last_day"])
            for site_id in own_sites(session)
        ]  # fmt: skip
    except DomainError as refusal:
        return roster_page(session, shown, refusal=refusal), STATUS[refusal.kind]
    moved, left = (sum(len(getattr(one, part)) for one in done) for part in ("moved", "left"))
    return roster_page(session, shown, taken_over=moved, left_over=left)


def roster_page(session: Session, filters: dict[str, Any], **facts: Any) -> str:
    days = days_of(**filters)
    sites = own_sites(session)
    return page(
        session,
        "admin/homecare/roster.html",
        roster=read_roster(session, days),
        span=filters["span"].value,
        before=days[0] - timedelta(days=1),
        after=days[-1] + timedelta(days=1),
        unplaced=list_unplaced(session, sites) if sites else (),
        workers=[
            (row.worker_id, row.name)
            for row in list_workers(session, sites, on=days[0], until=days[-1])
        ],
        today=clock.today(),
        may_keep=may_keep(session),
        **facts,
    )
