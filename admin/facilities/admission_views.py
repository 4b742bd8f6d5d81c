"""Taking somebody in on one page: who it is by name and ID number, which bed, from which day."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, redirect, request, url_for
from sqlmodel import Session

from admin.facilities.forms import (
    HOLD,
    AdmissionArgs,
    AdmissionForm,
    IntroductionForm,
    NewcomerForm,
)
from admin.facilities.reading import KEEP, Board, find_board, forget
from admin.forms import asked, submitted
from admin.pages import page
from admin.words import word
from server import clock
from server.db.cities import current_city
from server.db.refusals import all_or_nothing
from server.db.sessions import after_commit
from server.errors import DomainError, NotFound
from server.facilities.queries.board import get_known
from server.facilities.stays.admitting import admit
from server.facilities.stays.holding import hold_bed
from server.facilities.stays.introducing import Newcomer, introduce, register_newcomer
from server.residents.contacts import Contact
from server.residents.models import Relation
from server.residents.register import list_villages
from server.residents.registering import Entry
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "beds_admission",
    __name__,
    url_prefix="/beds/<int:site_id>/admissions",
    template_folder="templates",
)

OF_AN_ENTRY = ("name", "id_number", "village_code", "phone", "address")
Values = dict[str, Any]


@blueprint.get("/new")
@reads(KEEP)
def show_admission(*, site_id: int, session: Session) -> str:
    """Who is it? Once that is known, into which bed and from when."""
    chosen = asked(AdmissionArgs)
    board = _own_board(session, site_id)
    return _form(session, board, chosen["bed"], chosen["resident"])


@blueprint.post("/introductions")
@submits(KEEP)
def introduce_person(*, site_id: int, session: Session) -> Any:
    """Find the one of this name and ID number; whom the register lacks may be entered below."""
    board = _own_board(session, site_id)
    values, errors = submitted(IntroductionForm)
    bed_id = request.form.get("bed", type=int)
    if errors:
        return _form(session, board, bed_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    name, number = values["name"], values["id_number"]
    try:
        resident_id = introduce(session, site_id=site_id, name=name, id_number=number)
    except NotFound:
        return _form(session, board, bed_id, is_new=True), HTTPStatus.NOT_FOUND
    except DomainError as refusal:
        return _form(session, board, bed_id, refusal=refusal), STATUS[refusal.kind]
    there = {"bed": values["bed"]} if values["bed"] else {}
    address = url_for(
        "beds_admission.show_admission", site_id=site_id, resident=resident_id, **there
    )
    return redirect(address, HTTPStatus.SEE_OTHER)


@blueprint.post("/newcomers")
@submits(KEEP)
def take_newcomer_in(*, site_id: int, session: Session) -> Any:
    """Enter somebody whom the register lacks, and take them in, or neither."""
    board = _own_board(session, site_id)
    values, errors = submitted(NewcomerForm)
    bed_id = request.form.get("bed", type=int)
    facts: Values = {"is_new": True, "errors": errors}
    if errors:
        return _form(session, board, bed_id, **facts), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        _register_and_take_in(session, board, values)
    except DomainError as refusal:
        return _form(session, board, bed_id, refusal=refusal, **facts), STATUS[refusal.kind]
    return _to_the_bed(session, site_id, values["bed"])


@blueprint.post("/residents/<int:resident_id>")
@submits(KEEP)
def take_in(*, site_id: int, resident_id: int, session: Session) -> Any:
    """Admit somebody whom the home knows, or hold the bed for them."""
    board = _own_board(session, site_id)
    values, errors = submitted(AdmissionForm)
    bed_id = request.form.get("bed", type=int)
    if errors:
        page_ = _form(session, board, bed_id, resident_id, errors=errors)
        return page_, HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        _take_in(session, board, resident_id, values)
    except DomainError as refusal:
        page_ = _form(session, board, bed_id, resident_id, refusal=refusal)
        return page_, STATUS[refusal.kind]
    return _to_the_bed(session, site_id, values["bed"])


def _own_board(session: Session, site_id: int) -> Board:
    return find_board(session, site_id, KEEP)


@all_or_nothing
def _register_and_take_in(session: Session, board: Board, values: Values) -> None:
    entry = Entry(**{name: values[name] for name in OF_AN_ENTRY})
    contact = Contact(
        name=values["contact_name"],
        relation=values["contact_relation"],
        phone=values["contact_phone"],
        is_emergency=True,
    )
    newcomer = Newcomer(entry, contact)
    resident_id = register_newcomer(session, newcomer, site_id=board.site.id)
    _take_in(session, board, resident_id, values)


def _take_in(session: Session, board: Board, resident_id: int, values: Values) -> None:
    """Into a bed of this home, somebody whom it knows; raises `NotFound` else."""
    bed_id, day = values["bed"], values["day"] or clock.today()
    board.of_bed(bed_id)
    get_known(session, resident_id, site_id=board.site.id, on=clock.today())
    given = {"bed_id": bed_id, "resident_id": resident_id, "note": values["note"]}
    if values["deed"] == HOLD:
        hold_bed(session, planned_on=day, **given)
    else:
        admit(session, admitted_on=day, **given)


def _to_the_bed(session: Session, site_id: int, bed_id: int) -> Any:
    after_commit(session, forget)
    there = url_for("beds.show_bed", site_id=site_id, bed_id=bed_id)
    return redirect(there, HTTPStatus.SEE_OTHER)


def _form(
    session: Session,
    board: Board,
    bed_id: int | None,
    resident_id: int | None = None,
    *,
    is_new: bool = False,
    **facts: Any,
) -> str:
    person = None
    if resident_id is not None:
        person = get_known(session, resident_id, site_id=board.site.id, on=board.day)
    if is_new:
        facts["villages"] = list_villages(session, prefixes=[current_city()])
        facts["relations"] = [(one.value, word("relation", one)) for one in Relation]
    return page(
        session,
        "admin/facilities/admission.html",
        board=board,
        beds=[tile for tile in board.tiles if tile.state in ("free", "uncleaned")],
        bed_id=bed_id,
        person_=person,
        is_new=is_new,
        typed=request.form,
        **facts,
    )
