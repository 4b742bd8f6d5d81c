"""入户评估 and pictures, made to be used at the door: one small form for each thing."""

from typing import Any

from flask import Blueprint
from sqlmodel import Session

from admin.homecare.renovations.forms import NeedForm, NothingForm, PictureForm, SurveyForm
from admin.homecare.renovations.one_views import done
from admin.pictures import sent_picture
from server.homecare.renovations import photos, surveying
from server.web.access import submits

blueprint = Blueprint("renovation_survey", __name__, url_prefix="/renovations/<int:renovation_id>")

FILE, RUN = "homecare.file", "homecare.run"


@blueprint.post("/needs")
@submits(FILE)
def note_need(*, renovation_id: int, session: Session) -> Any:
    """A room needs something."""

    def do(**need: Any) -> None:
        surveying.note_need(session, renovation_id, **need)

    return done(session, renovation_id, NeedForm, do)


@blueprint.post("/needs/<int:need_id>/removal")
@submits(FILE)
def strike_need(*, renovation_id: int, need_id: int, session: Session) -> Any:
    """It is not needed after all."""
    return done(
        session,
        renovation_id,
        NothingForm,
        lambda: surveying.strike_need(session, renovation_id, need_id),
    )


@blueprint.post("/survey")
@submits(FILE)
def finish_survey(*, renovation_id: int, session: Session) -> Any:
    """All is noted: the contractor is named."""

    def do(site: int, note: str) -> None:
        surveying.finish_survey(session, renovation_id, site_id=site, note=note)

    return done(session, renovation_id, SurveyForm, do)


@blueprint.post("/pictures/before")
@submits(FILE)
def put_picture(*, renovation_id: int, session: Session) -> Any:
    """A picture of a room as it is."""
    return _kept(session, renovation_id)


@blueprint.post("/pictures/after")
@submits(RUN)
def put_picture_after(*, renovation_id: int, session: Session) -> Any:
    """A picture of a room as it has become."""
    return _kept(session, renovation_id)


@blueprint.post("/pictures/before/<int:picture_id>/removal")
@submits(FILE)
def take_out(*, renovation_id: int, picture_id: int, session: Session) -> Any:
    """A picture of the survey counts no longer."""
    return _taken_out(session, renovation_id, picture_id)


@blueprint.post("/pictures/after/<int:picture_id>/removal")
@submits(RUN)
def take_out_after(*, renovation_id: int, picture_id: int, session: Session) -> Any:
    """A picture of the work counts no longer."""
    return _taken_out(session, renovation_id, picture_id)


def _taken_out(session: Session, renovation_id: int, picture_id: int) -> Any:
    def do() -> None:
        photos.take_out(session, renovation_id, picture_id)

    return done(session, renovation_id, NothingForm, do)


def _kept(session: Session, renovation_id: int) -> Any:
    def do(**place: Any) -> None:
        photos.add_photo(session, renovation_id, sent_picture("picture"), **place)

    return done(session, renovation_id, PictureForm, do)
