"""People are looked for, never leafed through; what is found is a line with stars in it."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, request
from sqlmodel import Session

from admin.forms import submitted
from admin.pages import page
from admin.residents.forms import SearchForm
from server.errors import DomainError
from server.residents import register, rules
from server.web.access import noted, reads
from server.web.problems import STATUS

blueprint = Blueprint("residents", __name__, url_prefix="/residents", template_folder="templates")

SEARCH = "admin/residents/search.html"


@blueprint.get("")
@reads("residents.search")
def show_search(*, session: Session) -> str:
    """The empty search."""
    return page(session, SEARCH, found=None)


@blueprint.post("/search")
@noted
@reads("residents.search")
def search(*, session: Session) -> Any:
    """Who fits, sent as a form so that no name or number stands in an address."""
    values, errors = submitted(SearchForm)
    typed = request.form.get("term", "")
    if errors:
        return page(session, SEARCH, found=None, typed=typed, missing=True), (
            HTTPStatus.UNPROCESSABLE_ENTITY
        )
    try:
        found = register.search(session, rules.read_search(values["term"]))
    except DomainError as refusal:
        return page(session, SEARCH, found=None, typed=typed, refusal=refusal), STATUS[refusal.kind]
    return page(
        session,
        SEARCH,
        found=found[: register.MOST_FOUND],
        has_more=len(found) > register.MOST_FOUND,
        typed=typed,
    )
