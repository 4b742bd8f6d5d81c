"""Runs before those who approve them: submitted, signed, followed to the last slice."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import Blueprint, Response, redirect, url_for
from sqlalchemy import Row
from sqlmodel import Session

from admin.exports import CSV, XLSX, export, in_yuan
from admin.forms import asked
from admin.pages import page
from admin.subsidies.road import road_of
from admin.subsidy_claims import reading
from admin.subsidy_claims.forms import RunFilters, SignForm, WordsForm
from admin.subsidy_claims.reading import PUBLISH, RECKON, REVIEW, SEE_MONEY, prefixes_of
from admin.subsidy_money.forms import in_fen
from admin.subsidy_money.reading import NoForm, pairs, step
from admin.words import word
from server import clock
from server.db.sessions import actor_of, reaching_everywhere
from server.errors import NotFound
from server.i18n.catalogues import gettext as _
from server.identity.roles import may
from server.subsidies.approvals import queries, reviewing
from server.subsidies.approvals.errors import RunIsNotSo
from server.subsidies.approvals.models import ReviewState
from server.subsidies.approvals.queries import REVIEWED, Wanted
from server.subsidies.models import RunStage
from server.subsidies.notices.listing import find_standing
from server.web.access import noted, reads, submits

blueprint = Blueprint(
    "subsidy_approvals", __name__, url_prefix="/subsidies/approvals", template_folder="templates"
)


@blueprint.get("")
@reads(SEE_MONEY)
def list_all(*, session: Session) -> str:
    """Runs that are reckoned; those that wait for a word come first."""
    wanted, prefixes = Wanted(**asked(RunFilters)), prefixes_of(session)
    return page(
        session,
        "admin/subsidy_claims/approvals.html",
        rows=queries.list_runs(session, prefixes, wanted),
        wanted=wanted,
        programmes=reading.programmes(queries.list_programmes(session, prefixes)),
        stages=pairs("reckoning_stage", REVIEWED),
        may_sign=lambda row: reading.may_sign(session, row),
        reading=reading,
        as_of=clock.now(),
    )


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(SEE_MONEY)
def export_runs(*, ending: str, session: Session) -> Response:
    """The same as a file."""
    headings = [_("Run"), _("Programme"), _("Months"), _("Division"), _("Kind"), _("Stage"),
                _("Waits for"), _("Lines"), _("Refused"), _("Amount (yuan)"),
                _("Submitted at")]  # fmt: skip
    rows = queries.list_runs(session, prefixes_of(session), Wanted(**asked(RunFilters)))
    return export(ending, _("Approval of runs"), headings, map(_cells, rows))


@blueprint.get("/<int:run_id>")
@reads(SEE_MONEY)
def show_run(*, run_id: int, session: Session) -> str:
    """What it comes to by amount and by site, what is held out, and who said what."""
    return run_page(session, run_id)


@blueprint.get("/<int:run_id>/live")
@reads(SEE_MONEY)
def show_live(*, run_id: int, session: Session) -> Any:
    """How far the approval has come; at its end the page comes whole."""
    row = queries.get_run(session, run_id, prefixes_of(session))
    if row.review_state == ReviewState.APPROVING:
        progress = queries.find_progress(session, row.review_id)
        return page(session, "admin/subsidy_claims/approving.html", row=row, progress=progress)
    answer = Response("")
    answer.headers["HX-Refresh"] = "true"
    return answer


@blueprint.post("/<int:run_id>/submission")
@submits(RECKON)
def submit(*, run_id: int, session: Session) -> Any:
    """Put a reckoned run before those who approve it."""
    row = queries.get_run(session, run_id, prefixes_of(session))
    if not reading.is_over(session, RECKON, row.division_code):
        raise NotFound()
    return _step(session, run_id, NoForm, lambda: reviewing.submit_run(session, run_id))


@blueprint.post("/<int:run_id>/signature")
@submits(REVIEW)
def sign(*, run_id: int, session: Session) -> Any:
    """Yes, with the control total; the last office's yes approves it slice by slice."""

    def do(amount: Any) -> object:
        review_id = _review_id(session, run_id)
        return reviewing.sign_run(session, review_id, control_fen=in_fen(amount))

    return _step(session, run_id, SignForm, do)


@blueprint.post("/<int:run_id>/return")
@submits(REVIEW)
def give_back(*, run_id: int, session: Session) -> Any:
    """Back to its maker, with the reason."""
    return _step(
        session,
        run_id,
        WordsForm,
        lambda words: reviewing.give_run_back(session, _review_id(session, run_id), words=words),
    )


def _review_id(session: Session, run_id: int) -> int:
    row = queries.get_run(session, run_id, prefixes_of(session, REVIEW))
    if row.review_id is None:
        raise RunIsNotSo(stage=row.stage.value)
    return int(row.review_id)


def _step(session: Session, run_id: int, form: type[ma.Schema], do: Callable[..., object]) -> Any:
    queries.get_run(session, run_id, prefixes_of(session))
    return step(form, do, lambda **facts: run_page(session, run_id, **facts), there(run_id))


def there(run_id: int) -> str:
    """Return the address of a run's page."""
    return url_for("subsidy_approvals.show_run", run_id=run_id)


def back_to(run_id: int) -> Any:
    """Go back to a run's page."""
    return redirect(there(run_id), HTTPStatus.SEE_OTHER)


def run_page(session: Session, run_id: int, **facts: Any) -> str:
    """Return the page of a run with what was refused, if anything was."""
    row = queries.get_run(session, run_id, prefixes_of(session))
    # The run is within reach; whoever signed it, or held a line out, may be of another office.
    with reaching_everywhere(session):
        held, steps = queries.list_held(session, run_id), queries.list_steps(session, run_id)
    actor = actor_of(session)
    is_approving = row.review_state == ReviewState.APPROVING
    is_approved = row.stage == RunStage.APPROVED
    return page(
        session,
        "admin/subsidy_claims/approval.html",
        row=row,
        run_id=run_id,
        way=road_of(session, row, is_approval_page=True, is_yours=reading.may_sign(session, row)),
        blocking=reading.list_blocking(session, run_id),
        may_look_into=may(actor, "findings.see"),
        payable_fen=queries.sum_payable(session, run_id),
        bands=queries.list_bands(session, run_id),
        sites=queries.list_sites(session, run_id),
        held=held,
        names=reading.names_of(session, held),
        steps=steps,
        progress=queries.find_progress(session, row.review_id) if is_approving else None,
        published=find_standing(session, run_id),
        may_submit=reading.is_over(session, RECKON, row.division_code),
        may_sign=reading.may_sign(session, row),
        may_publish=is_approved and reading.is_over(session, PUBLISH, row.division_code),
        reading=reading,
        as_of=clock.now(),
        **facts,
    )


def _cells(row: Row[Any]) -> list[Any]:
    waits = row.stage == RunStage.IN_APPROVAL and row.review_state == ReviewState.OPEN
    return [
        row.id, reading.spoken(row.programme_name), reading.months_of(row), row.division_code,
        word("reckoning_kind", row.kind), word("reckoning_stage", row.stage),
        word("subsidy_part", row.stages[row.stage_no]) if waits else "", row.lines, row.refused,
        in_yuan(row.total_fen), row.submitted_at,
    ]  # fmt: skip
