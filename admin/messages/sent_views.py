"""What was sent to whom, by which ways, and what came of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, url_for
from sqlalchemy import Row
from sqlmodel import Session

from admin.exports import CSV, XLSX, export
from admin.forms import asked, submitted
from admin.messages.forms import ReasonForm, SentArgs, SentFilters
from admin.pages import page
from admin.words import word
from server import clock, masking
from server.db.sessions import actor_of
from server.i18n.catalogues import gettext as _
from server.identity.roles import reach_of
from server.notifications import breaker, sent
from server.notifications.kinds import Topic
from server.notifications.models import MessageStatus, MessageStep
from server.notifications.sent import SentFilter
from server.web.access import noted, reads, submits
from server.web.pages import page_of, read_cursor

blueprint = Blueprint(
    "sent_messages", __name__, url_prefix="/messages/sent", template_folder="templates"
)
SEE, OPEN = "messages.see", "messages.open"
MOST_IN_AN_EXPORT = 20_000


@blueprint.get("")
@reads(SEE)
def list_sent(*, session: Session) -> str:
    """Messages to people below the office's divisions, the latest first."""
    filters = asked(SentArgs)
    after = read_cursor(filters.pop("cursor"), datetime.fromisoformat, int)
    limit = filters.pop("limit")
    wanted = SentFilter(**filters)
    rows = sent.list_sent(session, _prefixes(session), wanted, after=after, limit=limit + 1)
    found = page_of(rows, limit=limit, key=lambda row: (row.due_at.isoformat(), row.id))
    ids = [row.id for row in found["items"]]
    return page(
        session,
        "admin/messages/sent.html",
        found=found,
        steps=sent.list_steps(session, ids),
        names=sent.find_recipients(session, ids),
        topic_of=sent.topic_of,
        filters=filters,
        asked_for=_in_address(wanted),
        is_first=after is None,
        resting=[one for one in breaker.list_states(session) if one.resting_until],
        topics=[(one.value, word("message_topic", one)) for one in Topic],
        statuses=[(one.value, word("message_status", one)) for one in MessageStatus],
        channels=[(one.value, word("message_channel", one)) for one in breaker.SENT_BY_US],
        as_of=clock.now(),
    )


@blueprint.get(f"/export.<any({CSV}, {XLSX}):ending>")
@noted
@reads(SEE)
def export_sent(*, ending: str, session: Session) -> Response:
    """The filtered messages as a file, with names starred and without their words."""
    wanted = SentFilter(**asked(SentFilters))
    rows = sent.list_sent(session, _prefixes(session), wanted, limit=MOST_IN_AN_EXPORT)
    ids = [row.id for row in rows]
    steps, names = sent.list_steps(session, ids), sent.find_recipients(session, ids)
    headings = [_("Number"), _("To be sent from"), _("To whom"), _("About what"), _("Kind"),
                _("State"), _("Ways"), _("Sent at"), _("Seen at"), _("Reason")]  # fmt: skip
    cells = (_cells(row, names, steps) for row in rows)
    return export(ending, _("Messages sent"), headings, cells)


@blueprint.get("/<int:message_id>")
@reads(SEE)
def show_message(*, message_id: int, session: Session) -> str:
    """One message: every way it took, and its words for whoever opened it."""
    return _page(session, message_id)


@blueprint.post("/<int:message_id>/openings")
@submits(OPEN)
def open_message(*, message_id: int, session: Session) -> Any:
    """Read the words and the number for half an hour; the reason is kept."""
    row = sent.get_sent(session, _prefixes(session, OPEN), message_id)
    values, errors = submitted(ReasonForm)
    if errors:
        return _page(session, message_id, errors=errors), HTTPStatus.UNPROCESSABLE_ENTITY
    sent.open_messages(session, [row.id], **values)
    return redirect(url_for(".show_message", message_id=message_id), HTTPStatus.SEE_OTHER)


def _page(session: Session, message_id: int, **facts: Any) -> str:
    row = sent.get_sent(session, _prefixes(session), message_id)
    phone = sent.find_phones(session, [message_id]).get(message_id)
    return page(
        session,
        "admin/messages/message.html",
        row=row,
        topic=sent.topic_of(row.kind),
        steps=sent.list_steps(session, [message_id]).get(message_id, []),
        name=sent.find_recipients(session, [message_id]).get(message_id),
        phone=phone,
        words=sent.text_of(session, message_id) if phone is not None else None,
        openings=sent.list_openings(session, message_id),
        **facts,
    )


def _prefixes(session: Session, permission: str = SEE) -> Sequence[str]:
    return reach_of(actor_of(session), permission).prefixes


def _in_address(wanted: SentFilter) -> dict[str, str]:
    told = {
        "topic": wanted.topic and wanted.topic.value,
        "status": wanted.status and wanted.status.value,
        "channel": wanted.channel and wanted.channel.value,
        "day": wanted.day and wanted.day.isoformat(),
    }
    return {name: value for name, value in told.items() if value}


def _cells(
    row: Row[Any], names: Mapping[int, str], steps: Mapping[int, list[MessageStep]]
) -> list[Any]:
    name = names.get(row.id)
    ways = [
        f"{word('message_channel', one.channel)} {word('step_result', one.result)}"
        for one in steps.get(row.id, [])
    ]
    return [row.id, row.due_at, masking.name(name) if name else "",
            word("message_topic", sent.topic_of(row.kind)), row.kind,
            word("message_status", row.status), "; ".join(ways), row.sent_at, row.seen_at,
            row.failure or ""]  # fmt: skip
