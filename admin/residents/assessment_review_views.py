"""The desk of assessments: what waits for a review, one's own drafts, and papers to check."""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, url_for
from sqlalchemy import Row
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.forms import asked, submitted
from admin.pages import page
from admin.residents.assessment_forms import DeskArgs, NoteForm
from admin.residents.assessment_reading import ASSESS, REVIEW, SEE, open_resident, told
from admin.residents.assessment_views import result_page
from admin.words import word
from server import clock, masking
from server.db.sessions import actor_of
from server.errors import DomainError
from server.i18n.catalogues import gettext as _
from server.identity.roles import may, reach_of
from server.residents.assessments import service
from server.residents.assessments.proof import find_by_number
from server.residents.assessments.queries import get_assessment, list_unfinished, list_waiting
from server.web.access import reads, submits
from server.web.pages import page_of, read_cursor

blueprint = Blueprint(
    "assessment_review", __name__, url_prefix="/residents", template_folder="templates"
)

MOST_UNFINISHED = 100
MOST_IN_AN_EXPORT = 20_000


@blueprint.get(f"/assessments/export.<any({CSV}, {XLSX}):ending>")
@reads(SEE)
def export_waiting(*, ending: str, session: Session) -> Response:
    """What waits for a review as a file, with names starred."""
    prefixes = reach_of(actor_of(session), SEE).prefixes
    rows = list_waiting(session, prefixes=prefixes, after=None, limit=MOST_IN_AN_EXPORT)
    headings = [_("Resident"), _("Village"), _("Reason"), _("Assessed on"), _("Handed in"),
                _("Assessor"), _("Points"), _("Level proposed")]  # fmt: skip
    cells = (
        [masking.name(one.resident_name), one.village_name, word("assessment_reason", one.reason),
         one.assessed_on, one.submitted_at, one.assessor_name, one.total,
         word("ability_level", one.final_level)]
        for one in rows
    )  # fmt: skip
    return export(ending, _("Waiting for a review, the oldest first"), headings, cells)


@blueprint.get("/assessments")
@reads(SEE)
def show_desk(*, session: Session) -> str:
    """The oldest that waits comes first; one's own are reviewed by somebody else."""
    args = asked(DeskArgs)
    after = read_cursor(args["cursor"], datetime.fromisoformat, int)
    actor = actor_of(session)
    reach = reach_of(actor, SEE)
    rows = list_waiting(session, prefixes=reach.prefixes, after=after, limit=args["limit"] + 1)
    return page(
        session,
        "admin/residents/assessment_desk.html",
        found=page_of(
            rows, limit=args["limit"], key=lambda row: (row.submitted_at.isoformat(), row.id)
        ),
        is_first=after is None,
        unfinished=_unfinished(session),
        may_assess=may(actor, ASSESS),
        number=args["number"],
        checked=find_by_number(session, args["number"]) if args["number"] else None,
        own_id=actor.staff_id,
        masked=masking.name,
        as_of=clock.now(),
    )


@blueprint.post("/<int:resident_id>/assessments/<int:assessment_id>/confirmation")
@submits(REVIEW)
def confirm(*, resident_id: int, assessment_id: int, session: Session) -> Any:
    """Let the level hold from today on."""
    resident = open_resident(session, resident_id, REVIEW)
    get_assessment(session, assessment_id, resident_id=resident_id)
    try:
        service.confirm_assessment(session, assessment_id)
    except DomainError as refusal:
        return result_page(session, resident, assessment_id, [told(refusal)]), HTTPStatus.CONFLICT
    return redirect(_result(resident_id, assessment_id), HTTPStatus.SEE_OTHER)


@blueprint.post("/<int:resident_id>/assessments/<int:assessment_id>/return")
@submits(REVIEW)
def give_back(*, resident_id: int, assessment_id: int, session: Session) -> Any:
    """Give it back to the assessor, with what is to be mended."""
    resident = open_resident(session, resident_id, REVIEW)
    get_assessment(session, assessment_id, resident_id=resident_id)
    values, errors = submitted(NoteForm)
    refusals = [_("Say why.")] if errors else []
    if not errors:
        try:
            service.return_assessment(session, assessment_id, **values)
        except DomainError as refusal:
            refusals = [told(refusal)]
        else:
            return redirect(url_for("assessment_review.show_desk"), HTTPStatus.SEE_OTHER)
    return result_page(session, resident, assessment_id, refusals), HTTPStatus.CONFLICT


def _unfinished(session: Session) -> Sequence[Row[Any]]:
    actor = actor_of(session)
    if actor.staff_id is None or not may(actor, ASSESS):
        return ()
    return list_unfinished(session, assessor_id=actor.staff_id, limit=MOST_UNFINISHED)


def _result(resident_id: int, assessment_id: int) -> str:
    return url_for("assessments.show_result", resident_id=resident_id, assessment_id=assessment_id)
