"""The photo in a person's file: put in, shown to whoever opened the file, taken out."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, url_for
from sqlmodel import Session

from admin.pictures import sent_picture
from admin.residents.file_views import person_page
from server.errors import DomainError
from server.files import queries, service
from server.residents import openings, register
from server.web.access import reads, submits
from server.web.pictures import private_picture
from server.web.problems import STATUS

blueprint = Blueprint("residents_photo", __name__, url_prefix="/residents/<int:resident_id>/photo")


@blueprint.get("")
@reads("residents.open-file")
def show_photo(*, resident_id: int, session: Session) -> Response:
    """The picture itself, to whoever has opened the file; no cache keeps it."""
    openings.check_open(session, resident_id)
    register.get_in_reach(session, resident_id)
    photo = queries.find_photo(session, resident_id)
    return private_picture(session, photo.id if photo else None)


@blueprint.post("")
@submits("residents.register")
def put_photo(*, resident_id: int, session: Session) -> Any:
    """Keep a new photo; what was in the one before is deleted."""
    openings.check_open(session, resident_id)
    register.get_in_reach(session, resident_id)
    try:
        service.replace_photo(session, resident_id, sent_picture())
    except DomainError as refusal:
        return person_page(session, resident_id, refusal=refusal), STATUS[refusal.kind]
    return _back(resident_id)


@blueprint.post("/removal")
@submits("residents.register")
def remove_photo(*, resident_id: int, session: Session) -> Any:
    """Take the photo out, and delete what is in it."""
    openings.check_open(session, resident_id)
    register.get_in_reach(session, resident_id)
    service.remove_photo(session, resident_id)
    return _back(resident_id)


def _back(resident_id: int) -> Any:
    there = url_for("residents_file.show_person", resident_id=resident_id)
    return redirect(there, HTTPStatus.SEE_OTHER)
