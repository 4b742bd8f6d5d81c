"""Notices: published from approved runs, watched until they end, printed, withdrawn."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request, url_for
from sqlalchemy import Row
from sqlmodel import Session

from admin.exports import CSV, XLSX, download, export, in_yuan
from admin.forms import asked
from admin.pages import page
from admin.subsidy_claims import reading
from admin.subsidy_claims.approval_views import run_page
from admin.subsidy_claims.forms import NoticeFilters, PaperFilters, WordsForm
from admin.subsidy_claims.notice_paper import basis_of, paper_of
from admin.subsidy_claims.reading import CHECK, PUBLISH, SEE_MONEY, prefixes_of
from admin.subsidy_money.reading import NoForm, step
from admin.words import word
from server import clock
from server.db.sessions import reaching_everywhere
from server.errors import NotFound
from server.i18n.catalogues import gettext as _
from server.printing.papers import pdf_of
from server.subsidies.approvals import queries
from server.subsidies.notices import listing, publishing
from server.subsidies.notices.objecting import contact_of
from server.web.access import noted, reads, submits

blueprint = Blueprint(
    "subsidy_notices", __name__, url_prefix="/subsidies/notices", template_folder="templates"
)
PDF = "application/pdf"
SHOWN = 50


@blueprint.get("")
@reads(SEE_MONEY)
def list_all(*, session: Session) -> str:
    """Those that stand first, by the day on which they end."""
    wanted = asked(NoticeFilters)
    return page(
        session,
        "admin/subsidy_claims/notices.html",
        rows=listing.list_notices(session, prefixes_of(session), **wanted),
        wanted=wanted,
        state_of=state_of,
        reading=reading,
        today=clock.today(),
        as_of=clock.now(),
    )


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(SEE_MONEY)
def export_notices(*, ending: str, session: Session) -> Response:
    """The same as a file."""
    headings = [_("Number"), _("Run"), _("Programme"), _("Months"), _("First day"), _("Last day"),
                _("State"), _("Objections"), _("To be answered"), _("Lines"),
                _("Amount (yuan)")]  # fmt: skip
    rows = listing.list_notices(session, prefixes_of(session), **asked(NoticeFilters))
    return export(ending, _("Public notices of subsidies"), headings, map(_cells, rows))


@blueprint.post("/of-run/<int:run_id>")
@submits(PUBLISH)
def publish(*, run_id: int, session: Session) -> Any:
    """Publish an approved run from today on, for as many days as its programme says."""
    row = queries.get_run(session, run_id, prefixes_of(session, PUBLISH))
    if not reading.is_over(session, PUBLISH, row.division_code):
        raise NotFound()
    return step(
        NoForm,
        lambda: publishing.publish_notice(session, run_id),
        lambda **facts: run_page(session, run_id, **facts),
        url_for("subsidy_approvals.show_run", run_id=run_id),
    )


@blueprint.get("/<int:subsidy_notice_id>")
@reads(SEE_MONEY)
def show_notice(*, subsidy_notice_id: int, session: Session) -> str:
    """Its days, what it shows, and what was said against it."""
    return notice_page(session, subsidy_notice_id)


@blueprint.get("/<int:subsidy_notice_id>/paper.pdf")
@reads(SEE_MONEY)
def print_notice(*, subsidy_notice_id: int, session: Session) -> Response:
    """The list of the whole notice, or of one county; raises `NoticeTooLong`."""
    row = listing.get_notice_in_reach(session, subsidy_notice_id, prefixes_of(session))
    county = asked(PaperFilters)["county"]
    names = {one.code: one.name for one in _shown(session, listing.list_counties, row.run_id)}
    if county and county not in names:
        raise NotFound()
    place = names.get(county) or "、".join(name for name in names.values() if name)
    rows = _shown(session, listing.list_for_paper, row, county=county)
    address = f"{request.host_url}{_address(row).removeprefix('/')}"
    paper = paper_of(row, rows, place=place, address=address)
    name = f"{_('Public notice')}-{row.id}"
    return download(pdf_of(paper), PDF, f"{name}.pdf", plain=f"notice-{row.id}.pdf")


@blueprint.post("/<int:subsidy_notice_id>/withdrawal")
@submits(PUBLISH)
def withdraw(*, subsidy_notice_id: int, session: Session) -> Any:
    """Take it back with the reason; another begins with all its days."""
    row = listing.get_notice_in_reach(session, subsidy_notice_id, prefixes_of(session, PUBLISH))
    return step(
        WordsForm,
        lambda words: publishing.withdraw_notice(session, row.id, words=words),
        lambda **facts: notice_page(session, subsidy_notice_id, **facts),
        url_for(".show_notice", subsidy_notice_id=subsidy_notice_id),
    )


def state_of(row: Row[Any]) -> str:
    """Return the code of how a notice stands."""
    if row.withdrawn_at is not None:
        return "withdrawn"
    if row.ended_at is not None:
        return "ended"
    if row.ends_on < clock.today():
        return "waits_for_answers" if row.waiting else "over"
    return "stands"


def notice_page(session: Session, subsidy_notice_id: int, **facts: Any) -> str:
    """Return the page of a notice with what was refused, if anything was."""
    row = listing.get_notice_in_reach(session, subsidy_notice_id, prefixes_of(session))
    objections = listing.list_objections(session, row.id)
    may_answer = reading.is_over(session, CHECK, row.division_code)
    return page(
        session,
        "admin/subsidy_claims/notice.html",
        row=row,
        state=state_of(row),
        address=_address(row),
        basis=basis_of(row),
        counties=_shown(session, listing.list_counties, row.run_id),
        shown=_shown(session, listing.list_rows, row, limit=SHOWN),
        objections=objections,
        contact_of=contact_of if may_answer else None,
        may_answer=may_answer,
        may_withdraw=reading.is_over(session, PUBLISH, row.division_code),
        reading=reading,
        today=clock.today(),
        as_of=clock.now(),
        **facts,
    )


def _shown(session: Session, listed: Callable[..., Any], *whose: Any, **how: Any) -> Any:
    """Return what everybody reads, also of people whose file another office keeps."""
    with reaching_everywhere(session):
        return listed(session, *whose, **how)


def _address(row: Row[Any]) -> str:
    """Return where everybody reads it."""
    return f"/public/notices/{row.code}"


def _cells(row: Row[Any]) -> list[Any]:
    return [
        row.id, row.run_id, reading.spoken(row.programme_name), reading.months_of(row),
        row.starts_on, row.ends_on, word("subsidy_notice_state", state_of(row)),
        row.objections, row.waiting, row.lines, in_yuan(row.total_fen),
    ]  # fmt: skip
