"""`yinling subsidies`: reckon a run of a programme, go on with it, and say what it came to."""

import time
from datetime import datetime
from typing import Any

import click
from sqlalchemy import Row, true
from sqlmodel import Session

from server import masking
from server.db.sessions import transaction
from server.errors import NotFound
from server.i18n.catalogues import current_language, pgettext
from server.i18n.catalogues import gettext as _
from server.i18n.money import in_yuan
from server.subsidies.checks.service import check_once
from server.subsidies.differences import queries as waiting
from server.subsidies.differences import service as correcting
from server.subsidies.reckoning import comparing, explaining, lines, queries, service
from server.subsidies.reckoning.queries import RunWanted

MONTH = click.DateTime(formats=["%Y-%m"])
WAITED_S = 1.0


@click.group("subsidies")
def subsidies_group() -> None:
    """Runs of subsidies: reckoned from frozen facts, slice by slice."""


@subsidies_group.command("run")
@click.argument("programme")
@click.option("--month", type=MONTH, required=True, help="The first month, which is over.")
@click.option("--months", type=click.IntRange(1, 12), default=1, show_default=True)
@click.option("--division", required=True, help="The division, as its code.")
def run(programme: str, month: datetime, months: int, division: str) -> None:
    """Freeze the facts of a programme and reckon them.

    Stopped in the middle, even killed, it is gone on with by `resume`, or by the timetable.
    """
    wanted = service.Wanted(programme, month.date(), months, division)
    with transaction() as session:
        run_id = service.start_run(session, wanted).id
    assert run_id is not None, "a run that was written has its number"
    _reckon(run_id)


@subsidies_group.command("resume")
@click.argument("run", type=int, required=False)
def resume(run: int | None) -> None:
    """Go on with a run that was stopped, or with all of them."""
    with transaction(writes=False) as session:
        unfinished = [run] if run is not None else queries.list_unfinished(session)
    for run_id in unfinished:
        _reckon(run_id)
    if not unfinished:
        click.echo(_("No run waits to be gone on with."))


@subsidies_group.command("list")
@click.option("--programme", help="One programme alone.  [default: all]")
@click.option("--month", type=MONTH, help="Runs over one month.  [default: all]")
def list_runs(programme: str | None, month: datetime | None) -> None:
    """Print runs: number, programme, months, division, stage, lines, refused, and yuan."""
    wanted = RunWanted(programme=programme, month=month.date() if month else None)
    with transaction(writes=False) as session:
        rows = queries.list_runs(session, wanted)
    for row in rows:
        click.echo(_line(row))
    click.echo(_("{number} runs.", number=len(rows)))


@subsidies_group.command("show")
@click.argument("run", type=int)
def show(run: int) -> None:
    """Print one run with its digests and how far it has come."""
    with transaction(writes=False) as session:
        row, progress = _found(session, run), queries.find_progress(session, run)
    click.echo(_line(row))
    if progress.is_unfinished:
        click.echo(_("{done} of {all} lines.", done=f"{progress.done:,}", all=f"{row.facts:,}"))
    for name in ("facts_digest", "lines_digest"):
        if row._mapping[name] is not None:
            click.echo(f"{name}  {bytes(row._mapping[name]).hex()}")


@subsidies_group.command("explain")
@click.argument("run", type=int)
@click.argument("line", type=int)
def explain(run: int, line: int) -> None:
    """Say in sentences how a line came about: facts, rows, clauses, caps, or the reasons."""
    with transaction(writes=False) as session:
        row = _line_found(session, run, line)
        told = explaining.explain(lines.case_of(session, row))
    outcome = pgettext("reckoning_outcome", row.outcome.value)
    amount = _("{amount} yuan", amount=in_yuan(row.amount_fen))
    whose = masking.name(row.person_name) if row.person_name else row.site_name
    click.echo(f"{whose}  {row.site_name}  {row.month:%Y-%m}  {outcome}  {amount}")
    for sentence in told:
        click.echo(f"  {sentence.whole}")


@subsidies_group.command("trial")
@click.argument("run", type=int)
@click.option(
    "--set",
    "changes",
    multiple=True,
    metavar="PLACE=NUMBER",
    help="A changed figure, for instance amounts.by_ability.1.fen=35000.",
)
@click.option("--version", type=int, help="Another version.  [default: that of the run]")
def trial(run: int, changes: tuple[str, ...], version: int | None) -> None:
    """Reckon the cases of a run by other figures, and say who gains and who loses."""
    read = dict(_change(one) for one in changes)
    with transaction() as session:
        run_id = service.start_trial(session, run, read, version_id=version).id
    assert run_id is not None, "a run that was written has its number"
    _reckon(run_id)
    with transaction(writes=False) as session:
        compared = comparing.compare(session, run, run_id, true())
    for turn, change in compared.turns.items():
        told = pgettext("line_turn", turn.value)
        click.echo(f"{told}  {change.cases:>9,}  {in_yuan(change.more_fen):>16}")
    whole = compared.whole
    click.echo(f"{in_yuan(whole.before_fen)} → {in_yuan(whole.after_fen)}")


