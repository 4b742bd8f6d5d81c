"""班次: the list of sessions, and one with all that can be done with it."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import Blueprint, Response, redirect, request, url_for
from sqlalchemy import Row
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.forms import asked, submitted
from admin.pages import page
from admin.training.forms import (
    CostsForm,
    Every,
    MeetingForm,
    NoFilters,
    PlacesForm,
    ReasonForm,
    SessionFilters,
    SessionForm,
    WhichCourse,
    meetings_of,
)
from admin.training.reading import ENROL, SEE, TEACH, at_wall, begin_of, kept, pairs, reach
from admin.words import word
from server import clock
from server.caregivers.training import keeping, queries, summing
from server.caregivers.training.models import CourseKind, SessionState
from server.caregivers.training.standing import get_run, list_trainees
from server.db.sessions import actor_of
from server.errors import DomainError
from server.i18n.catalogues import gettext as _
from server.identity.roles import reach_of
from server.web.access import noted, reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "course_sessions", __name__, url_prefix="/training/sessions", template_folder="templates"
)
RECENT = timedelta(days=30)
ALL_STATES = ("enrolled", "waiting", "left", "removed")


@blueprint.get("")
@reads(SEE)
def list_sessions(*, session: Session) -> str:
    """What runs and comes first; or a month."""
    wanted = asked(SessionFilters)
    return page(
        session,
        "admin/training/sessions.html",
        rows=_listed(session, wanted),
        wanted=wanted,
        kinds=pairs("course_kind", CourseKind),
        states=pairs("session_state", SessionState),
        now=clock.now(),
    )


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(SEE)
def export_sessions(*, ending: str, session: Session) -> Response:
    """The same as a file."""
    headings = [_("Course"), _("Kind"), _("From"), _("Until"), _("Place of the class"),
                _("Teacher"), _("Places in all"), _("Enrolled"), _("State"),
                _("Kept by")]  # fmt: skip
    rows = (
        [row.course_name, word("course_kind", row.kind), row.starts_at, row.ends_at, row.place,
         row.teacher, row.capacity, row.enrolled, word("session_state", row.state),
         row.site_name or row.division]
        for row in _listed(session, asked(SessionFilters))
    )  # fmt: skip
    return export(ending, _("Course sessions"), headings, rows)


@blueprint.get("/new")
@reads(TEACH)
def show_new(*, session: Session) -> str:
    """Plan a session of a course."""
    return _new_page(session, asked(WhichCourse)["course"])


@blueprint.post("")
@submits(TEACH)
def plan(*, session: Session) -> Any:
    """Plan it, and go to it; nobody sees it yet."""
    values, errors = submitted(SessionForm)
    if errors:
        number = request.form.get("course", type=int) or 0
        return _new_page(session, number, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    course = queries.get_course(session, values.pop("course"), reach(session, TEACH))
    values["enrol_until"] = at_wall(values["enrol_until"])
    meetings = meetings_of(values, clock.CITY)
    home = keeping.Home(course.division_code, course.site_id)
    try:
        made = keeping.put_session(session, course, home, meetings=meetings, **values)
    except DomainError as refusal:
        return _new_page(session, course.id or 0, refusal=refusal), STATUS[refusal.kind]
    return redirect(url_for(".show_session", session_id=made.id), HTTPStatus.SEE_OTHER)


@blueprint.get("/<int:session_id>")
@reads(SEE)
def show_session(*, session_id: int, session: Session) -> str:
    """Its meetings, who learns there, and what can be done."""
    asked(NoFilters)
    return session_page(session, session_id)


@blueprint.post("/<int:session_id>/publication")
@submits(TEACH)
def publish(*, session_id: int, session: Session) -> Any:
    """Let people enrol."""
    return done(session, session_id, NoFilters, keeping.publish)


@blueprint.post("/<int:session_id>/cancellation")
@submits(TEACH, with_reason=True)
def cancel(*, session_id: int, session: Session) -> Any:
    """Call it off, and tell everybody why."""
    return done(session, session_id, ReasonForm, keeping.cancel_session)


@blueprint.post("/<int:session_id>/places")
@submits(TEACH)
def change_places(*, session_id: int, session: Session) -> Any:
    """More places, which the line takes at once, or fewer."""
    return done(session, session_id, PlacesForm, keeping.change_places)


@blueprint.post("/<int:session_id>/costs")
@submits(TEACH)
def note_costs(*, session_id: int, session: Session) -> Any:
    """What it cost."""

    def do(session: Session, session_id: int, **values: int) -> None:
        keeping.note_costs(
            session, session_id, **{f"{name}_fen": fen for name, fen in values.items()}
        )

    return done(session, session_id, CostsForm, do)


@blueprint.post("/meetings/<int:meeting_id>/move")
@submits(TEACH)
def move_meeting(*, meeting_id: int, session: Session) -> Any:
    """Move a class that has not begun, and tell who has a place."""
    row = queries.get_session_of_meeting(session, meeting_id, reach(session, TEACH))

    def do(session: Session, _session_id: int, **values: Any) -> None:
        moments = {name: at_wall(moment) for name, moment in values.items()}
        keeping.move_meeting(session, meeting_id, **moments)

    return done(session, row.id, MeetingForm, do)


def done(
    session: Session,
    session_id: int,
    form: type[ma.Schema],
    do: Callable[..., object],
    *,
    permission: str = TEACH,
    fragment: str = "",
) -> Any:
    """Do what was asked for with a session that the actor keeps, and show it again."""
    kept(session, session_id, permission)
    values, errors = submitted(form)
    if errors:
        return session_page(session, session_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        do(session, session_id, **values)
    except DomainError as refusal:
        return session_page(session, session_id, refusal=refusal), STATUS[refusal.kind]
    there = url_for("course_sessions.show_session", session_id=session_id, _anchor=fragment or None)
    return redirect(there, HTTPStatus.SEE_OTHER)


def session_page(session: Session, session_id: int, **facts: Any) -> str:
    """Return the page of a session, with as much of it as the actor may see."""
    row = queries.get_session(session, session_id, reach(session))
    run = get_run(session, session_id)
    people = list_trainees(session, run, states=ALL_STATES)
    attended = queries.list_attendance(session, session_id)
    own = reach_of(actor_of(session), ENROL)
    there = {one.row.caregiver_id for one in people if one.row.ended_at is None}
    choices = queries.list_caregivers(session, own, on=clock.today())
    return page(
        session,
        "admin/training/session.html",
        row=row,
        run=run,
        meetings=queries.list_meetings(session, session_id),
        people=people,
        attended={(one.enrolment_id, one.meeting_id): one for one in attended},
        choices=[one for one in choices if one.id not in there],
        brought=summing.brought_by(session, session_id) if row.is_kept else [],
        now=clock.now(),
        **facts,
    )


def _listed(session: Session, wanted: dict[str, Any]) -> list[Row[Any]]:
    month = wanted.pop("month")
    since = begin_of(month) if month else clock.now() - RECENT
    next_month = (month + timedelta(days=31)).replace(day=1) if month else None
    until = begin_of(next_month) if next_month else None
    found = queries.list_sessions(session, reach(session), since=since, until=until, **wanted)
    wanted["month"] = month
    return list(found)


def _new_page(session: Session, course_id: int, **facts: Any) -> str:
    return page(
        session,
        "admin/training/new_session.html",
        course=queries.get_course(session, course_id, reach(session, TEACH)),
        every=pairs("every", Every),
        sent=request.form,
        **facts,
    )
