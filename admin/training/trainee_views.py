"""Who learns at a session: enrolled, on the list, examined, certified, and what it brings."""

from datetime import date, datetime, time
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from sqlmodel import Session

from admin.exports import download
from admin.forms import asked, submitted
from admin.pages import page
from admin.training.forms import NoFilters, PeopleForm, ReasonForm, SatOnForm
from admin.training.reading import CERTIFY, ENROL, SEE, TEACH, kept, reach
from admin.training.session_views import done, session_page
from server import clock
from server.caregivers.training import (
    attending,
    bringing,
    certifying,
    enrolling,
    examining,
    queries,
)
from server.caregivers.training.attending import Noted
from server.caregivers.training.standing import get_run, list_trainees
from server.db.sessions import actor_of
from server.errors import DomainError, NotFound
from server.identity.roles import reach_of
from server.settings import settings
from server.web.access import noted, reads, submits
from server.web.certificate_paper import certificate_pdf
from server.web.problems import STATUS

blueprint = Blueprint("trainees", __name__, url_prefix="/training", template_folder="templates")
PDF = "application/pdf"
MOST_SCORE = 100


@blueprint.post("/sessions/<int:session_id>/enrolments")
@submits(ENROL)
def enrol(*, session_id: int, session: Session) -> Any:
    """Enrol caregivers of one's own sites, several at once."""
    queries.get_session(session, session_id, reach(session, ENROL))
    values, errors = submitted(PeopleForm)
    if errors:
        return session_page(session, session_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        if not set(values["caregivers"]) <= _own_people(session):
            raise NotFound()
        enrolling.enrol_caregivers(session, session_id, values["caregivers"])
    except DomainError as refusal:
        return session_page(session, session_id, refusal=refusal), STATUS[refusal.kind]
    there = url_for("course_sessions.show_session", session_id=session_id, _anchor="trainees")
    return redirect(there, HTTPStatus.SEE_OTHER)


@blueprint.post("/enrolments/<int:enrolment_id>/end")
@submits(ENROL)
def end(*, enrolment_id: int, session: Session) -> Any:
    """Take somebody off: the own home until the deadline, whoever keeps it until it begins."""
    enrolment = enrolling.get_enrolment(session, enrolment_id)
    session_id = enrolment.session_id
    row = queries.get_session(session, session_id, reach(session, TEACH))
    if not row.is_kept and enrolment.caregiver_id not in _own_people(session):
        raise NotFound()
    do = enrolling.remove if row.is_kept else enrolling.leave
    try:
        do(session, enrolment_id)
    except DomainError as refusal:
        return session_page(session, session_id, refusal=refusal), STATUS[refusal.kind]
    there = url_for("course_sessions.show_session", session_id=session_id, _anchor="trainees")
    return redirect(there, HTTPStatus.SEE_OTHER)


@blueprint.get("/meetings/<int:meeting_id>/list")
@reads(TEACH)
def show_list(*, meeting_id: int, session: Session) -> str:
    """The sign-in list: to print, to sign, and to key in on the same page."""
    asked(NoFilters)
    return _list_page(session, meeting_id)


@blueprint.post("/meetings/<int:meeting_id>/list")
@submits(TEACH)
def key_in_list(*, meeting_id: int, session: Session) -> Any:
    """Key in who was there; lines that are left alone stay as they were signed."""
    row = queries.get_session_of_meeting(session, meeting_id, reach(session, TEACH))
    meeting = attending.get_meeting(session, meeting_id)
    try:
        lines = _lines(meeting.starts_at)
        attending.keep_list(session, meeting_id, lines)
    except ValueError:
        return _list_page(session, meeting_id, is_wrong=True), HTTPStatus.UNPROCESSABLE_ENTITY
    except DomainError as refusal:
        return _list_page(session, meeting_id, refusal=refusal), STATUS[refusal.kind]
    there = url_for("course_sessions.show_session", session_id=row.id, _anchor="trainees")
    return redirect(there, HTTPStatus.SEE_OTHER)


@blueprint.post("/meetings/<int:meeting_id>/closing")
@submits(TEACH)
def close_list(*, meeting_id: int, session: Session) -> Any:
    """Let the list stand; its minutes count from now on."""
    row = queries.get_session_of_meeting(session, meeting_id, reach(session, TEACH))

    def do(session: Session, _session_id: int) -> None:
        attending.close_meeting(session, meeting_id)

    return done(session, row.id, NoFilters, do, fragment="trainees")


@blueprint.get("/sessions/<int:session_id>/results")
@reads(TEACH)
def show_results(*, session_id: int, session: Session) -> str:
    """One screen for all scores."""
    asked(NoFilters)
    return _results_page(session, session_id)


@blueprint.post("/sessions/<int:session_id>/results")
@submits(TEACH)
def enter_results(*, session_id: int, session: Session) -> Any:
    """Enter them; another person confirms."""
    kept(session, session_id)
    values, errors = submitted(SatOnForm)
    if errors:
        return _results_page(session, session_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        examining.enter_results(session, session_id, scores=_scores(), **values)
    except ValueError:
        return _results_page(session, session_id, is_wrong=True), HTTPStatus.UNPROCESSABLE_ENTITY
    except DomainError as refusal:
        return _results_page(session, session_id, refusal=refusal), STATUS[refusal.kind]
    there = url_for("course_sessions.show_session", session_id=session_id, _anchor="trainees")
    return redirect(there, HTTPStatus.SEE_OTHER)


@blueprint.post("/sessions/<int:session_id>/confirmation")
@submits(CERTIFY)
def confirm(*, session_id: int, session: Session) -> Any:
    """Confirm what another person entered, and tell the trainees."""
    return done(session, session_id, NoFilters, examining.confirm_results, permission=CERTIFY)


@blueprint.post("/sessions/<int:session_id>/certificates")
@submits(CERTIFY)
def issue(*, session_id: int, session: Session) -> Any:
    """Issue what whoever completed the session has not yet."""
    return done(session, session_id, NoFilters, certifying.issue_certificates, permission=CERTIFY)


@blueprint.post("/sessions/<int:session_id>/subsidies")
@submits(CERTIFY)
def freeze(*, session_id: int, session: Session) -> Any:
    """Freeze what each trainee brings, or why nothing."""
    return done(session, session_id, NoFilters, bringing.freeze_subsidies, permission=CERTIFY)


@blueprint.get("/certificates/<int:certificate_id>.pdf")
@noted
@reads(SEE)
def print_certificate(*, certificate_id: int, session: Session) -> Response:
    """The certificate as a PDF with its code."""
    paper = certifying.get_paper(session, certificate_id)
    base = settings().origin or request.host_url.rstrip("/")
    return download(certificate_pdf(paper, base), PDF, f"{paper.number}.pdf")


@blueprint.post("/certificates/<int:certificate_id>/annulment")
@submits(CERTIFY, with_reason=True)
def annul(*, certificate_id: int, session: Session) -> Any:
    """Take a certificate back for a reason."""
    session_id = certifying.find_session_of(session, certificate_id)

    def do(session: Session, _session_id: int, *, reason: str) -> None:
        certifying.annul(session, certificate_id, reason=reason)

    return done(session, session_id, ReasonForm, do, permission=CERTIFY)


def _own_people(session: Session) -> set[int]:
    """Return whom one's own sites employ today: others are not theirs to enrol or take off."""
    own = reach_of(actor_of(session), ENROL)
    return {one.id for one in queries.list_caregivers(session, own, on=clock.today())}


def _list_page(session: Session, meeting_id: int, **facts: Any) -> str:
    row = queries.get_session_of_meeting(session, meeting_id, reach(session, TEACH))
    meetings = queries.list_meetings(session, row.id)
    attended = queries.list_attendance(session, row.id)
    return page(
        session,
        "admin/training/list.html",
        row=row,
        meeting=next(one for one in meetings if one.id == meeting_id),
        people=list_trainees(session, get_run(session, row.id)),
        attended={one.enrolment_id: one for one in attended if one.meeting_id == meeting_id},
        now=clock.now(),
        **facts,
    )


def _results_page(session: Session, session_id: int, **facts: Any) -> str:
    row = kept(session, session_id)
    run = get_run(session, session_id)
    return page(
        session,
        "admin/training/results.html",
        row=row,
        people=list_trainees(session, run),
        today=clock.today(),
        sent=request.form,
        **facts,
    )


def _lines(starts_at: datetime) -> list[Noted]:
    """Lines of the list that say something; raises `ValueError` for what is no time."""
    day = clock.day_of(starts_at)
    return [
        _line(int(name.removeprefix("there_")), said, day, starts_at)
        for name, said in request.form.items()
        if name.startswith("there_") and said in ("yes", "no")
    ]


def _line(enrolment_id: int, said: str, day: date, starts_at: datetime) -> Noted:
    if said == "no":
        return Noted(enrolment_id)
    came, went = (_at(day, request.form.get(f"{name}_{enrolment_id}")) for name in ("came", "went"))
    if came and went and went < came:
        raise ValueError(went)
    return Noted(enrolment_id, came or starts_at, went)


def _at(day: date, said: str | None) -> datetime | None:
    return datetime.combine(day, time.fromisoformat(said), clock.CITY) if said else None


def _scores() -> dict[int, int]:
    """Scores that were filled in; raises `ValueError` for what is no score."""
    scores = {
        int(name.removeprefix("score_")): int(said)
        for name, said in request.form.items()
        if name.startswith("score_") and said.strip()
    }
    if not all(0 <= score <= MOST_SCORE for score in scores.values()):
        raise ValueError(scores)
    return scores
