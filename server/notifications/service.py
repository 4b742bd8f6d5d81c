"""Ask for messages, and hand them to workers so that none is lost and none is sent twice.

A worker takes messages under a lease. One that dies loses nothing: when its lease has run out,
another worker takes the message, and passes the same delivery id to the provider.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import (
    CTE,
    BigInteger,
    DateTime,
    Integer,
    LargeBinary,
    Select,
    String,
    column,
    func,
    literal,
    or_,
    select,
    tuple_,
    update,
    values,
)
from sqlmodel import Session, col

from server import clock
from server.notifications import rules
from server.notifications.models import Channel, Contact, Message, MessageStatus
from server.notifications.queries import OPEN
from server.secrets.fields import keyring

FACTS_FIELD = "message.facts"
FINISHED = (MessageStatus.SENT, MessageStatus.FAILED, MessageStatus.EXPIRED)
BLANK = b""
CLOSED_AT_ONCE = 1000


@dataclass(frozen=True)
class Asked:
    """A message that somebody wants sent, one of several; see `ask_for_message`."""

    phone: str
    language: str
    channel: Channel
    kind: str
    subject: str
    facts: dict[str, Any]
    due_at: datetime
    expires_at: datetime | None = None


@dataclass(frozen=True)
class Claimed:
    """One message in a worker's hands, until `leased_until`."""

    id: int
    phone: str
    language: str
    channel: Channel
    kind: str
    facts_cipher: bytes
    due_at: datetime
    expires_at: datetime | None
    failures: int
    leased_until: datetime


@dataclass(frozen=True)
class Failure:
    """A message that could not be sent, why (a code, no personal data), and what may follow."""

    message: Claimed
    reason: str
    is_final: bool = False
    pause: timedelta | None = None


def ask_for_message(
    session: Session,
    *,
    phone: str,
    language: str,
    channel: Channel,
    kind: str,
    subject: str,
    facts: dict[str, Any],
    due_at: datetime,
    expires_at: datetime | None = None,
) -> bool:
    """Put a message into the outbox of this transaction; False when it was already there.

    Whoever acts may ask. Raises `MessageUnusable` when the kind has no text for these facts.
    """
    rules.text_of(kind, language=language, facts=facts)
    sealed_facts = keyring().encrypt(orjson.dumps(facts).decode(), FACTS_FIELD)
    moment = DateTime(timezone=True)
    asked = func.put_message(
        literal(phone, String),
        literal(language, String),
        literal(channel.value, String),
        literal(kind, String),
        literal(subject, String),
        literal(sealed_facts, LargeBinary),
        literal(due_at, moment),
        literal(expires_at, moment),
        literal(clock.now(), moment),
    )
    return bool(session.execute(select(asked)).scalar_one())


def ask_for_messages(session: Session, messages: Sequence[Asked]) -> int:
    """Put many messages into the outbox by one statement; return how many were not there yet.

    Raises `MessageUnusable` when one of the kinds has no text for its facts.
    """
    if not messages:
        return 0
    moment = DateTime(timezone=True)
    asked = values(
        column("phone", String),
        column("language", String),
        column("channel", String),
        column("kind", String),
        column("subject", String),
        column("facts", LargeBinary),
        column("due_at", moment),
        column("expires_at", moment),
        name="asked",
    ).data([_sealed(message) for message in messages])
    put = func.put_message(*asked.c, literal(clock.now(), moment))
    return sum(bool(is_new) for is_new in session.execute(select(put).select_from(asked)).scalars())


def _sealed(message: Asked) -> tuple[Any, ...]:
    rules.text_of(message.kind, language=message.language, facts=message.facts)
    return (
        message.phone,
        message.language,
        message.channel.value,
        message.kind,
        message.subject,
        keyring().encrypt(orjson.dumps(message.facts).decode(), FACTS_FIELD),
        message.due_at,
        message.expires_at,
    )


def claim_messages(session: Session, *, limit: int) -> Sequence[Claimed]:
    """Take up to `limit` messages that are due; no other worker gets them while the lease lasts.

    Those that came too late to be of use are closed on the way, and never sent.
    """
    now = clock.now()
    _close_late(session, now)
    taken = update(Message).where(col(Message.id) == _ready(now, limit).c.id)
    taken = taken.where(col(Message.contact_id) == col(Contact.id)).values(
        status=MessageStatus.LEASED, try_at=now + rules.LEASE
    )
    rows = session.execute(taken.returning(*_claimed_columns())).all()
    return sorted((Claimed(*row) for row in rows), key=lambda message: (message.due_at, message.id))


