"""People are looked for, never leafed through; what is found is a line with stars in it."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, request
from sqlmodel import Session

from admin.exports import export, mark_of
from admin.forms import submitted
from admin.pages import page
from admin.residents.forms import ExportForm, SearchForm
from server.errors import DomainError
from server.i18n.catalogues import gettext as _
from server.residents import openings, register, rules
from server.residents.exporting import cells_of, resident_headings, watermarked
from server.web.access import noted, reads, submits
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


@blueprint.post("/export")
@submits("residents.export", with_reason=True)
def export_found(*, session: Session) -> Any:
    """Whoever the same search finds, as a file: starred, with a reason, marked at its end.

    Everybody in it can see that they were taken along, by whom and why.
    """
    values, errors = submitted(ExportForm)
    typed = request.form.get("term", "")
    if errors:
        return page(session, SEARCH, found=None, typed=typed, errors=errors), (
            HTTPStatus.UNPROCESSABLE_ENTITY
        )
    try:
        rows = register.search_told(session, rules.read_search(values["term"]))
    except DomainError as refusal:
        return page(session, SEARCH, found=None, typed=typed, refusal=refusal), STATUS[refusal.kind]
    openings.note_export(session, [row.id for row in rows], reason=values["reason"])
    cells = [cells_of(row, is_masked=True) for row in rows]
    marked = watermarked(cells, mark_of(session, values["reason"]))
    return export(values["kind"], _("Residents"), resident_headings(), marked)
