"""Whom a message can reach, what waits to be sent, by which way, and how each way ended."""

from datetime import datetime
from enum import StrEnum
from typing import NewType

from sqlalchemy import CheckConstraint, Column, Enum, Index, UniqueConstraint, text
from sqlmodel import Field

from server.db.tables import Table, chosen_from, instant, key, refers_to, sealed

ContactId = NewType("ContactId", int)
MessageId = NewType("MessageId", int)


class Channel(StrEnum):
    """A way to a person; the inbox is no sending: a message with an owner lies in it at once."""

    INBOX = "inbox"
    PUSH = "push"
    EMAIL = "email"
    SMS = "sms"
    CALL = "call"


class Urgency(StrEnum):
    """An urgent message keeps no quiet hours."""

    NORMAL = "normal"
    URGENT = "urgent"


class MessageStatus(StrEnum):
    """Where a message stands; `leased` means a worker has it until its lease ends.

    `seen` ended by its reader, `calling` is on a call list, `reached` was told on the telephone.
    """

    WAITING = "waiting"
    LEASED = "leased"
    SENT = "sent"
    FAILED = "failed"
    EXPIRED = "expired"
    SEEN = "seen"
    CALLING = "calling"
    REACHED = "reached"


class StepResult(StrEnum):
    """How one way of one message ended."""

    SENT = "sent"
    DELIVERED = "delivered"
    SEEN = "seen"
    FAILED = "failed"
    NOT_NEEDED = "not_needed"


class CallOutcome(StrEnum):
    """What came of a telephone call."""

    REACHED = "reached"
    NOT_REACHED = "not_reached"
    WRONG_NUMBER = "wrong_number"


class PushDeviceKind(StrEnum):
    """How a device named itself: by Firebase installation (new), or by token (old)."""

    FID = "fid"
    TOKEN = "token"


class Platform(StrEnum):
    """What the device is."""

    WEB = "web"
    ANDROID = "android"
    IOS = "ios"


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
                "status IN ('sent', 'failed', 'expired', 'seen', 'reached')"
                " AND facts_cipher <> '\\x'::bytea"
            ),
        ),
        Index(
            "ix_message_of_account",
            "account_id",
            "id",
            postgresql_where=text("account_id IS NOT NULL"),
        ),
        Index(
            "ix_message_of_staff", "staff_id", "id", postgresql_where=text("staff_id IS NOT NULL")
        ),
        Index("ix_message_due", "due_at", "id"),
        Index("ix_message_calling", "division_code", postgresql_where=text("status = 'calling'")),
    )

    id: int | None = key()
    contact_id: int = refers_to("contact.id")
    channel: Channel = chosen_from(Channel)  # The way that is tried now, or was tried last.
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
    # In whose inbox it lies: on the phone, or on the console.
    account_id: int | None = refers_to("account.id", optional=True)
    staff_id: int | None = refers_to("staff.id", optional=True)
    division_code: str | None = Field(
        default=None, max_length=12, description="Where its recipient belongs: who may see it."
    )
    urgency: Urgency = chosen_from(Urgency, standing=Urgency.NORMAL)
    seen_at: datetime | None = instant(optional=True, description="When its owner opened it.")


class MessageStep(Table, table=True):
    """How one way of one message ended: once for each way, whatever broke in between."""

    __tablename__ = "message_step"
    __table_args__ = (
        UniqueConstraint("message_id", "channel"),
        Index("ix_message_step_ended_at", "ended_at"),
    )

    id: int | None = key()
    message_id: int = refers_to("message.id")
    channel: Channel = chosen_from(Channel)
    result: StepResult = chosen_from(StepResult)
    ended_at: datetime = instant()
    reason: str = Field(default="", max_length=60, description="A code without personal data.")
    provider_id: str = Field(default="", max_length=100)


class PushDevice(Table, table=True):
    """A phone or browser that takes pushes for an account or a member of staff."""

    __tablename__ = "push_device"
    __table_args__ = (
        UniqueConstraint("value"),
        CheckConstraint("num_nonnulls(account_id, staff_id) = 1", name="one_person"),
    )

    id: int | None = key()
    account_id: int | None = refers_to("account.id", optional=True, index=True)
    staff_id: int | None = refers_to("staff.id", optional=True, index=True)
    kind: PushDeviceKind = chosen_from(PushDeviceKind)
    value: str = Field(max_length=400, description="The device's name at the push service.")
    platform: Platform = chosen_from(Platform)
    last_seen_at: datetime = instant()


class MessageOptOut(Table, table=True):
    """Somebody wants no messages of a group by one way. They stay in the inbox."""

    __tablename__ = "message_opt_out"
    __table_args__ = (
        CheckConstraint("num_nonnulls(account_id, staff_id) = 1", name="one_person"),
        UniqueConstraint("account_id", "topic", "channel"),
        UniqueConstraint("staff_id", "topic", "channel"),
    )

    id: int | None = key()
    account_id: int | None = refers_to("account.id", optional=True)
    staff_id: int | None = refers_to("staff.id", optional=True)
    topic: str = Field(max_length=30, description="A group of kinds; see `kinds.py`.")
    channel: Channel = chosen_from(Channel)
    since: datetime = instant()


class StaffEmail(Table, table=True):
    """Where a member of staff reads mail; entered by themselves."""

    __tablename__ = "staff_email"
    __table_args__ = (UniqueConstraint("staff_id"),)

    id: int | None = key()
    staff_id: int = refers_to("staff.id")
    address: str = Field(max_length=200)
    entered_at: datetime = instant()


class MessageCall(Table, table=True):
    """A telephone call to somebody whom no message reached."""

    __tablename__ = "message_call"

    id: int | None = key()
    message_id: int = refers_to("message.id", index=True)
    staff_id: int = refers_to("staff.id")
    outcome: CallOutcome = chosen_from(CallOutcome)
    called_at: datetime = instant()


class MessageOpening(Table, table=True):
    """Somebody looked at what a message says and at its number, and why."""

    __tablename__ = "message_opening"

    id: int | None = key()
    message_id: int = refers_to("message.id", index=True)
    staff_id: int = refers_to("staff.id")
    reason: str = Field(max_length=200)
    opened_at: datetime = instant()
    expires_at: datetime = instant()


class ChannelState(Table, table=True):
    """How a provider does: after many failures in a row its channel rests."""

    __tablename__ = "channel_state"

    channel: Channel = Field(
        sa_column=Column(
            Enum(
                Channel,
                native_enum=False,
                create_constraint=True,
                name="channel",
                length=30,
                values_callable=lambda members: [member.value for member in members],
            ),
            primary_key=True,
        )
    )
    failures: int = Field(default=0, description="In a row, since the last success.")
    rests: int = Field(default=0, description="How often it rested since the last success.")
    resting_until: datetime | None = instant(optional=True)
    reason: str = Field(default="", max_length=60)
    changed_at: datetime = instant()
