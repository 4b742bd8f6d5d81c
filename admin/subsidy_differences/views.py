"""What waits to be put right: who, which month, what was and is due, and why; and doing so."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, url_for
from sqlalchemy import Row
from sqlmodel import Session

from admin.exports import CSV, XLSX, export, in_yuan
from admin.forms import asked, submitted
from admin.pages import page
from admin.subsidies import reading
from admin.subsidies.reading import RECKON, SEE, scope
from admin.subsidy_differences.forms import DifferenceFilters, NoForm
from admin.words import word
from server import clock, masking
from server.errors import DomainError
from server.i18n.catalogues import gettext as _
from server.policies.programmes.vocabulary import FACTS
from server.subsidies.differences import service
from server.subsidies.differences.models import DifferenceKind
from server.subsidies.differences.queries import (
    MOST,
    MOST_EXPORTED,
    Wanted,
    list_waiting,
    sum_by_run,
)
from server.subsidies.reckoning.cells import value_from
from server.subsidies.reckoning.errors import TooManyLines
from server.subsidies.reckoning.service import get_run
from server.subsidies.reckoning.wording import fact_name, value_words
from server.web.access import noted, reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "subsidy_differences", __name__, url_prefix="/subsidies/differences",
    template_folder="templates",
)  # fmt: skip


@blueprint.get("")
@reads(SEE)
def list_all(*, session: Session) -> str:
    """What the last looks found, run by run and case by case."""
    return _page(session, Wanted(**asked(DifferenceFilters)))


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(SEE)
def export_waiting(*, ending: str, session: Session) -> Response:
    """The same as a file, names masked; raises `TooManyLines`."""
    wanted = Wanted(**asked(DifferenceFilters))
    rows = list_waiting(session, wanted, scope(session), most=MOST_EXPORTED + 1)
    if len(rows) > MOST_EXPORTED:
        raise TooManyLines(most=f"{MOST_EXPORTED:,}")
    headings = [_("Run"), _("Line"), _("Programme"), _("About"), _("Site"), _("Month"),
                _("Before (yuan)"), _("Now (yuan)"), _("More (yuan)"), _("Why"),
                _("What changed"), _("Found at")]  # fmt: skip
    return export(ending, _("Differences of subsidies"), headings, map(_cells, rows))


@blueprint.post("/runs/<int:run_id>/look")
@submits(RECKON)
def look(*, run_id: int, session: Session) -> Any:
    """Hold the run against what registers and policies say now."""
    return _done(session, run_id, service.look, _here)


@blueprint.post("/runs/<int:run_id>/start")
@submits(RECKON)
def start(*, run_id: int, session: Session) -> Any:
    """Put right what is found now, in a difference run; it goes on as any run does."""
    return _done(session, run_id, service.start, _made)


def changes_of(row: Row[Any]) -> list[str]:
    """Return which facts were other ones: `当月在院天数 31 → 10`; of what is gone, none."""
    if row.kind is DifferenceKind.GONE:
        return []
    return [
        f"{fact_name(name)} {value_words(name, value_from(name, was))}"
        f" → {value_words(name, value_from(name, now))}"
        for name, (was, now) in sorted(row.trace.get("changed", {}).items())
        if name in FACTS
    ]


def _done(
    session: Session,
    run_id: int,
    do: Callable[[Session, int], Any],
    then: Callable[[int, Any], str],
) -> Any:
    reading.require_over(session, get_run(session, run_id).division_code)
    values, errors = submitted(NoForm)
    wanted = Wanted(run_id=run_id)
    if errors:
        return _page(session, wanted, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        done = do(session, run_id, **values)
    except DomainError as refusal:
        return _page(session, wanted, refusal=refusal), STATUS[refusal.kind]
    return redirect(then(run_id, done), HTTPStatus.SEE_OTHER)


def _here(run_id: int, _found: int) -> str:
    return url_for(".list_all", run=run_id)


def _made(_run_id: int, made: Any) -> str:
    return url_for("subsidy_runs.show_run", run_id=made.id)


def _page(session: Session, wanted: Wanted, **facts: Any) -> str:
    within = scope(session)
    rows = list_waiting(session, wanted, within)
    run = reading.find_run(session, wanted.run_id) if wanted.run_id else None
    return page(
        session,
        "admin/subsidy_differences/differences.html",
        rows=rows,
        runs=sum_by_run(session, wanted, within),
        wanted=wanted,
        run=run,
        may_look=run is not None and reading.may_put_right(session, run),
        following=rows[-1].id if len(rows) == MOST else None,
        programmes=reading.programmes(session),
        kinds=reading.pairs("difference_kind", DifferenceKind),
        changes_of=changes_of,
        reading=reading,
        as_of=clock.now(),
        **facts,
    )


def _cells(row: Row[Any]) -> list[Any]:
    return [
        row.of_run_id, row.of_number or "", reading.name_of(row),
        masking.name(row.person_name) if row.person_name else "", row.site_name,
        f"{row.month:%Y-%m}", in_yuan(row.before_fen), in_yuan(row.now_fen),
        in_yuan(row.now_fen - row.before_fen), word("difference_kind", row.kind),
        "；".join(changes_of(row)), row.found_at,
    ]  # fmt: skip