def text_of(message: Claimed) -> str:
    """Return what the person will read. Raises `MessageUnusable`, `FieldUnreadable`."""
    facts = orjson.loads(keyring().decrypt(message.facts_cipher, FACTS_FIELD))
    return rules.text_of(message.kind, language=message.language, facts=facts)


def mark_sent(session: Session, messages: Sequence[Claimed]) -> None:
    """Write down that the provider has taken them, whoever holds them by now."""
    sent = update(Message).where(col(Message.id).in_([message.id for message in messages]))
    session.execute(
        sent.values(status=MessageStatus.SENT, sent_at=clock.now(), failure=None),
        execution_options={"synchronize_session": False},
    )


def mark_failed(session: Session, failures: Sequence[Failure]) -> None:
    """Put each on the next rung of the ladder, or close it when it was the last.

    A message whose lease has run out is left to whoever holds it now.
    """
    now = clock.now()
    outcome = values(
        column("id", BigInteger),
        column("leased_until", DateTime(timezone=True)),
        column("status", String),
        column("failures", Integer),
        column("try_at", DateTime(timezone=True)),
        column("reason", String),
        name="outcome",
    ).data([_outcome_of(failure, now) for failure in failures])
    marked = update(Message).where(
        col(Message.id) == outcome.c.id,
        col(Message.status) == MessageStatus.LEASED,
        col(Message.try_at) == outcome.c.leased_until,
    )
    session.execute(
        marked.values(
            status=outcome.c.status,
            attempts=outcome.c.failures,
            try_at=outcome.c.try_at,
            failure=outcome.c.reason,
        ),
        execution_options={"synchronize_session": False},
    )


def put_back(session: Session, messages: Sequence[Claimed]) -> None:
    """Give up the lease of messages that were not begun, so that another worker need not wait."""
    held = tuple_(col(Message.id), col(Message.try_at))
    back = update(Message).where(
        held.in_([(message.id, message.leased_until) for message in messages]),
        col(Message.status) == MessageStatus.LEASED,
    )
    session.execute(
        back.values(status=MessageStatus.WAITING, try_at=clock.now()),
        execution_options={"synchronize_session": False},
    )


def forget_facts(session: Session, *, due_before: datetime, limit: int) -> int:
    """Blank what finished messages said; that they were sent, and when, stays. Harmless twice."""
    old = select(col(Message.id)).where(
        col(Message.status).in_(FINISHED),
        col(Message.facts_cipher) != BLANK,
        col(Message.due_at) < due_before,
    )
    old = old.order_by(col(Message.due_at), col(Message.id)).limit(limit)
    blanked = update(Message).where(col(Message.id).in_(old.with_for_update(skip_locked=True)))
    rows = session.execute(blanked.values(facts_cipher=BLANK).returning(col(Message.id)))
    return len(rows.all())


def _ready(now: datetime, limit: int) -> CTE:
    in_time = or_(col(Message.expires_at).is_(None), col(Message.expires_at) > now)
    return _takeable(now, limit).where(in_time).cte("ready")


def _close_late(session: Session, now: datetime) -> None:
    late = _takeable(now, CLOSED_AT_ONCE).where(col(Message.expires_at) <= now)
    session.execute(
        update(Message).where(col(Message.id).in_(late)).values(status=MessageStatus.EXPIRED),
        execution_options={"synchronize_session": False},
    )


def _takeable(now: datetime, limit: int) -> Select[Any]:
    ready = select(col(Message.id)).where(col(Message.status).in_(OPEN), col(Message.try_at) <= now)
    ready = ready.order_by(col(Message.try_at), col(Message.id)).limit(limit)
    return ready.with_for_update(skip_locked=True)


def _claimed_columns() -> tuple[Any, ...]:
    return (
        col(Message.id),
        col(Contact.phone),
        col(Contact.language),
        col(Message.channel),
        col(Message.kind),
        col(Message.facts_cipher),
        col(Message.due_at),
        col(Message.expires_at),
        col(Message.attempts),
        col(Message.try_at),
    )


def _outcome_of(failure: Failure, now: datetime) -> tuple[Any, ...]:
    message, failures = failure.message, failure.message.failures + 1
    again = rules.next_try_at(failures, now=now, at_least=failure.pause)
    if rules.is_expired(message.expires_at, now=again or now):
        status, again = MessageStatus.EXPIRED, None
    elif failure.is_final or again is None:
        status, again = MessageStatus.FAILED, None
    else:
        status = MessageStatus.WAITING
    return (
        message.id,
        message.leased_until,
        status.value,
        failures,
        again or now,
        failure.reason[:200],
    )
