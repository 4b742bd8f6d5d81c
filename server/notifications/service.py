"""Ask for messages, and hand them to workers so that none is lost and none is sent twice.

A worker takes messages under a lease. One that dies loses nothing: when its lease has run out,
another worker takes the message, and passes the same delivery id to the provider.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import (
    CTE,
    BigInteger,
    DateTime,
    LargeBinary,
    Select,
    String,
    case,
    cast,
    column,
    func,
    literal,
    or_,
    select,
    update,
    values,
)
from sqlmodel import Session, col

from server import clock
from server.notifications import hours, rules
from server.notifications.kinds import UNLISTED, first_channels, kind_of
from server.notifications.models import Channel, Contact, Message, MessageStatus, Urgency
from server.notifications.queries import OPEN
from server.policies.queries import list_bases
from server.secrets.fields import keyring

FACTS_FIELD = "message.facts"
FINISHED = (
    MessageStatus.SENT,
    MessageStatus.FAILED,
    MessageStatus.EXPIRED,
    MessageStatus.SEEN,
    MessageStatus.REACHED,
)
BLANK = b""
CLOSED_AT_ONCE = 1000


@dataclass(frozen=True)
class Asked:
    """A message that somebody wants sent, one of several; see `ask_for_message`.

    By which ways it goes is the kind's (`kinds.py`); `channel` counts for kinds not listed there.
    In whose inbox it lies may be said; else whoever has this phone is found, as the kind allows.
    Whoever has no phone is asked for with an empty one and an `account_id` or `staff_id`.
    """

    phone: str
    language: str
    channel: Channel
    kind: str
    subject: str
    facts: dict[str, Any]
    due_at: datetime
    expires_at: datetime | None = None
    account_id: int | None = None
    staff_id: int | None = None
    village_code: str | None = None
    urgency: Urgency = Urgency.NORMAL


@dataclass(frozen=True)
class Claimed:
    """One message in a worker's hands, until `leased_until`; `channel` is the way to try now."""

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
    account_id: int | None = None
    staff_id: int | None = None
    urgency: Urgency = Urgency.NORMAL
    sent_at: datetime | None = None

    @property
    def has_inbox(self) -> bool:
        """True where it lies in somebody's inbox."""
        return self.account_id is not None or self.staff_id is not None


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
    asked = Asked(phone, language, channel, kind, subject, facts, due_at, expires_at)
    return bool(ask_for_messages(session, [asked]))


def ask_for_messages(session: Session, messages: Sequence[Asked]) -> int:
    """Put many messages into the outbox by one statement; return how many were not there yet.

    One that is due at night waits for the morning, unless it is urgent. Raises `MessageUnusable`
    when one of the kinds has no text for its facts.
    """
    if not messages:
        return 0
    quiet = _quiet_for(session, messages)
    moment = DateTime(timezone=True)
    asked = values(
        column("phone", String),
        column("language", String),
        column("channel", String),
        column("alone", String),
        column("kind", String),
        column("subject", String),
        column("facts", LargeBinary),
        column("due_at", moment),
        column("expires_at", moment),
        column("try_at", moment),
        column("inbox", String),
        column("account_id", BigInteger),
        column("staff_id", BigInteger),
        column("division", String),
        column("urgency", String),
        name="asked",
    ).data([_sealed(message, quiet) for message in messages])
    # A column in which all rows are empty has no type of its own.
    typed = (cast(one, one.type) for one in asked.c)
    put = func.put_message(*typed, literal(clock.now(), moment))
    return sum(bool(is_new) for is_new in session.execute(select(put).select_from(asked)).scalars())


def get_quiet(session: Session, *, on: date) -> hours.Quiet:
    """Return the quiet hours of a day; where a city has set none, those of the product hold."""
    basis = list_bases(session, [hours.QUIET_HOURS], on=on).get(hours.QUIET_HOURS)
    return hours.Quiet() if basis is None else hours.Quiet.of(basis.value)


