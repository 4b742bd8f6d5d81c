"""The lines of a run, and one of them in sentences with its facts and its history."""

from typing import Any

from flask import Blueprint, Response
from sqlalchemy import Row
from sqlmodel import Session

from admin.exports import CSV, XLSX, export, in_yuan
from admin.forms import asked
from admin.pages import page
from admin.subsidies import reading
from admin.subsidies.evidence import records_of
from admin.subsidies.forms import LineFilters
from admin.subsidies.reading import SEE, scope
from admin.subsidies.subjects import subjects_in_words
from admin.words import word
from server import clock, masking
from server.i18n.catalogues import gettext as _
from server.policies.programmes.schema import Programme
from server.subsidies.models import Outcome, SubsidyRun
from server.subsidies.reckoning import service
from server.subsidies.reckoning.bands import BANDS
from server.subsidies.reckoning.errors import TooManyLines
from server.subsidies.reckoning.explaining import explain, facts_told
from server.subsidies.reckoning.lines import (
    MOST,
    MOST_EXPORTED,
    LineWanted,
    case_of,
    get_line,
    list_lines,
    list_others,
    programme_of_run,
)
from server.web.access import noted, reads

blueprint = Blueprint(
    "subsidy_lines", __name__, url_prefix="/subsidies/runs", template_folder="templates"
)


@blueprint.get("/<int:run_id>/lines")
@reads(SEE)
def list_all(*, run_id: int, session: Session) -> str:
    """The lines within reach, by number, a page at a time."""
    wanted = LineWanted(**asked(LineFilters))
    row, run = reading.find_run(session, run_id), service.get_run(session, run_id)
    rows = list_lines(session, run_id, scope(session), wanted)
    return page(
        session,
        "admin/subsidies/lines.html",
        row=row,
        rows=rows,
        wanted=wanted,
        following=rows[-1].number if len(rows) == MOST else None,
        programme=programme_of_run(session, run),
        outcomes=reading.pairs("reckoning_outcome", Outcome),
        bands=[(str(band), reading.band_words(band)) for band in BANDS],
        reading=reading,
        as_of=clock.now(),
    )


@blueprint.get(f"/<int:run_id>/lines/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(SEE)
def export_lines(*, run_id: int, ending: str, session: Session) -> Response:
    """The same as a file, the run's digest at its end; raises `TooManyLines`."""
    wanted = LineWanted(**asked(LineFilters))
    reading.find_run(session, run_id)
    run = service.get_run(session, run_id)
    rows = list_lines(session, run_id, scope(session), wanted, most=MOST_EXPORTED + 1)
    if len(rows) > MOST_EXPORTED:
        raise TooManyLines(most=f"{MOST_EXPORTED:,}")
    headings = [_("Line"), _("About"), _("Site"), _("Month"), _("Part"), _("Outcome"),
                _("Amount (yuan)"), _("Reasons")]  # fmt: skip
    programme = programme_of_run(session, run)
    cells = [_cells(programme, row) for row in rows]
    name = f"{_('Lines of a subsidy run')}-{run_id}"
    return export(ending, name, headings, [*cells, _sealed(run)])


@blueprint.get("/<int:run_id>/lines/<int:number>")
@reads(SEE)
def show_line(*, run_id: int, number: int, session: Session) -> str:
    """How it came about, in sentences with their clauses; what was known, what it rests on, and
    what else was paid."""
    line = get_line(session, run_id, number, scope(session))
    case = case_of(session, line)
    return page(
        session,
        "admin/subsidies/line.html",
        row=reading.find_run(session, run_id),
        line=line,
        subject=subjects_in_words(session, [line.subject])[line.subject],
        sentences=explain(case, with_facts=False),
        known=facts_told(case),
        others=list_others(session, line, scope(session)),
        records=records_of(session, run_id, number),
        reading=reading,
    )


def _cells(programme: Programme, row: Row[Any]) -> list[Any]:
    return [
        row.number, masking.name(row.person_name) if row.person_name else "", row.site_name,
        f"{row.month:%Y-%m}", row.part, word("reckoning_outcome", row.outcome),
        in_yuan(row.amount_fen), reading.told_reasons(programme, row.trace),
    ]  # fmt: skip


def _sealed(run: SubsidyRun) -> list[Any]:
    digest = bytes(run.lines_digest).hex() if run.lines_digest else ""
    return ["sha256", digest]
