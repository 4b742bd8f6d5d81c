"""门口签到: a code on the screen that is new every half minute, for phones to scan or type."""

import io
from http import HTTPStatus
from typing import Any

import segno
from flask import Blueprint, redirect, render_template, url_for
from markupsafe import Markup
from sqlmodel import Session

from admin.forms import asked
from admin.pages import is_part, page
from admin.training.forms import NoFilters
from admin.training.reading import TEACH, reach
from server import clock
from server.caregivers.training import queries
from server.caregivers.training.attending import show_door
from server.caregivers.training.door import is_open
from server.caregivers.training.models import CourseMeeting
from server.web.access import reads

blueprint = Blueprint(
    "course_door", __name__, url_prefix="/training/meetings", template_folder="templates"
)


@blueprint.get("/<int:meeting_id>/door")
@reads(TEACH)
def show(*, meeting_id: int, session: Session) -> str:
    """Full-screen; it renews itself."""
    asked(NoFilters)
    return page(session, "admin/training/door.html", **_door(session, meeting_id))


@blueprint.get("/<int:meeting_id>/door/live")
@reads(TEACH)
def show_live(*, meeting_id: int, session: Session) -> Any:
    """The code alone, and how many are there."""
    asked(NoFilters)
    facts = _door(session, meeting_id)
    if not is_part():
        return redirect(url_for(".show", meeting_id=meeting_id), HTTPStatus.SEE_OTHER)
    return render_template("admin/training/door_live.html", **facts)


def _door(session: Session, meeting_id: int) -> dict[str, Any]:
    row = queries.get_session_of_meeting(session, meeting_id, reach(session, TEACH))
    meeting = session.get_one(CourseMeeting, meeting_id)
    now = clock.now()
    opened = meeting.closed_at is None and is_open(meeting.starts_at, meeting.ends_at, now)
    code = show_door(session, meeting) if opened and row.state == "published" else None
    there = [
        one for one in queries.list_attendance(session, row.id) if one.meeting_id == meeting_id
    ]
    return {
        "row": row,
        "meeting": meeting,
        "code": code,
        "drawn": Markup(_drawn(code.scanned)) if code else "",
        "there": len([one for one in there if one.minutes > 0 or one.signed_by == "code"]),
    }


def _drawn(content: str) -> str:
    drawn = io.BytesIO()
    segno.make(content, error="m").save(
        drawn, kind="svg", xmldecl=False, svgns=True, border=4, svgclass="qr__code", lineclass=None,
        omitsize=True,
    )  # fmt: skip
    return drawn.getvalue().decode()
