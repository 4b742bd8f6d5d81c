"""A death or a move reported at the window, what it ended, and a mistaken one taken back."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, url_for
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.forms import submitted
from admin.residents.file_reading import closed_page_or_none, file_page
from admin.residents.forms import DepartureForm, ReversalForm
from admin.words import word
from server.errors import DomainError, NotFound
from server.i18n.catalogues import gettext as _
from server.residents import openings, register
from server.residents.departures import queries, service
from server.residents.departures.models import AT_THE_WINDOW, IN_A_HOME, DepartureKind
from server.web.access import reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "residents_departures", __name__, url_prefix="/residents/<int:resident_id>/departures",
    template_folder="templates",
)  # fmt: skip


@blueprint.get("")
@reads("residents.open-file")
def show_departures(*, resident_id: int, session: Session) -> Any:
    """Every report about this person, standing or taken back."""
    return closed_page_or_none(session, resident_id) or _page(session, resident_id)


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@reads("residents.open-file")
def export_departures(*, resident_id: int, ending: str, session: Session) -> Response:
    """The same reports as a file, while the person's file is open."""
    openings.check_open(session, resident_id)
    headings = [_("What"), _("Day"), _("Source"), _("Reported"), _("Things it ended"), _("State")]
    cells = (
        [word("departure_kind", one.kind), one.happened_on,
         _named(one.source), one.reported_at,
         len(one.effects), one.reversal_reason or _("stands")]
        for one in queries.list_departures(session, resident_id)
    )  # fmt: skip
    return export(ending, _("Reports of death or moving away"), headings, cells)


@blueprint.post("")
@submits("residents.register")
def report_departure(*, resident_id: int, session: Session) -> Any:
    """Record that the person died or moved away, and end what ends with it."""
    openings.check_open(session, resident_id)
    values, errors = submitted(DepartureForm)
    if errors:
        return _page(session, resident_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        service.report_departure(session, resident_id=resident_id, **values)
    except DomainError as refusal:
        return _page(session, resident_id, refusal=refusal), STATUS[refusal.kind]
    there = url_for("residents_departures.show_departures", resident_id=resident_id)
    return redirect(there, HTTPStatus.SEE_OTHER)


@blueprint.post("/<int:departure_id>/reversal")
@submits("residents.reverse-departure")
def reverse_departure(*, resident_id: int, departure_id: int, session: Session) -> Any:
    """Take a mistaken report back; what cannot come back is listed."""
    openings.check_open(session, resident_id)
    values, errors = submitted(ReversalForm)
    if errors:
        return _page(session, resident_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    if queries.get_departure(session, departure_id).resident_id != resident_id:
        raise NotFound()
    try:
        reversal = service.reverse_departure(session, departure_id, reason=values["reason"])
    except DomainError as refusal:
        return _page(session, resident_id, refusal=refusal), STATUS[refusal.kind]
    return _page(session, resident_id, reversal=reversal)


def _page(session: Session, resident_id: int, **facts: Any) -> str:
    person = register.get_in_reach(session, resident_id)
    return file_page(
        session,
        "departures",
        person,
        departures=queries.list_departures(session, resident_id),
        kinds=[(one.value, word("departure_kind", one)) for one in DepartureKind],
        named=_named,
        **facts,
    )


def _named(source: str) -> str:
    """Where a report comes from; a feed is called what it calls itself."""
    return {AT_THE_WINDOW: _("window"), IN_A_HOME: _("home, confirmed by the county")}.get(
        source, source
    )
