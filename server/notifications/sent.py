"""What was sent to whom, when, and what came of it; for offices over the place of the recipient."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Row,
    Text,
    and_,
    false,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY, BIGINT
from sqlmodel import Session, col

from server import clock
from server.db.sessions import actor_of
from server.errors import NotFound
from server.i18n.catalogues import current_language
from server.notifications import rules
from server.notifications.errors import MessageUnusable
from server.notifications.kinds import KINDS, Topic, entry_of, kind_of
from server.notifications.models import (
    Channel,
    Message,
    MessageOpening,
    MessageStatus,
    MessageStep,
)
from server.notifications.service import BLANK, unsealed
from server.secrets.fields import FieldUnreadable

OPEN_FOR = timedelta(minutes=30)


@dataclass(frozen=True)
class SentFilter:
    """Which messages; what is None is not asked for."""

    topic: Topic | None = None
    status: MessageStatus | None = None
    channel: Channel | None = None
    day: date | None = None


def list_sent(
    session: Session,
    prefixes: Sequence[str],
    wanted: SentFilter,
    *,
    after: tuple[datetime, int] | None = None,
    limit: int,
) -> Sequence[Row[Any]]:
    """Return messages to people below these divisions, the latest first."""
    order = (col(Message.due_at), col(Message.id))
    query = select(*_columns()).where(is_below(prefixes), *_conditions(wanted))
    if after is not None:
        query = query.where(tuple_(*order) < tuple_(*after))
    return session.execute(query.order_by(*(one.desc() for one in order)).limit(limit)).all()


def get_sent(session: Session, prefixes: Sequence[str], message_id: int) -> Row[Any]:
    """Return one of `list_sent`; raises `NotFound`."""
    query = select(*_columns()).where(is_below(prefixes), col(Message.id) == message_id)
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound()
    return row


def is_below(prefixes: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition that a message's recipient belongs below one of the divisions."""
    code = col(Message.division_code)
    below = (and_(code.op("~>=~")(one), code.op("~<~")(f"{one}:")) for one in prefixes)
    return or_(false(), *below)


def list_steps(session: Session, ids: Sequence[int]) -> Mapping[int, list[MessageStep]]:
    """Return by message how each of its ways ended, in the order of time."""
    query = select(MessageStep).where(col(MessageStep.message_id).in_(ids))
    rows = session.execute(query.order_by(col(MessageStep.ended_at), col(MessageStep.id)))
    found: dict[int, list[MessageStep]] = {}
    for step in rows.scalars():
        found.setdefault(step.message_id, []).append(step)
    return found


def find_recipients(session: Session, ids: Sequence[int]) -> Mapping[int, str]:
    """Return by message the name of whom it is for, where that is known; to be masked."""
    told = func.recipients_of(literal(list(ids), ARRAY(BIGINT))).table_valued("message_id", "name")
    return {row.message_id: row.name for row in session.execute(select(told)) if row.name}


def open_messages(session: Session, ids: Sequence[int], *, reason: str) -> None:
    """Look at what messages say and at their numbers, for half an hour; the reason is kept.

    The caller has found them in reach.
    """
    now, staff_id = clock.now(), actor_of(session).staff_id
    assert staff_id is not None, "messages of others are opened by staff"
    session.add_all(
        MessageOpening(
            message_id=message_id,
            staff_id=staff_id,
            reason=reason,
            opened_at=now,
            expires_at=now + OPEN_FOR,
        )
        for message_id in ids
    )
    session.flush()


def find_phones(session: Session, ids: Sequence[int]) -> Mapping[int, str]:
    """Return by message the number of its recipient, where the actor has opened it."""
    now = literal(clock.now(), DateTime(timezone=True))
    told = func.phones_of(literal(list(ids), ARRAY(BIGINT)), now).table_valued(
        "message_id", "phone"
    )
    return {row.message_id: row.phone for row in session.execute(select(told))}


def text_of(session: Session, message_id: int) -> str | None:
    """Return what a message that the actor may see says; None where its words are gone."""
    query = select(col(Message.kind), col(Message.facts_cipher)).where(
        col(Message.id) == message_id, col(Message.facts_cipher) != BLANK
    )
    row = session.execute(query).one_or_none()
    if row is None:
        return None
    try:
        facts = unsealed(row.facts_cipher)
        return rules.text_of(row.kind, language=current_language(), facts=facts)
    except (FieldUnreadable, MessageUnusable):
        return None


def list_openings(session: Session, message_id: int) -> Sequence[Row[Any]]:
    """Return who opened a message, when and why, the latest first."""
    name = func.name_of_staff(col(MessageOpening.staff_id), type_=Text).label("staff_name")
    query = select(col(MessageOpening.opened_at), col(MessageOpening.reason), name)
    query = query.where(col(MessageOpening.message_id) == message_id)
    return session.execute(query.order_by(col(MessageOpening.opened_at).desc())).all()


def topic_of(kind: str) -> Topic:
    """Return the group that a kind belongs to."""
    return kind_of(kind).topic


def _columns() -> tuple[Any, ...]:
    return (
        col(Message.id),
        col(Message.kind),
        col(Message.status),
        col(Message.channel),
        col(Message.due_at),
        col(Message.try_at),
        col(Message.sent_at),
        col(Message.seen_at),
        col(Message.expires_at),
        col(Message.failure),
        col(Message.urgency),
        col(Message.division_code),
        (col(Message.account_id).is_not(None) | col(Message.staff_id).is_not(None)).label(
            "has_inbox"
        ),
    )


def _conditions(wanted: SentFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.topic is not None:
        conditions.append(_is_of(wanted.topic))
    if wanted.status is not None:
        conditions.append(col(Message.status) == wanted.status)
    if wanted.channel is not None:
        conditions.append(col(Message.channel) == wanted.channel)
    if wanted.day is not None:
        begins = datetime.combine(wanted.day, time(), clock.CITY)
        conditions += [
            col(Message.due_at) >= begins,
            col(Message.due_at) < begins + timedelta(days=1),
        ]
    return conditions


def _is_of(topic: Topic) -> ColumnElement[bool]:
    """The kinds of a group: those under its entries, and under no longer entry of another."""
    ours = [entry for entry, kind in KINDS.items() if kind.topic is topic]
    others = [entry for entry in KINDS if entry not in ours]
    conditions = []
    for entry in ours:
        nearer = [other for other in others if other.startswith(entry)]
        is_under = col(Message.kind).startswith(entry, autoescape=True)
        for other in nearer:
            if entry_of(other) == other:
                is_under &= ~col(Message.kind).startswith(other, autoescape=True)
        conditions.append(is_under)
    return or_(*conditions)
