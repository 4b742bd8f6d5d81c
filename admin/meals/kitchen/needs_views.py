"""饮食情况: what a person may not or would rather not eat, noted at a window."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, redirect, url_for
from sqlmodel import Session

from admin.forms import submitted
from admin.meals.kitchen.forms import NeedsForm
from admin.residents.file_reading import closed_page_or_none, file_page
from admin.words import word
from server.meals.kitchen.needs import find_needs, note_needs
from server.meals.models import Allergen, Diet
from server.residents import register
from server.web.access import reads, submits

blueprint = Blueprint(
    "residents_needs",
    __name__,
    url_prefix="/residents/<int:resident_id>/needs",
    template_folder="../templates",
)


@blueprint.get("")
@reads("residents.open-file")
def show_needs(*, resident_id: int, session: Session) -> str:
    """What was noted last, in the form that notes it anew."""
    return closed_page_or_none(session, resident_id) or _page(session, resident_id)


@blueprint.post("")
@submits("residents.register")
def keep_needs(*, resident_id: int, session: Session) -> Any:
    """Note it anew; kitchens are warned from now on."""
    closed = closed_page_or_none(session, resident_id)
    if closed is not None:
        return closed, HTTPStatus.FORBIDDEN
    values, errors = submitted(NeedsForm)
    if errors:
        page = _page(session, resident_id, errors=errors)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    note_needs(session, resident_id, **values)
    there = url_for("residents_needs.show_needs", resident_id=resident_id)
    return redirect(there, HTTPStatus.SEE_OTHER)


def _page(session: Session, resident_id: int, **facts: Any) -> str:
    return file_page(
        session,
        "needs",
        register.get_in_reach(session, resident_id),
        part_of="meals",
        noted=find_needs(session, resident_id),
        diets=[(one.value, word("diet", one)) for one in Diet],
        allergens=list(Allergen),
        **({"errors": {}} | facts),
    )
