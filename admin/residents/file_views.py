"""A person's file: opened with a reason, then who they are, their states, meals and history."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, redirect, request, url_for
from sqlmodel import Session

from admin.forms import local_address, submitted
from admin.residents.file_reading import closed_page, closed_page_or_none, file_page
from admin.residents.forms import OpeningForm
from server import clock
from server.files.queries import find_photo
from server.meals.queries import bookings
from server.residents import grants, openings, register
from server.residents.models import ID_NUMBER_FIELD
from server.secrets.fields import keyring
from server.web.access import reads, submits

blueprint = Blueprint(
    "residents_file", __name__, url_prefix="/residents/<int:resident_id>",
    template_folder="templates",
)  # fmt: skip

LATEST = 100
PERMISSION = "residents.open-file"


def person_page(session: Session, resident_id: int, **facts: Any) -> str:
    """Return who this is, with the photo where there is one."""
    person = register.get_person(session, resident_id)
    sealed = person.id_number_cipher
    return file_page(
        session,
        "person",
        person,
        merged_numbers=register.list_merged_numbers(session, resident_id),
        id_number=keyring().decrypt(sealed, ID_NUMBER_FIELD) if sealed else None,
        photo=find_photo(session, resident_id),
        **facts,
    )


@blueprint.get("")
@reads(PERMISSION)
def show_person(*, resident_id: int, session: Session) -> str:
    """Who this is; before the file is open, the question why it shall be."""
    return closed_page_or_none(session, resident_id) or person_page(session, resident_id)


@blueprint.post("/openings")
@submits(PERMISSION)
def open_file(*, resident_id: int, session: Session) -> Any:
    """Open the file for half an hour, and go on to the part of it that was asked for."""
    values, errors = submitted(OpeningForm)
    if errors:
        return closed_page(session, resident_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    openings.open_file(session, resident_id, reason=values["reason"])
    wanted = request.form.get("next")
    person = url_for("residents_file.show_person", resident_id=resident_id)
    return redirect(local_address(wanted) if wanted else person, HTTPStatus.SEE_OTHER)


@blueprint.get("/meals")
@reads(PERMISSION)
def show_meals(*, resident_id: int, session: Session) -> str:
    """What was booked and eaten, and who paid which part."""
    if closed := closed_page_or_none(session, resident_id):
        return closed
    today = clock.today()
    coming = bookings.list_coming_bookings(session, [resident_id], today=today, limit=LATEST)
    past = bookings.list_past_bookings(session, [resident_id], today=today, limit=LATEST)
    person = register.get_in_reach(session, resident_id)
    return file_page(session, "meals", person, coming=coming, past=past)


@blueprint.get("/history")
@reads(PERMISSION)
def show_history(*, resident_id: int, session: Session) -> str:
    """Who did what for this person, and who looked at the file."""
    if closed := closed_page_or_none(session, resident_id):
        return closed
    return file_page(
        session,
        "history",
        register.get_in_reach(session, resident_id),
        acts=grants.list_acts_for(session, resident_id, limit=LATEST),
        openings=openings.list_openings(session, resident_id, limit=LATEST),
    )
