"""Whom a message can reach, and what waits to be sent."""

from datetime import datetime
from enum import StrEnum
from typing import NewType

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from server.db.tables import Table, chosen_from, instant, key, refers_to, sealed

ContactId = NewType("ContactId", int)
MessageId = NewType("MessageId", int)


class Channel(StrEnum):
    SMS = "sms"


class MessageStatus(StrEnum):
    """Where a message stands; `leased` means a worker has it until its lease ends."""

    WAITING = "waiting"
    LEASED = "leased"
    SENT = "sent"
    FAILED = "failed"
    EXPIRED = "expired"


class Contact(Table, table=True):
    """A phone that can be reached, and its language; pushed down by whoever owns the person."""

    __tablename__ = "contact"
    __table_args__ = (UniqueConstraint("phone"),)

    id: int | None = key()
    phone: str = Field(max_length=20, description="E.164.")
    language: str = Field(default="zh-CN", max_length=10)


class Message(Table, table=True):
    """One message in the outbox; asked for twice, it is there once."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("subject", "kind", "due_at", "contact_id", name="uq_message_once"),
        CheckConstraint("attempts >= 0", name="attempts_not_negative"),
        Index(
            "ix_message_waiting",
            "try_at",
            "id",
            postgresql_where=text("status IN ('waiting', 'leased')"),
        ),
        Index(
            "ix_message_remembered",
            "due_at",
            "id",
            postgresql_where=text(
                "status IN ('sent', 'failed', 'expired') AND facts_cipher <> '\\x'::bytea"
            ),
        ),
    )

    id: int | None = key()
    contact_id: int = refers_to("contact.id")
    channel: Channel = chosen_from(Channel)
    kind: str = Field(
        max_length=60, description="What it is for, for instance `identity.sign_in_code`."
    )
    subject: str = Field(max_length=80, description="What it is about, without personal data.")
    facts_cipher: bytes = sealed(
        description="The template's facts as JSON, sealed; blank once forgotten."
    )
    due_at: datetime = instant()
    expires_at: datetime | None = instant(optional=True)
    status: MessageStatus = chosen_from(MessageStatus, default=MessageStatus.WAITING)
    attempts: int = Field(default=0, description="How often sending it failed.")
    try_at: datetime = instant(
        description="When a worker may take it: when due, after a lease has run out, or to retry."
    )
    sent_at: datetime | None = instant(optional=True)
    failure: str | None = Field(default=None, max_length=200)
