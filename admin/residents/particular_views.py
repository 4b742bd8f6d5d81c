"""Who somebody is by their papers, put right at the window, with the reason."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, redirect, request, url_for
from sqlmodel import Session

from admin.forms import submitted
from admin.residents.file_reading import closed_page_or_none, file_page
from admin.residents.forms import ParticularsForm
from admin.words import word
from server.errors import DomainError, NotFound
from server.people import papers
from server.residents import openings, register
from server.residents.errors import AlreadyRegistered
from server.residents.models import ID_NUMBER_FIELD, Sex
from server.residents.particulars import Particulars, correct_particulars
from server.secrets.fields import keyring
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "residents_particulars", __name__, url_prefix="/residents/<int:resident_id>/particulars",
    template_folder="templates",
)  # fmt: skip


@blueprint.get("")
@reads("residents.register")
def show_particulars(*, resident_id: int, session: Session) -> Any:
    """What is registered, to be put right by the papers."""
    return closed_page_or_none(session, resident_id) or _page(session, resident_id)


@blueprint.post("")
@submits("residents.register", with_reason=True)
def correct(*, resident_id: int, session: Session) -> Any:
    """Keep what the papers say, or say on the page why not."""
    openings.check_open(session, resident_id)
    values, errors = submitted(ParticularsForm)
    if errors:
        return _page(session, resident_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    right = Particulars(**{name: values[name] for name in ("name", "id_number", "sex", "born_on")})
    try:
        with session.begin_nested():
            correct_particulars(session, resident_id, right)
    except NotFound:
        raise
    except DomainError as refusal:
        known = _holder(session, refusal, right)
        return _page(session, resident_id, refusal=refusal, known=known), STATUS[refusal.kind]
    person = url_for("residents_file.show_person", resident_id=resident_id)
    return redirect(person, HTTPStatus.SEE_OTHER)


def _holder(session: Session, refusal: DomainError, right: Particulars) -> list[Any]:
    """Whose number it is, as far as this office may know them."""
    if not isinstance(refusal, AlreadyRegistered):
        return []
    holder = register.find_by_id_number(session, papers.check_id_number(right.id_number or ""))
    return [holder] if holder else []


def _page(session: Session, resident_id: int, **facts: Any) -> str:
    person = register.get_person(session, resident_id)
    return file_page(
        session,
        "particulars",
        person,
        part_of="person",
        typed=request.form or _registered(person),
        sexes=[(one.value, word("sex", one)) for one in Sex],
        **facts,
    )


def _registered(person: Any) -> dict[str, str]:
    """What the form holds before somebody types: the number stands for sex and birth day."""
    sealed = person.id_number_cipher
    if sealed:
        number = keyring().decrypt(sealed, ID_NUMBER_FIELD)
        return {"name": person.name, "id_number": number}
    return {"name": person.name, "sex": person.sex, "born_on": person.born_on.isoformat()}
