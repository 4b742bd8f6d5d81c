"""What lies in one's own inbox; row security shows nobody another's."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, Select, func, literal, or_, select
from sqlmodel import Session, col

from server import clock
from server.db.acts import Actor
from server.db.sessions import actor_of
from server.errors import NotFound
from server.i18n.catalogues import current_language
from server.notifications import rules
from server.notifications.errors import MessageUnusable
from server.notifications.kinds import Topic, kind_of
from server.notifications.models import Message
from server.notifications.service import BLANK, unsealed
from server.secrets.fields import FieldUnreadable


@dataclass(frozen=True)
class Letter:
    """One message as its owner reads it, in their language of the moment; `context` wrote it."""

    id: int
    topic: Topic
    context: str
    text: str
    at: datetime
    is_seen: bool


def list_letters(
    session: Session, *, after: tuple[datetime, int] | None = None, limit: int
) -> Sequence[Letter]:
    """Return the actor's messages, the latest first; old ones have faded."""
    query = _mine(session, *_COLUMNS)
    order = (col(Message.due_at), col(Message.id))
    if after is not None:
        due_at, message_id = after
        is_older = col(Message.due_at) < due_at
        is_next = (col(Message.due_at) == due_at) & (col(Message.id) < message_id)
        query = query.where(or_(is_older, is_next))
    rows = session.execute(query.order_by(*(one.desc() for one in order)).limit(limit)).all()
    return [_letter(row) for row in rows]


def count_unread(session: Session) -> int:
    """Return how many messages of the actor wait to be opened."""
    query = _mine(session, func.count()).where(col(Message.seen_at).is_(None))
    return int(session.execute(query).scalar_one())


def open_letter(session: Session, message_id: int) -> Letter:
    """Open one's own message: it counts as seen, and nothing further is sent of it.

    Harmless twice. Raises `NotFound`.
    """
    row = session.execute(_mine(session, *_COLUMNS).where(col(Message.id) == message_id)).first()
    if row is None:
        raise NotFound()
    seen = func.see_message(message_id, literal(clock.now(), DateTime(timezone=True)))
    session.execute(select(seen))
    return replace(_letter(row), is_seen=True)


_COLUMNS = (
    col(Message.id),
    col(Message.kind),
    col(Message.facts_cipher),
    col(Message.due_at),
    col(Message.seen_at),
)


def _mine(session: Session, *columns: Any) -> Select[Any]:
    actor = actor_of(session)
    return select(*columns).where(
        _is_own(actor),
        col(Message.due_at) <= clock.now(),
        col(Message.facts_cipher) != BLANK,
    )


def _is_own(actor: Actor) -> Any:
    if actor.account_id is not None:
        return col(Message.account_id) == actor.account_id
    return col(Message.staff_id) == actor.staff_id


def _letter(row: Any) -> Letter:
    return Letter(
        row.id,
        kind_of(row.kind).topic,
        row.kind.partition(".")[0],
        _text(row),
        row.due_at,
        is_seen=row.seen_at is not None,
    )


def _text(row: Any) -> str:
    """A message whose keys or words are gone is still shown as one that was sent."""
    try:
        facts = unsealed(row.facts_cipher)
        text = rules.text_of(row.kind, language=current_language(), facts=facts)
    except (FieldUnreadable, MessageUnusable):
        return ""
    return rules.unsigned(text)
