"""What people cared for at home ask for or complain of, and what is answered."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, url_for
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.forms import submitted
from admin.homecare.forms import WishAnswerForm
from admin.homecare.reading import KEEP, SEE, may_keep, scope
from admin.pages import page
from admin.words import word
from server.errors import DomainError
from server.homecare.visits import queries
from server.homecare.visits.hearing import answer_wish
from server.i18n.catalogues import gettext as _
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "care_wishes", __name__, url_prefix="/care/wishes", template_folder="templates"
)


@blueprint.get("")
@reads(SEE)
def list_wishes(*, session: Session) -> str:
    """Wishes and complaints, those without an answer first."""
    return _page(session)


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_wishes(*, ending: str, session: Session) -> Response:
    """The same as a file."""
    headings = [_("Said at"), _("Kind"), _("For whom"), _("Site"), _("In their words"),
                _("Answer"), _("Answered at")]  # fmt: skip
    cells = (
        [one.asked_at, word("care_wish", one.kind), one.resident_name, one.site_name, one.words,
         one.answer, one.answered_at]
        for one in queries.list_wishes(session, scope(session))
    )  # fmt: skip
    return export(ending, _("Wishes and complaints"), headings, cells)


@blueprint.post("/<int:wish_id>/answer")
@submits(KEEP)
def answer(*, wish_id: int, session: Session) -> Any:
    """Say what becomes of it."""
    values, errors = submitted(WishAnswerForm)
    if errors:
        return _page(session, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        answer_wish(session, wish_id, **values)
    except DomainError as refusal:
        return _page(session, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for(".list_wishes"), HTTPStatus.SEE_OTHER)


def _page(session: Session, **facts: Any) -> str:
    wishes = queries.list_wishes(session, scope(session))
    may = may_keep(session)
    return page(session, "admin/homecare/wishes.html", wishes=wishes, may_keep=may, **facts)