def _quiet_for(session: Session, messages: Sequence[Asked]) -> hours.Quiet:
    """What is urgent need not ask when the night begins."""
    if any(hours.keeps_quiet(kind_of(one.kind), one.urgency) for one in messages):
        return get_quiet(session, on=clock.today())
    return hours.Quiet()


def _sealed(message: Asked, quiet: hours.Quiet) -> tuple[Any, ...]:
    rules.text_of(message.kind, language=message.language, facts=message.facts)
    kind = kind_of(message.kind)
    first, alone = first_channels(kind)
    if kind is UNLISTED:
        first = alone = message.channel
    is_urgent = Urgency.URGENT in (message.urgency, kind.urgency)
    urgency = Urgency.URGENT if is_urgent else Urgency.NORMAL
    return (
        message.phone,
        message.language,
        first.value,
        alone.value,
        message.kind,
        message.subject,
        keyring().encrypt(orjson.dumps(message.facts).decode(), FACTS_FIELD),
        message.due_at,
        message.expires_at,
        hours.fitting(kind, urgency, message.due_at, quiet),
        kind.inbox.value,
        message.account_id,
        message.staff_id,
        message.village_code,
        urgency.value,
    )


def claim_messages(
    session: Session, *, limit: int, channels: Collection[Channel] = tuple(Channel)
) -> Sequence[Claimed]:
    """Take up to `limit` messages that are due; no other worker gets them while the lease lasts.

    Only those whose next way is one of these channels.

    Those that came too late to be of use are closed on the way, and never sent.
    """
    now = clock.now()
    _close_late(session, now)
    taken = update(Message).where(col(Message.id) == _ready(now, limit, channels).c.id)
    taken = taken.where(col(Message.contact_id) == col(Contact.id)).values(
        status=MessageStatus.LEASED, try_at=now + rules.LEASE
    )
    rows = session.execute(taken.returning(*_claimed_columns())).all()
    return sorted((Claimed(*row) for row in rows), key=lambda message: (message.due_at, message.id))


def text_of(message: Claimed) -> str:
    """Return what the person will read. Raises `MessageUnusable`, `FieldUnreadable`."""
    return rules.text_of(message.kind, language=message.language, facts=facts_of(message))


def facts_of(message: Claimed) -> dict[str, Any]:
    """Return what fills the template. Raises `FieldUnreadable`."""
    return unsealed(message.facts_cipher)


def unsealed(facts_cipher: bytes) -> dict[str, Any]:
    """Return the facts that lie sealed. Raises `FieldUnreadable`."""
    facts: dict[str, Any] = orjson.loads(keyring().decrypt(facts_cipher, FACTS_FIELD))
    return facts


def forget_facts(
    session: Session, *, due_before: datetime, inbox_before: datetime, limit: int
) -> int:
    """Blank what finished messages said; that they were sent, and when, stays. Harmless twice.

    What lies in an inbox is read there for longer than what was sent and is gone.
    """
    lies_in_inbox = or_(col(Message.account_id).is_not(None), col(Message.staff_id).is_not(None))
    old = select(col(Message.id)).where(
        col(Message.status).in_(FINISHED),
        col(Message.facts_cipher) != BLANK,
        col(Message.due_at) < case((lies_in_inbox, inbox_before), else_=due_before),
    )
    old = old.order_by(col(Message.due_at), col(Message.id)).limit(limit)
    blanked = update(Message).where(col(Message.id).in_(old.with_for_update(skip_locked=True)))
    rows = session.execute(blanked.values(facts_cipher=BLANK).returning(col(Message.id)))
    return len(rows.all())


def _ready(now: datetime, limit: int, channels: Collection[Channel]) -> CTE:
    in_time = or_(col(Message.expires_at).is_(None), col(Message.expires_at) > now)
    ready = _takeable(now, limit).where(in_time)
    return ready.where(col(Message.channel).in_(channels)).cte("ready")


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
        col(Message.account_id),
        col(Message.staff_id),
        col(Message.urgency),
        col(Message.sent_at),
    )
