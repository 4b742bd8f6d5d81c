"""`yinling scheduler`: run what happens by itself, and see what ran."""

import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Event

import click
from rich.console import Console
from rich.table import Table
from sqlmodel import Session

from infra.wiring import wire
from scheduler import main
from scheduler.runs import Entry, run_slot
from scheduler.slots import latest_slot
from scheduler.timetable import TIMETABLE
from server import clock
from server.db.acts import Act, Face, acting
from server.db.sessions import transaction
from server.i18n.catalogues import gettext as _
from server.i18n.catalogues import pgettext
from server.settings import settings
from server.timetable.models import JobRun
from server.timetable.queries import list_latest_runs, list_runs
from server.timetable.states import Standing, list_states

WIDTH_OF_A_PIPE = 140


@click.group("scheduler")
def scheduler_group() -> None:
    """Deliver messages and keep the timetable: run it, list its jobs, see its runs."""


@scheduler_group.command("run")
@click.argument("job", required=False)
@click.option("--yes", is_flag=True, help="Do not ask.")
def run_scheduler(job: str | None, yes: bool) -> None:
    """Deliver messages and, while no other scheduler leads, run the timetable's jobs.

    Ends within a second of Ctrl-C. Several may run side by side, on one machine or on many.
    With the name of a JOB, only run that one now, here; what its latest slot has done already is
    not done twice.
    """
    present = settings()
    wire(present)
    if job is None:
        main.run(present)
    else:
        _run_now(_entry(job), present.city, is_sure=yes)


@scheduler_group.command("late")
def show_late() -> None:
    """Show the jobs that are late or failed at last; exit 1 where there are any."""
    now = clock.now()
    with _reading("timetable.list-late") as session:
        states = list_states(session, [entry.job for entry in TIMETABLE])
    table = _table("Job", "Slot", "Last success", "Result")
    for entry in (one for one in TIMETABLE if one.is_recorded):
        state = states[entry.job]
        standing = state.standing(latest_slot(entry.when, now), entry.late_after, now)
        if standing in (Standing.LATE, Standing.FAILED):
            result = state.error or _("late")
            table.add_row(entry.job, _local(state.slot), _local(state.succeeded_at), result)
    if not table.row_count:
        click.echo(_("No job is late, and none failed at last."))
        return
    _print(table)
    sys.exit(1)


@scheduler_group.command("list")
def list_jobs() -> None:
    """Show every job: when it runs, how its last run went, and why there is one."""
    with _reading("timetable.list-jobs") as session:
        latest = {run.job: run for run in list_latest_runs(session)}
    table = _table("Job", "When", "Next", "Last run", "Why")
    for entry in TIMETABLE:
        run = latest.get(entry.job)
        table.add_row(
            entry.job, _fields(entry), _local(_next(entry)), _last(entry, run), _(entry.why)
        )
    _print(table)


@scheduler_group.command("runs")
@click.option("--job", help="Only this job.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True)
def show_runs(job: str | None, limit: int) -> None:
    """Show the latest runs: slot, start, duration, how much was done, and what went wrong."""
    with _reading("timetable.list-runs") as session:
        runs = list_runs(session, job=job, limit=limit)
    table = _table("Slot", "Job", "Started", "Seconds", "Items", "Result")
    for run in runs:
        items = "" if run.items is None else str(run.items)
        table.add_row(
            _local(run.slot), run.job, _local(run.started_at), _seconds(run), items, _result(run)
        )
    _print(table)


def _entry(job: str) -> Entry:
    found = {entry.job: entry for entry in TIMETABLE}
    if job not in found:
        known = ", ".join(sorted(found))
        raise click.ClickException(
            _("There is no job {job}. There are: {known}", job=job, known=known)
        )
    return found[job]


def _run_now(entry: Entry, city: str, *, is_sure: bool) -> None:
    """Run the latest slot if nobody has; a slot that is done is done again under one of its own."""
    now = clock.now()
    with _reading("timetable.list-runs") as session:
        last = next(iter(list_runs(session, job=entry.job, limit=1)), None)
    slot = latest_slot(entry.when, now)
    is_done = (
        last is not None and last.ended_at is not None and slot is not None and last.slot >= slot
    )
    question = (
        _("{job} has run for its latest slot. Run it once more?", job=entry.job)
        if is_done
        else _("A scheduler that leads would run {job} itself. Run it here now?", job=entry.job)
    )
    if not is_sure and not click.confirm(question):
        click.echo(_("Nothing was run."))
        return
    run_slot(entry, now if is_done or slot is None else slot, city, Event())
    with _reading("timetable.list-runs") as session:
        done = next(iter(list_runs(session, job=entry.job, limit=1)), None)
    if done is not None:
        click.echo(f"{entry.job}  {_local(done.slot)}  {_result(done)}  {done.items or 0}")


@contextmanager
def _reading(action: str) -> Iterator[Session]:
    act = Act(Face.COMMAND, action, request_id=uuid.uuid4().hex, service=True)
    with acting(act), transaction(writes=False) as session:
        yield session


def _table(*titles: str) -> Table:
    table = Table()
    for title in titles:
        table.add_column(pgettext("scheduler", title), overflow="fold")
    return table


def _print(table: Table) -> None:
    width = None if sys.stdout.isatty() else WIDTH_OF_A_PIPE
    Console(file=sys.stdout, width=width, markup=False, highlight=False).print(table)


def _last(entry: Entry, run: JobRun | None) -> str:
    if not entry.is_recorded:
        return _("not recorded")
    return _("never") if run is None else f"{_local(run.slot)}  {_result(run)}"


def _fields(entry: Entry) -> str:
    return str(entry.when).removeprefix("cron[").removesuffix("]")


def _next(entry: Entry) -> datetime | None:
    following: datetime | None = entry.when.get_next_fire_time(None, clock.now())
    return following


def _local(instant: datetime | None) -> str:
    return "" if instant is None else f"{instant.astimezone(clock.CITY):%Y-%m-%d %H:%M:%S}"


def _seconds(run: JobRun) -> str:
    if run.ended_at is None:
        return ""
    return f"{(run.ended_at - run.started_at).total_seconds():.1f}"


def _result(run: JobRun) -> str:
    if run.ended_at is None:
        return _("running, or left to be taken up")
    done = run.error or _("done")
    return _("{done}, made up", done=done) if run.caught_up else done
