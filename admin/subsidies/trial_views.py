"""Trials: the cases of a run by other figures, and both side by side."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, url_for
from sqlalchemy import Row
from sqlmodel import Session

from admin.exports import CSV, XLSX, export, in_yuan
from admin.forms import asked, submitted
from admin.pages import page
from admin.subsidies import reading
from admin.subsidies.forms import TrialForm, TurnFilters
from admin.subsidies.reading import RECKON, SEE, scope
from server import clock, masking
from server.i18n.catalogues import gettext as _
from server.subsidies.reckoning import service
from server.subsidies.reckoning.comparing import (
    MOST,
    Turn,
    compare,
    list_changed,
    require_alike,
)
from server.subsidies.reckoning.lines import programme_of_run
from server.web.access import noted, reads, submits
from server.web.blueprints import UnknownFilter

blueprint = Blueprint(
    "subsidy_trials", __name__, url_prefix="/subsidies/runs", template_folder="templates"
)


@blueprint.post("/<int:run_id>/trials")
@submits(RECKON)
def start(*, run_id: int, session: Session) -> Any:
    """Reckon the same cases by the figures that were typed."""
    run = service.get_run(session, run_id)
    reading.require_over(session, run.division_code)
    values, errors = submitted(TrialForm)
    if errors:
        raise UnknownFilter(name=", ".join(sorted(errors)))
    typed = list(zip(values["place"], values["value"], strict=True))
    changes = reading.changed(programme_of_run(session, run), typed)
    trial = service.start_trial(session, run_id, run.changes | changes)
    return redirect(url_for("subsidy_runs.show_run", run_id=trial.id), HTTPStatus.SEE_OTHER)


@blueprint.get("/<int:run_id>/beside/<int:other_id>")
@reads(SEE)
def show_comparison(*, run_id: int, other_id: int, session: Session) -> str:
    """Who gains, who loses, the total, site by site and case by case."""
    wanted, within = asked(TurnFilters), scope(session)
    row, other = (reading.find_run(session, one) for one in (run_id, other_id))
    trial = service.get_run(session, other_id)
    require_alike(service.get_run(session, run_id), trial)
    rows = list_changed(session, run_id, other_id, within, **wanted)
    return page(
        session,
        "admin/subsidies/comparison.html",
        row=row,
        other=other,
        changes=reading.changes_told(session, trial),
        compared=compare(session, run_id, other_id, within),
        rows=rows,
        turns=list(Turn),
        turn=wanted["turn"],
        following=rows[-1].number if len(rows) == MOST else None,
        reading=reading,
        as_of=clock.now(),
    )


@blueprint.get(f"/<int:run_id>/beside/<int:other_id>/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(SEE)
def export_changes(*, run_id: int, other_id: int, ending: str, session: Session) -> Response:
    """Every case that comes to something else, as a file."""
    wanted = asked(TurnFilters)
    for one in (run_id, other_id):
        reading.find_run(session, one)
    require_alike(service.get_run(session, run_id), service.get_run(session, other_id))
    rows = list_changed(session, run_id, other_id, scope(session), turn=wanted["turn"], most=None)
    headings = [_("Line"), _("About"), _("Site"), _("Month"), _("Before (yuan)"),
                _("After (yuan)"), _("More (yuan)")]  # fmt: skip
    return export(
        ending, f"{_('Comparison of runs')}-{run_id}-{other_id}", headings, map(_cells, rows)
    )


def _cells(row: Row[Any]) -> list[Any]:
    return [
        row.number, masking.name(row.person_name) if row.person_name else "", row.site_name,
        f"{row.month:%Y-%m}", in_yuan(row.before_fen), in_yuan(row.after_fen),
        in_yuan(row.more_fen),
    ]  # fmt: skip
