"""Whom no message reached: who is called, on paper or at the desk, and what came of it."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, url_for
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.forms import asked, submitted
from admin.messages.forms import CallFilters, OpenAllForm, OutcomeForm, ReasonForm
from admin.pages import page
from admin.words import word
from server import clock, masking
from server.db.sessions import actor_of
from server.errors import DomainError
from server.i18n.catalogues import gettext as _
from server.identity.roles import reach_of
from server.notifications import calling, sent
from server.notifications.models import CallOutcome
from server.web.access import noted, reads, submits
from server.web.problems import STATUS

blueprint = Blueprint(
    "message_calls", __name__, url_prefix="/messages/calls", template_folder="templates"
)
CALL = "messages.call"


@blueprint.get("")
@reads(CALL)
def list_calls(*, session: Session) -> str:
    """Everybody who waits for a call below the office's divisions, place by place."""
    return _page(session)


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(CALL)
def export_calls(*, ending: str, session: Session) -> Response:
    """The list as a file: names starred, numbers only of those that were opened."""
    rows = calling.list_calls(session, _prefixes(session), **asked(CallFilters))
    ids = [row.id for row in rows]
    names, phones = sent.find_recipients(session, ids), sent.find_phones(session, ids)
    headings = [_("Number"), _("Village or community"), _("To whom"), _("Telephone"),
                _("About what"), _("To be sent from"), _("Of use until"),
                _("Calls so far"), _("Last call")]  # fmt: skip
    cells = (
        [row.id, row.division_name or row.division_code, _masked(names.get(row.id)),
         phones.get(row.id, ""), word("message_topic", sent.topic_of(row.kind)), row.due_at,
         row.expires_at, row.calls, row.last_called_at]
        for row in rows
    )  # fmt: skip
    return export(ending, _("Call list"), headings, cells)


@blueprint.post("/openings")
@submits(CALL)
def open_all(*, session: Session) -> Any:
    """Show every number of the list, to be printed and taken along; the reason is kept for each."""
    values, errors = submitted(OpenAllForm)
    if errors:
        return _page(session, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    village = values["village"]
    rows = calling.list_calls(session, _prefixes(session), village=village)
    sent.open_messages(session, [row.id for row in rows], reason=values["reason"])
    there = {"village": village} if village else {}
    return redirect(url_for(".list_calls", **there), HTTPStatus.SEE_OTHER)


@blueprint.post("/<int:message_id>/openings")
@submits(CALL)
def open_number(*, message_id: int, session: Session) -> Any:
    """Show the number and the words for half an hour; the reason is kept."""
    row = sent.get_sent(session, _prefixes(session), message_id)
    values, errors = submitted(ReasonForm)
    if errors:
        return _page(session, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    sent.open_messages(session, [row.id], **values)
    return _back(message_id)


@blueprint.post("/<int:message_id>/outcomes")
@submits(CALL)
def note_outcome(*, message_id: int, session: Session) -> Any:
    """Write down whether they were reached."""
    sent.get_sent(session, _prefixes(session), message_id)
    values, errors = submitted(OutcomeForm)
    if errors:
        return _page(session, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        calling.note_call(session, message_id, values["outcome"])
    except DomainError as refusal:
        return _page(session, refusal=refusal), STATUS[refusal.kind]
    return _back(message_id)


def _page(session: Session, **facts: Any) -> str:
    wanted = {"village": None} if facts else asked(CallFilters)
    prefixes = _prefixes(session)
    rows = calling.list_calls(session, prefixes, **wanted)
    everywhere = rows if wanted["village"] is None else calling.list_calls(session, prefixes)
    ids = [row.id for row in rows]
    phones = sent.find_phones(session, ids)
    return page(
        session,
        "admin/messages/calls.html",
        rows=rows,
        names=sent.find_recipients(session, ids),
        phones=phones,
        texts={one: sent.text_of(session, one) for one in phones},
        topic_of=sent.topic_of,
        places=sorted({(row.division_code, row.division_name) for row in everywhere}),
        wanted=wanted,
        outcomes=list(CallOutcome),
        as_of=clock.now(),
        **facts,
    )


def _prefixes(session: Session) -> Sequence[str]:
    return reach_of(actor_of(session), CALL).prefixes


def _back(message_id: int) -> Response:
    there = url_for(".list_calls", _anchor=f"call-{message_id}")
    return redirect(there, HTTPStatus.SEE_OTHER)  # type: ignore[return-value]


def _masked(name: str | None) -> str:
    return masking.name(name) if name else ""
