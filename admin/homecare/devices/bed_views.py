"""What stands in one home, and whom to call for it."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import Blueprint, Response, redirect, request, url_for
from sqlmodel import Session

from admin.forms import submitted
from admin.homecare.devices.forms import (
    CalleesForm,
    DeviceForm,
    MovingForm,
    PhotoForm,
    RemovalForm,
)
from admin.pages import page
from admin.words import word
from server import clock
from server.db.sessions import actor_of
from server.errors import DomainError, NotFound
from server.files.errors import ImageUnusable
from server.homecare.alarms.answering import MOST_CALLED, RUN, Callee, write_callees
from server.homecare.alarms.models import CalleeKind
from server.homecare.alarms.queries import list_callees
from server.homecare.beds.queries import get_bed
from server.homecare.devices import keeping, queries
from server.homecare.devices.keeping import KEEP, Bought
from server.homecare.devices.models import DeviceKind
from server.identity.roles import reach_of
from server.web.access import reads, submits
from server.web.pictures import private_picture
from server.web.problems import STATUS

blueprint = Blueprint(
    "bed_devices",
    __name__,
    url_prefix="/home-beds/<int:home_bed_id>/devices",
    template_folder="templates",
)
SEE = "homecare.see"


@blueprint.get("")
@reads(SEE)
def show_devices(*, home_bed_id: int, session: Session) -> str:
    """Devices of the home, and the order of calling."""
    return _page(session, home_bed_id)


@blueprint.post("")
@submits(KEEP)
def put_up(*, home_bed_id: int, session: Session) -> Any:
    """One more device stands there."""

    def do(**bought: Any) -> None:
        keeping.put_up(session, home_bed_id, Bought(**bought), photo=_photo())

    return _done(session, home_bed_id, DeviceForm, do)


@blueprint.get("/<int:device_id>/photo")
@reads(SEE)
def show_photo(*, home_bed_id: int, device_id: int, session: Session) -> Response:
    """How a device stands there; no cache keeps it."""
    _check_of_bed(session, home_bed_id, device_id)
    photo = queries.get_photo(session, device_id)
    return private_picture(session, photo.id)


@blueprint.post("/<int:device_id>/photo")
@submits(KEEP)
def show_it(*, home_bed_id: int, device_id: int, session: Session) -> Any:
    """A new photo of how it stands there."""

    def do() -> None:
        _check_of_bed(session, home_bed_id, device_id)
        photo = _photo()
        if photo is None:
            raise ImageUnusable()
        keeping.show_it(session, device_id, photo)

    return _done(session, home_bed_id, PhotoForm, do)


@blueprint.post("/<int:device_id>/removal")
@submits(KEEP)
def take_away(*, home_bed_id: int, device_id: int, session: Session) -> Any:
    """It stands there no more."""

    def do(removed_on: Any) -> None:
        _check_of_bed(session, home_bed_id, device_id)
        keeping.take_away(session, device_id, on=removed_on)

    return _done(session, home_bed_id, RemovalForm, do)


@blueprint.post("/<int:device_id>/move")
@submits(KEEP)
def move(*, home_bed_id: int, device_id: int, session: Session) -> Any:
    """It goes on in another home of the provider."""

    def do(removed_on: Any, to_bed: int) -> None:
        _check_of_bed(session, home_bed_id, device_id)
        keeping.move(session, device_id, to_bed_id=to_bed, on=removed_on)

    return _done(session, home_bed_id, MovingForm, do)


@blueprint.post("/callees")
@submits(RUN)
def keep_callees(*, home_bed_id: int, session: Session) -> Any:
    """Whom to call for this home, in which order; nobody leaves it to what is known."""

    def do(kind: list[str], name: list[str], phone: list[str]) -> None:
        places = zip(kind, name, phone, strict=True)
        write_callees(
            session,
            home_bed_id,
            [
                Callee(CalleeKind(one), named.strip(), number.strip())
                for one, named, number in places
                if one
            ],
        )

    return _done(session, home_bed_id, CalleesForm, do)


def _done(
    session: Session, home_bed_id: int, form: type[ma.Schema], do: Callable[..., None]
) -> Any:
    """Do what a form asks and show the page again, or say why not."""
    values, errors = submitted(form)
    if errors:
        return _page(session, home_bed_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        do(**values)
    except DomainError as refusal:
        return _page(session, home_bed_id, refusal=refusal), STATUS[refusal.kind]
    there = url_for("bed_devices.show_devices", home_bed_id=home_bed_id)
    return redirect(there, HTTPStatus.SEE_OTHER)


def _photo() -> bytes | None:
    """The picture of the form, None where none was chosen."""
    sent = request.files.get("photo")
    return sent.read() or None if sent is not None else None


def _check_of_bed(session: Session, home_bed_id: int, device_id: int) -> None:
    if device_id not in {row.id for row in queries.list_of_bed(session, home_bed_id)}:
        raise NotFound()


def _page(session: Session, home_bed_id: int, **facts: Any) -> str:
    bed = get_bed(session, home_bed_id)
    is_mine = bed.site_id in reach_of(actor_of(session), KEEP).site_ids
    callees = list_callees(session, home_bed_id) if is_mine else ()
    return page(
        session,
        "admin/homecare/bed_devices.html",
        bed=bed,
        devices=queries.list_of_bed(session, home_bed_id),
        callees=callees,
        places=range(min(len(callees) + 1, MOST_CALLED)),
        callee_kinds=[(kind.value, word("callee", kind)) for kind in CalleeKind],
        kinds=[(kind.value, word("device_kind", kind)) for kind in DeviceKind],
        is_mine=is_mine,
        today=clock.today(),
        **facts,
    )
