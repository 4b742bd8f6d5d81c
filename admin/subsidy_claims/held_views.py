"""The lines of a run as its approvers go through them, and those that are held out."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response
from sqlmodel import Session

from admin.exports import CSV, XLSX, export, in_yuan
from admin.forms import asked, submitted
from admin.pages import page
from admin.subsidy_claims import reading
from admin.subsidy_claims.approval_views import back_to, run_page
from admin.subsidy_claims.forms import HoldForm, LineFilters
from admin.subsidy_claims.reading import REVIEW, SEE_MONEY, prefixes_of
from admin.words import word
from server import clock
from server.errors import DomainError
from server.i18n.catalogues import gettext as _
from server.subsidies.approvals import queries, reviewing
from server.subsidies.approvals.errors import AnotherOffice
from server.subsidies.reckoning.errors import TooManyLines
from server.web.access import noted, reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "subsidy_held", __name__, url_prefix="/subsidies/approvals", template_folder="templates"
)
MOST_EXPORTED = 100_000


@blueprint.get("/<int:run_id>/lines")
@reads(SEE_MONEY)
def list_lines(*, run_id: int, session: Session) -> str:
    """Due lines, the greatest amount first, each to be ticked."""
    return _page(session, run_id)


@blueprint.get(f"/<int:run_id>/lines/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(SEE_MONEY)
def export_lines(*, run_id: int, ending: str, session: Session) -> Response:
    """The same as a file; raises `TooManyLines`."""
    queries.get_run(session, run_id, prefixes_of(session))
    wanted = asked(LineFilters)
    rows = queries.list_lines(session, run_id, limit=MOST_EXPORTED + 1, **wanted)
    if len(rows) > MOST_EXPORTED:
        raise TooManyLines(most=f"{MOST_EXPORTED:,}")
    headings = [_("Line"), _("About"), _("Site"), _("Month"), _("Amount (yuan)"), _("Held out")]
    names = reading.names_of(session, rows)
    cells = (
        [row.number, reading.whose(names, row, ""), row.site_name, f"{row.month:%Y-%m}",
         in_yuan(row.amount_fen), row.held_words or ""]
        for row in rows
    )  # fmt: skip
    return export(ending, f"{_('Lines before approval')}-{run_id}", headings, cells)


@blueprint.get(f"/<int:run_id>/held/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(SEE_MONEY)
def export_held(*, run_id: int, ending: str, session: Session) -> Response:
    """What is held out, why and by whom."""
    queries.get_run(session, run_id, prefixes_of(session))
    rows = queries.list_held(session, run_id)
    headings = [_("Line"), _("About"), _("Site"), _("Month"), _("Amount (yuan)"), _("Held out for"),
                _("Reason"), _("By"), _("At")]  # fmt: skip
    names = reading.names_of(session, rows)
    cells = (
        [row.number, reading.whose(names, row, ""), row.site_name, f"{row.month:%Y-%m}",
         in_yuan(row.amount_fen), word("subsidy_held_for", row.held_for), row.words, row.who or "",
         row.held_at]
        for row in rows
    )  # fmt: skip
    return export(ending, f"{_('Lines held out')}-{run_id}", headings, cells)


@blueprint.post("/<int:run_id>/held")
@submits(REVIEW)
def hold_out(*, run_id: int, session: Session) -> Any:
    """Keep the ticked lines out of the run, with one reason."""
    _check_office(session, run_id)
    values, errors = submitted(HoldForm)
    if errors:
        return _page(session, run_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        reviewing.hold_lines_out(session, run_id, values["number"], words=values["words"])
    except DomainError as refusal:
        return _page(session, run_id, refusal=refusal), STATUS[refusal.kind]
    return back_to(run_id)


@blueprint.post("/<int:run_id>/held/<int:number>/return")
@submits(REVIEW)
def put_back(*, run_id: int, number: int, session: Session) -> Any:
    """Let a line go with its run after all."""
    _check_office(session, run_id)
    try:
        reviewing.put_line_back(session, run_id, number)
    except DomainError as refusal:
        return run_page(session, run_id, refusal=refusal), STATUS[refusal.kind]
    return back_to(run_id)


def _check_office(session: Session, run_id: int) -> None:
    row = queries.get_run(session, run_id, prefixes_of(session, REVIEW))
    if not reading.may_sign(session, row):
        raise AnotherOffice()


def _page(session: Session, run_id: int, **facts: Any) -> str:
    row = queries.get_run(session, run_id, prefixes_of(session))
    wanted = asked(LineFilters)
    rows = queries.list_lines(session, run_id, **wanted)
    bands = queries.list_bands(session, run_id)
    return page(
        session,
        "admin/subsidy_claims/lines.html",
        row=row,
        run_id=run_id,
        rows=rows,
        most=queries.LINES_SHOWN,
        wanted=wanted,
        bands=[(str(one.band), reading.band_words(one.band)) for one in bands],
        sites=[(str(one.site_id), one.name) for one in queries.list_sites(session, run_id)],
        names=reading.names_of(session, rows),
        may_sign=reading.may_sign(session, row),
        reading=reading,
        as_of=clock.now(),
        **facts,
    )
