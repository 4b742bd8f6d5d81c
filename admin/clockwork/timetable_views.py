"""定时任务: when what runs by itself, how it went, and what somebody wants run now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, url_for
from sqlmodel import Session

from admin.clockwork.forms import RunForm
from admin.exports import CSV, XLSX, export
from admin.forms import submitted
from admin.pages import page
from admin.words import word
from server import clock
from server.errors import DomainError
from server.i18n.catalogues import gettext as _
from server.timetable import queries
from server.timetable.errors import JobUnknown
from server.timetable.models import JobLine
from server.timetable.service import ask_for_run
from server.timetable.states import Standing, State, list_states
from server.web.access import reads, submits
from server.web.problems import STATUS

SEE, RUN = "timetable.see", "timetable.run"
SHOWN, IN_AN_EXPORT = 100, 10_000
# The scheduler that leads reads the timetable out each minute.
NOBODY_LEADS_AFTER = timedelta(minutes=5)
blueprint = Blueprint("timetable", __name__, url_prefix="/timetable", template_folder="templates")


@dataclass(frozen=True)
class Job:
    """A line of the timetable with how it stands."""

    line: JobLine
    state: State
    standing: Standing

    @property
    def bars(self) -> list[int]:
        """How long the last runs took, in hundredths of the longest; one at least is seen."""
        longest = max(self.state.seconds, default=0.0) or 1.0
        return [max(4, round(100 * one / longest)) for one in self.state.seconds]


@blueprint.get("")
@reads(SEE)
def list_jobs(*, session: Session) -> str:
    """Every job: when it comes next, how it went, how long it takes."""
    return page(session, "admin/clockwork/jobs.html", **_jobs(session))


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_jobs(*, ending: str, session: Session) -> Response:
    """The same as a file."""
    headings = [_("Job"), _("Why"), _("When"), _("Next"), _("State"), _("Last run"),
                _("Seconds"), _("Items"), _("Error")]  # fmt: skip
    cells = (
        [one.line.job, _(one.line.why), one.line.fields, one.line.next_at,
         word("job_standing", one.standing), one.state.slot, _seconds(one.state),
         one.state.items, one.state.error]
        for one in _jobs(session)["jobs"]
    )  # fmt: skip
    return export(ending, _("Timetable"), headings, cells)


@blueprint.get("/<job>")
@reads(SEE)
def show_job(*, job: str, session: Session) -> str:
    """One job with its runs, and the way to have it run now."""
    return _page(session, job)


@blueprint.get(f"/<job>/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_runs(*, job: str, ending: str, session: Session) -> Response:
    """The runs of one job as a file."""
    _line(session, job)
    headings = [_("Slot"), _("Started"), _("Ended"), _("Items"), _("Error"), _("Made up")]
    cells = (
        [run.slot, run.started_at, run.ended_at, run.items, run.error,
         _("yes") if run.caught_up else _("no")]
        for run in queries.list_runs(session, job=job, limit=IN_AN_EXPORT)
    )  # fmt: skip
    return export(ending, _("Runs of {job}", job=job), headings, cells)


@blueprint.post("/<job>/runs")
@submits(RUN)
def run_now(*, job: str, session: Session) -> Any:
    """Have the job run now, with a reason; the scheduler that leads does it within seconds."""
    values, errors = submitted(RunForm)
    if errors:
        return _page(session, job, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        ask_for_run(session, job, **values)
    except JobUnknown:
        raise
    except DomainError as refusal:
        return _page(session, job, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for("timetable.show_job", job=job), HTTPStatus.SEE_OTHER)


def _jobs(session: Session) -> dict[str, Any]:
    now = clock.now()
    lines = queries.list_lines(session)
    states = list_states(session, [line.job for line in lines])
    jobs = [_job(line, states[line.job], now) for line in lines]
    worst = list(Standing)
    return {
        "jobs": sorted(jobs, key=lambda one: (min(worst.index(one.standing), 2), one.line.job)),
        "counts": {one: sum(job.standing is one for job in jobs) for one in Standing},
        "told_at": max((line.told_at for line in lines), default=None),
        "nobody_leads": _nobody_leads(lines, now),
        "as_of": now,
    }


def _nobody_leads(lines: Sequence[JobLine], now: datetime) -> bool:
    return all(line.told_at < now - NOBODY_LEADS_AFTER for line in lines)


def _job(line: JobLine, state: State, now: datetime) -> Job:
    if not line.is_recorded:
        return Job(line, state, Standing.FINE)
    due = line.next_at if line.next_at is not None and line.next_at <= now else line.slot_at
    return Job(line, state, state.standing(due, timedelta(seconds=line.late_after_s), now))


def _line(session: Session, job: str) -> JobLine:
    line = queries.find_line(session, job)
    if line is None:
        raise JobUnknown(job=job)
    return line


def _seconds(state: State) -> float | None:
    return round(state.seconds[-1], 1) if state.seconds else None


def _page(session: Session, job: str, **facts: Any) -> str:
    line = _line(session, job)
    wishes = [one for one in queries.list_open_wishes(session) if one.job == job]
    return page(
        session,
        "admin/clockwork/job.html",
        job=_job(line, list_states(session, [job])[job], clock.now()),
        runs=queries.list_runs(session, job=job, limit=SHOWN),
        wish=wishes[0] if wishes else None,
        as_of=clock.now(),
        **facts,
    )
