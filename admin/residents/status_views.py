"""What holds of a person, and since when: contact, hardship, why they are called on."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import Blueprint, redirect, url_for
from sqlmodel import Session

from admin.forms import submitted
from admin.residents.file_reading import closed_page_or_none, file_page
from admin.residents.forms import ContactForm, EndForm, HardshipForm, SpecialCareForm
from admin.words import word
from server.errors import DomainError
from server.residents import openings, register, registering
from server.residents.models import HardshipTier, SpecialCare
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "residents_status", __name__, url_prefix="/residents/<int:resident_id>/status",
    template_folder="templates",
)  # fmt: skip

A_DAY = timedelta(days=1)


@blueprint.get("")
@reads("residents.open-file")
def show_status(*, resident_id: int, session: Session) -> Any:
    """The dated states, and the forms that begin and end them."""
    return closed_page_or_none(session, resident_id) or _page(session, resident_id)


@blueprint.post("/contact")
@submits("residents.register")
def correct_contact(*, resident_id: int, session: Session) -> Any:
    """Keep phone, address and village."""
    return _done(session, resident_id, ContactForm, registering.correct_contact)


@blueprint.post("/hardship")
@submits("residents.register")
def begin_hardship(*, resident_id: int, session: Session) -> Any:
    """Note a hardship tier from a day on."""
    return _done(session, resident_id, HardshipForm, registering.begin_hardship)


@blueprint.post("/hardship/<int:period_id>/end")
@submits("residents.register")
def end_hardship(*, resident_id: int, period_id: int, session: Session) -> Any:
    """Name the last day of a hardship tier."""
    return _done(session, resident_id, EndForm, _ending(registering.end_hardship, period_id))


@blueprint.post("/special-care")
@submits("residents.register")
def begin_special_care(*, resident_id: int, session: Session) -> Any:
    """Note why the person is called on."""
    return _done(session, resident_id, SpecialCareForm, registering.begin_special_care)


@blueprint.post("/special-care/<int:period_id>/end")
@submits("residents.register")
def end_special_care(*, resident_id: int, period_id: int, session: Session) -> Any:
    """Name the last day on which that reason held."""
    return _done(session, resident_id, EndForm, _ending(registering.end_special_care, period_id))


def _ending(end: Callable[..., None], period_id: int) -> Callable[..., None]:
    """The form says the last day; a period ends on the day after."""

    def ending(session: Session, resident_id: int, *, last_day: Any) -> None:
        end(session, resident_id, period_id, ends_on=last_day + A_DAY)

    return ending


def _done(session: Session, resident_id: int, form: type[ma.Schema], do: Callable[..., Any]) -> Any:
    """Do what the form says and come back to the page, or say on it why not."""
    openings.check_open(session, resident_id)
    values, errors = submitted(form)
    if errors:
        return _page(session, resident_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        do(session, resident_id, **values)
    except DomainError as refusal:
        return _page(session, resident_id, refusal=refusal), STATUS[refusal.kind]
    there = url_for("residents_status.show_status", resident_id=resident_id)
    return redirect(there, HTTPStatus.SEE_OTHER)


def _page(session: Session, resident_id: int, **facts: Any) -> str:
    person = register.get_person(session, resident_id)
    return file_page(
        session,
        "status",
        person,
        hardship=register.list_hardship(session, resident_id),
        special_care=register.list_special_care(session, resident_id),
        tiers=[(one.value, word("hardship_tier", one)) for one in HardshipTier if one != "none"],
        cares=[(one.value, word("special_care", one)) for one in SpecialCare],
        villages=register.list_villages(session),
        **facts,
    )