@subsidies_group.command("discard")
@click.argument("run", type=int)
@click.option("--reason", required=True, help="Why, in words that stay with the run.")
def discard(run: int, reason: str) -> None:
    """Let a run go that is not in payment; its lines keep nobody away any more."""
    with transaction() as session:
        service.discard(session, run, words=reason)
    click.echo(_("The run was discarded."))


@subsidies_group.command("differences")
@click.argument("run", type=int, required=False)
@click.option("--look", "looks", is_flag=True, help="Look anew first, at this run or at all.")
@click.option("--start", "starts", is_flag=True, help="Begin the difference run of this run.")
def differences(run: int | None, looks: bool, starts: bool) -> None:
    """Print what is to be put right, run by run; look anew, or put one run right.

    Runs of the last three years are looked at every night. Columns: run, programme, first month,
    cases, yuan to be paid, yuan to be given back.
    """
    if starts:
        _put_right(run)
        return
    if looks:
        _look(run)
    with transaction(writes=False) as session:
        rows = waiting.sum_by_run(session, waiting.Wanted(run_id=run))
    for row in rows:
        name = row.name_zh if current_language() == "zh-CN" else row.name_en
        sums = f"{in_yuan(row.arrears_fen):>14}  {in_yuan(row.back_fen):>14}"
        click.echo(f"{row.id:>6}  {name}  {row.first_month:%Y-%m}  {row.cases:>9,}  {sums}")
    click.echo(_("{number} cases are to be put right.", number=sum(row.cases for row in rows)))


def _look(run: int | None) -> None:
    with transaction(writes=False) as session:
        asked = [run] if run is not None else correcting.list_runs_to_look_at(session)
    for run_id in asked:
        with transaction() as session:
            correcting.look(session, run_id)


def _put_right(run: int | None) -> None:
    if run is None:
        raise click.BadParameter(_("Name the run that is to be put right."))
    with transaction() as session:
        made = correcting.start(session, run).id
    with transaction(writes=False) as session:
        click.echo(_line(queries.find_run(session, made or 0)))


def _change(one: str) -> tuple[str, int]:
    place, equals, value = one.partition("=")
    if not equals or not value.isdecimal():
        raise click.BadParameter(_("Name a place and a number, such as caps.month.fen=25000."))
    return place, int(value)


def _line_found(session: Session, run_id: int, number: int) -> Row[Any]:
    try:
        return lines.get_line(session, run_id, number, true())
    except NotFound as error:
        raise click.BadParameter(_("There is no such line.")) from error


def _reckon(run_id: int) -> None:
    """Do step after step, until the run is computed, by this process or by others."""
    began, before = time.monotonic(), _progress(run_id).done
    with click.progressbar(length=1, label=str(run_id)) as bar:
        while (progress := _progress(run_id)).is_unfinished:
            bar.length = max(1, progress.facts)
            bar.update(progress.done - bar.pos)
            with transaction() as session:
                has_more = service.go_on(session, run_id)
            if not has_more and _progress(run_id).is_unfinished:
                time.sleep(WAITED_S)  # Another process has the run just now.
    with transaction() as session:
        check_once(session, run_id)
    _tell_done(run_id, before, time.monotonic() - began)


def _tell_done(run_id: int, before: int, took_s: float) -> None:
    with transaction(writes=False) as session:
        row = queries.find_run(session, run_id)
    click.echo(_line(row))
    lines = row.lines - before
    if lines > 0 and took_s > 0:
        speed = f"{lines / took_s:,.0f}"
        click.echo(_("{number} lines, {speed} a second.", number=f"{lines:,}", speed=speed))


def _progress(run_id: int) -> queries.Progress:
    with transaction(writes=False) as session:
        try:
            return queries.find_progress(session, run_id)
        except NotFound as error:
            raise click.BadParameter(_("There is no such run.")) from error


def _found(session: Session, run_id: int) -> Row[Any]:
    try:
        return queries.find_run(session, run_id)
    except NotFound as error:
        raise click.BadParameter(_("There is no such run.")) from error


def _line(row: Row[Any]) -> str:
    name = row.name_zh if current_language() == "zh-CN" else row.name_en
    stage = pgettext("reckoning_stage", row.stage.value)
    months = f"{row.first_month:%Y-%m}+{row.months - 1}" if row.months > 1 else ""
    return (
        f"{row.id:>6}  {name}  {months or f'{row.first_month:%Y-%m}'}  {row.division_code}  {stage}"
        f"  {row.lines:>9,}  {row.refused:>8,}  {in_yuan(row.total_fen):>16}"
    )
