"""Objections to a notice: written down at a window, answered by a day, taken out as a list."""

from typing import Any

from flask import Blueprint, Response, url_for
from sqlalchemy import Row
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.subsidy_claims import reading
from admin.subsidy_claims.forms import AnswerForm, ObjectionForm
from admin.subsidy_claims.notice_views import notice_page
from admin.subsidy_claims.reading import CHECK, SEE_MONEY, prefixes_of
from admin.subsidy_money.reading import step
from admin.words import word
from server.errors import NotFound
from server.i18n.catalogues import gettext as _
from server.subsidies.notices import listing, objecting
from server.subsidies.notices.models import Via
from server.web.access import noted, reads, submits

blueprint = Blueprint(
    "subsidy_objections",
    __name__,
    url_prefix="/subsidies/notices/<int:subsidy_notice_id>/objections",
    template_folder="templates",
)


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(SEE_MONEY)
def export_objections(*, subsidy_notice_id: int, ending: str, session: Session) -> Response:
    """What was said and answered; how to reach whoever objected is not in it."""
    listing.get_notice_in_reach(session, subsidy_notice_id, prefixes_of(session))
    headings = [_("Number"), _("Line"), _("Said"), _("Came by"), _("Received at"),
                _("To be answered until"), _("Upheld"), _("What was answered"),
                _("Answered at")]  # fmt: skip
    rows = listing.list_objections(session, subsidy_notice_id)
    return export(ending, f"{_('Objections')}-{subsidy_notice_id}", headings, map(_cells, rows))


@blueprint.post("")
@submits(CHECK)
def write_down(*, subsidy_notice_id: int, session: Session) -> Any:
    """Write down what somebody says at the window."""
    row = listing.get_notice_in_reach(session, subsidy_notice_id, prefixes_of(session, CHECK))
    return step(
        ObjectionForm,
        lambda **values: objecting.object_to(session, code=row.code, via=Via.WINDOW, **values),
        lambda **facts: notice_page(session, subsidy_notice_id, **facts),
        _there(subsidy_notice_id),
    )


@blueprint.post("/<int:subsidy_objection_id>/answer")
@submits(CHECK)
def answer(*, subsidy_notice_id: int, subsidy_objection_id: int, session: Session) -> Any:
    """Say what was found; upheld, the line it is about is held out of the run."""
    row = listing.get_notice_in_reach(session, subsidy_notice_id, prefixes_of(session, CHECK))
    known = {one.id for one in listing.list_objections(session, subsidy_notice_id)}
    is_over = reading.is_over(session, CHECK, row.division_code)
    if subsidy_objection_id not in known or not is_over:
        raise NotFound()
    return step(
        AnswerForm,
        lambda **values: objecting.answer_objection(session, subsidy_objection_id, **values),
        lambda **facts: notice_page(session, subsidy_notice_id, **facts),
        _there(subsidy_notice_id),
    )


def _there(subsidy_notice_id: int) -> str:
    return url_for("subsidy_notices.show_notice", subsidy_notice_id=subsidy_notice_id)


def _cells(row: Row[Any]) -> list[Any]:
    upheld = "" if row.is_upheld is None else (_("yes") if row.is_upheld else _("no"))
    return [
        row.id, row.line_number, row.said, word("objection_via", row.via), row.received_at,
        row.due_on, upheld, row.answer or "", row.answered_at,
    ]  # fmt: skip
