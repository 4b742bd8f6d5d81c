"""Runs: which there are, a new one, how far it has come, and what it came to."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, url_for
from sqlalchemy import Row
from sqlmodel import Session

from admin.exports import CSV, XLSX, export, in_yuan
from admin.forms import asked, submitted
from admin.pages import page
from admin.subsidies import reading
from admin.subsidies.forms import DiscardForm, RunFilters, StartForm
from admin.subsidies.reading import RECKON, SEE, scope
from admin.subsidies.road import road_of
from admin.words import word
from server import clock
from server.db.sessions import actor_of
from server.errors import DomainError
from server.i18n.catalogues import gettext as _
from server.identity.roles import may
from server.subsidies.models import Outcome, RunKind, RunStage
from server.subsidies.reckoning import service
from server.subsidies.reckoning.explaining import reason_words
from server.subsidies.reckoning.lines import programme_of_run, sum_up
from server.subsidies.reckoning.months import month_after
from server.subsidies.reckoning.queries import (
    RunWanted,
    find_progress,
    list_runs,
    list_trials,
)
from server.web.access import noted, reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "subsidy_runs", __name__, url_prefix="/subsidies/runs", template_folder="templates"
)


@blueprint.get("")
@reads(SEE)
def list_all(*, session: Session) -> str:
    """Every run, the newest first, and the form for another."""
    return _list(session)


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(SEE)
def export_runs(*, ending: str, session: Session) -> Response:
    """The same as a file."""
    headings = [_("Number"), _("Programme"), _("Months"), _("Division"), _("Kind"), _("Stage"),
                _("Lines"), _("Refused"), _("Amount (yuan)"), _("Begun at"), _("Begun by"),
                _("Reckoned at"), "sha256"]  # fmt: skip
    rows = list_runs(session, RunWanted(**asked(RunFilters)), reading.runs(session))
    return export(ending, _("Subsidy runs"), headings, map(_cells, rows))


@blueprint.post("")
@submits(RECKON)
def start(*, session: Session) -> Any:
    """Begin a run; it is reckoned by itself, slice by slice."""
    values, errors = submitted(StartForm)
    if errors:
        return _list(session, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    reading.require_over(session, values["division"])
    wanted = service.Wanted(
        values["programme"], values["month"], values["months"], values["division"]
    )
    try:
        run = service.start_run(session, wanted)
    except DomainError as refusal:
        return _list(session, refusal=refusal, typed=values), STATUS[refusal.kind]
    return redirect(url_for(".show_run", run_id=run.id), HTTPStatus.SEE_OTHER)


@blueprint.get("/<int:run_id>")
@reads(SEE)
def show_run(*, run_id: int, session: Session) -> str:
    """How far it is; once it is reckoned, its sums by outcome, reason, band and site."""
    return _page(session, run_id)


@blueprint.get("/<int:run_id>/live")
@reads(SEE)
def show_live(*, run_id: int, session: Session) -> Any:
    """The part of the page that follows a run under way; at its end the page comes whole."""
    reading.find_run(session, run_id)
    progress = find_progress(session, run_id)
    if progress.is_unfinished:
        return page(session, "admin/subsidies/live.html", run_id=run_id, progress=progress)
    answer = Response("")
    answer.headers["HX-Refresh"] = "true"
    return answer


@blueprint.post("/<int:run_id>/discarding")
@submits(RECKON)
def discard(*, run_id: int, session: Session) -> Any:
    """Let it go, with the reason; its lines keep nobody away from then on."""
    reading.require_over(session, service.get_run(session, run_id).division_code)
    values, errors = submitted(DiscardForm)
    if errors:
        return _page(session, run_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        service.discard(session, run_id, words=values["words"])
    except DomainError as refusal:
        return _page(session, run_id, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for(".show_run", run_id=run_id), HTTPStatus.SEE_OTHER)


def _list(session: Session, **facts: Any) -> str:
    wanted = RunWanted(**asked(RunFilters))
    may_start = may(actor_of(session), RECKON)
    return page(
        session,
        "admin/subsidies/runs.html",
        rows=list_runs(session, wanted, reading.runs(session)),
        wanted=wanted,
        programmes=reading.programmes(session),
        stages=reading.pairs("reckoning_stage", RunStage),
        kinds=reading.pairs("reckoning_kind", RunKind),
        may_start=may_start,
        divisions=reading.divisions(session) if may_start else [],
        last_month=month_after(clock.today().replace(day=1), -1),
        reading=reading,
        as_of=clock.now(),
        **facts,
    )


def _page(session: Session, run_id: int, **facts: Any) -> str:
    row, run = reading.find_run(session, run_id), service.get_run(session, run_id)
    programme = programme_of_run(session, run)
    progress = find_progress(session, run_id)
    sums = None if progress.is_unfinished else sum_up(session, run_id, scope(session))
    reasons = sums.reasons if sums else []
    return page(
        session,
        "admin/subsidies/run.html",
        row=row,
        run=run,
        run_id=run_id,
        way=road_of(session, row),
        claimed=reading.claimed_for(session, row, programme),
        progress=progress,
        sums=sums,
        reasons=[(code, reason_words(programme, code), count) for code, count in reasons],
        outcomes=list(Outcome),
        trials=list_trials(session, run_id),
        figures=reading.figures_of(programme),
        changes=reading.changes_told(session, run),
        may_discard=reading.may_discard(session, run),
        may_try=reading.may_try(session, run),
        may_submit=reading.may_submit(session, run),
        may_follow=reading.may_follow(session, run),
        reading=reading,
        as_of=clock.now(),
        **facts,
    )


def _cells(row: Row[Any]) -> list[Any]:
    digest = bytes(row.lines_digest).hex() if row.lines_digest else ""
    return [
        row.id, reading.name_of(row), reading.months_of(row), row.division_name,
        word("reckoning_kind", row.kind), word("reckoning_stage", row.stage), row.lines,
        row.refused, in_yuan(row.total_fen), row.made_at, row.made_by_name or "", row.computed_at,
        digest,
    ]  # fmt: skip
