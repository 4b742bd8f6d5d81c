"""Every record that a line rests on: nights, visits, meals with their collection, days at work."""

from flask import Blueprint, Response
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.forms import asked
from admin.pages import page
from admin.subsidies.evidence import MOST_EXPORTED, records_of
from admin.subsidies.forms import EvidenceFilters
from admin.subsidies.reading import SEE, scope
from server import clock
from server.i18n.catalogues import gettext as _
from server.subsidies.facts.evidence import A_PAGE
from server.subsidies.reckoning.errors import TooManyLines
from server.subsidies.reckoning.lines import get_line
from server.web.access import noted, reads

blueprint = Blueprint(
    "subsidy_evidence", __name__, url_prefix="/subsidies/runs", template_folder="templates"
)


@blueprint.get("/<int:run_id>/lines/<int:number>/records")
@reads(SEE)
def list_records(*, run_id: int, number: int, session: Session) -> str:
    """The earliest day first, a page at a time."""
    after = asked(EvidenceFilters)["after"]
    line = get_line(session, run_id, number, scope(session))
    records = records_of(session, run_id, number, offset=after)
    is_last = after + len(records.rows) >= records.total
    return page(
        session,
        "admin/subsidies/evidence.html",
        line=line,
        records=records,
        following=None if is_last else after + A_PAGE,
        as_of=clock.now(),
    )


@blueprint.get(f"/<int:run_id>/lines/<int:number>/records/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(SEE)
def export_records(*, run_id: int, number: int, ending: str, session: Session) -> Response:
    """All of them as a file; raises `TooManyLines`."""
    asked(EvidenceFilters)
    get_line(session, run_id, number, scope(session))
    found = records_of(session, run_id, number, limit=MOST_EXPORTED)
    if found.total > MOST_EXPORTED:
        raise TooManyLines(most=f"{MOST_EXPORTED:,}")
    headings = [_("Day"), _("Record"), _("What it says")]
    cells = ([one.on_day, one.kind, one.told] for one in found.rows)
    return export(ending, f"{_('What it rests on')}-{run_id}-{number}", headings, cells)
