"""The steps of a bed at home, each by the office whose step it is."""

from typing import Any

from flask import Blueprint
from sqlmodel import Session

from admin.homecare.beds.forms import (
    AgreementForm,
    BuildForm,
    EndForm,
    FindingForm,
    NoteForm,
    NothingForm,
    NoticeForm,
    ObjectionForm,
    PauseForm,
    PlaceForm,
    ReasonForm,
)
from admin.homecare.beds.one_views import done
from server.homecare.beds import applying, placing, preparing, publishing, queries, serving
from server.homecare.beds.preparing import Built, Terms
from server.homecare.models import HomeBedEnd, HomeBedPause, HomeBedState
from server.web.access import submits

blueprint = Blueprint("home_bed_steps", __name__, url_prefix="/home-beds/<int:home_bed_id>")

FILE, DECIDE, RUN, ACCEPT = (
    "homecare.file",
    "homecare.decide",
    "homecare.run",
    "homecare.accept",
)


@blueprint.post("/take-up")
@submits(FILE)
def take_up(*, home_bed_id: int, session: Session) -> Any:
    """The community looks at the application."""
    return done(session, home_bed_id, NothingForm, lambda: applying.take_up(session, home_bed_id))


@blueprint.post("/precheck")
@submits(FILE)
def pass_precheck(*, home_bed_id: int, session: Session) -> Any:
    """The papers are in order."""

    def do(note: str) -> None:
        applying.pass_precheck(session, home_bed_id, note=note)

    return done(session, home_bed_id, NoteForm, do)


@blueprint.post("/withdrawal")
@submits(FILE)
def withdraw(*, home_bed_id: int, session: Session) -> Any:
    """The elder says at the window that they no longer want it."""

    def do(reason: str) -> None:
        applying.withdraw(session, home_bed_id, note=reason)

    return done(session, home_bed_id, ReasonForm, do)


@blueprint.post("/refusal")
@submits(DECIDE)
def refuse(*, home_bed_id: int, session: Session) -> Any:
    """There will be no bed, and why."""

    def do(reason: str) -> None:
        applying.refuse(session, home_bed_id, reason=reason)

    return done(session, home_bed_id, ReasonForm, do)


@blueprint.post("/notice")
@submits(DECIDE)
def open_notice(*, home_bed_id: int, session: Session) -> Any:
    """The assessment allows a bed: name the provider and publish it."""

    def do(site: int) -> None:
        publishing.open_notice(session, home_bed_id, site_id=site)

    return done(session, home_bed_id, NoticeForm, do)


@blueprint.post("/notice/closing")
@submits(DECIDE)
def close_notice(*, home_bed_id: int, session: Session) -> Any:
    """Nobody objects any more."""
    return done(
        session, home_bed_id, NothingForm, lambda: publishing.close_notice(session, home_bed_id)
    )


@blueprint.post("/objections")
@submits(DECIDE)
def record_objection(*, home_bed_id: int, session: Session) -> Any:
    """Somebody knows better."""

    def do(said: str) -> None:
        publishing.record_objection(session, home_bed_id, said=said)

    return done(session, home_bed_id, ObjectionForm, do)


@blueprint.post("/objections/<int:objection_id>/finding")
@submits(DECIDE)
def settle_objection(*, home_bed_id: int, objection_id: int, session: Session) -> Any:
    """What was found about an objection."""

    def do(finding: str) -> None:
        publishing.settle_objection(session, objection_id, home_bed_id=home_bed_id, finding=finding)

    return done(session, home_bed_id, FindingForm, do)


@blueprint.post("/agreement")
@submits(RUN)
def sign(*, home_bed_id: int, session: Session) -> Any:
    """The first agreement, or the one that follows."""

    def do(**terms: Any) -> None:
        is_first = queries.get_bed(session, home_bed_id).state is HomeBedState.SIGNING
        keep = preparing.sign if is_first else preparing.renew
        keep(session, home_bed_id, Terms(**terms))

    return done(session, home_bed_id, AgreementForm, do)


@blueprint.post("/building")
@submits(RUN)
def record_build(*, home_bed_id: int, session: Session) -> Any:
    """What stands in the home now."""

    def do(**built: Any) -> None:
        preparing.record_build(session, home_bed_id, Built(**built))

    return done(session, home_bed_id, BuildForm, do)


@blueprint.post("/acceptance")
@submits(ACCEPT)
def accept(*, home_bed_id: int, session: Session) -> Any:
    """One of two finds it good."""

    def do(note: str) -> None:
        preparing.accept(session, home_bed_id, note=note)

    return done(session, home_bed_id, NoteForm, do)


@blueprint.post("/rebuilding")
@submits(ACCEPT)
def send_back(*, home_bed_id: int, session: Session) -> Any:
    """It is not good, and why."""

    def do(reason: str) -> None:
        preparing.send_back(session, home_bed_id, reason=reason)

    return done(session, home_bed_id, ReasonForm, do)


@blueprint.post("/service")
@submits(RUN)
def serve(*, home_bed_id: int, session: Session) -> Any:
    """Begin to serve, or go on after a pause."""

    def do() -> None:
        is_paused = queries.get_bed(session, home_bed_id).state is HomeBedState.PAUSED
        go_on = serving.resume if is_paused else serving.begin
        go_on(session, home_bed_id)

    return done(session, home_bed_id, NothingForm, do)


@blueprint.post("/pause")
@submits(RUN)
def pause(*, home_bed_id: int, session: Session) -> Any:
    """Nobody comes for a while."""

    def do(pause_reason: HomeBedPause, note: str) -> None:
        serving.pause(session, home_bed_id, reason=pause_reason, note=note)

    return done(session, home_bed_id, PauseForm, do)


@blueprint.post("/end")
@submits(RUN)
def end(*, home_bed_id: int, session: Session) -> Any:
    """撤床 by hand."""

    def do(end_reason: HomeBedEnd, note: str) -> None:
        serving.end(session, home_bed_id, reason=end_reason, note=note)

    return done(session, home_bed_id, EndForm, do)


@blueprint.post("/place")
@submits(RUN)
def place_home(*, home_bed_id: int, session: Session) -> Any:
    """Where the home is, as it was read off a map."""

    def do(longitude: float, latitude: float) -> None:
        placing.place_home(session, home_bed_id, x=longitude, y=latitude)

    return done(session, home_bed_id, PlaceForm, do)


@blueprint.post("/place/offered")
@submits(RUN)
def take_offered_place(*, home_bed_id: int, session: Session) -> Any:
    """Where somebody first arrived is where the home is."""

    def do() -> None:
        placing.take_offered_place(session, home_bed_id)

    return done(session, home_bed_id, NothingForm, do)
