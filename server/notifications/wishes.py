"""By which ways somebody wants which messages, on which devices, and at which address."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, DateTime, String, delete, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from server import clock
from server.db.sessions import actor_of
from server.notifications.errors import TopicNotChoosable
from server.notifications.kinds import KINDS, Inbox, Kind, Topic
from server.notifications.models import (
    Channel,
    MessageOptOut,
    Platform,
    PushDevice,
    PushDeviceKind,
    StaffEmail,
)


@dataclass(frozen=True)
class Wish:
    """One group of messages by one way; what cannot be chosen is always sent."""

    topic: Topic
    channel: Channel
    is_wanted: bool
    is_choosable: bool


def list_wishes(session: Session) -> Sequence[Wish]:
    """Return every group and way that can reach the actor, with what they chose."""
    actor = actor_of(session)
    is_staff = actor.account_id is None
    unwanted = {(one.topic, one.channel) for one in _own(session)}
    return [
        Wish(topic, channel, (topic.value, channel) not in unwanted, is_choosable(topic))
        for topic in Topic
        for channel in channels_of(topic, is_staff=is_staff)
    ]


def is_choosable(topic: Topic) -> bool:
    """True where some kinds of the group may be left out."""
    return any(kind.may_opt_out for kind in KINDS.values() if kind.topic is topic)


def channels_of(topic: Topic, *, is_staff: bool) -> Sequence[Channel]:
    """Return the ways by which messages of the group reach an account, or a member of staff."""
    kinds = [kind for kind in KINDS.values() if kind.topic is topic and _reaches(kind, is_staff)]
    ways = {step.channel for kind in kinds for step in kind.ladder} - {Channel.CALL}
    if not is_staff:
        ways -= {Channel.EMAIL}
    return [channel for channel in Channel if channel in ways]


def choose(session: Session, topic: Topic, channel: Channel, *, is_wanted: bool) -> None:
    """Want messages of a group by a way, or no more. Raises `TopicNotChoosable`."""
    actor = actor_of(session)
    ways = channels_of(topic, is_staff=actor.account_id is None)
    if not is_choosable(topic) or channel not in ways:
        raise TopicNotChoosable(topic=topic.value)
    owner = {
        "account_id": actor.account_id,
        "staff_id": None if actor.account_id else actor.staff_id,
    }
    if is_wanted:
        session.execute(
            delete(MessageOptOut).where(
                _is_own(session, MessageOptOut),
                col(MessageOptOut.topic) == topic.value,
                col(MessageOptOut.channel) == channel,
            )
        )
        return
    made = insert(MessageOptOut).values(
        **owner, topic=topic.value, channel=channel, since=clock.now()
    )
    session.execute(made.on_conflict_do_nothing())


def register_device(
    session: Session, *, kind: PushDeviceKind, value: str, platform: Platform
) -> None:
    """Let this device take the actor's pushes; one that somebody else used changes hands."""
    put = func.put_push_device(
        literal(kind.value, String),
        literal(value, String),
        literal(platform.value, String),
        literal(clock.now(), DateTime(timezone=True)),
    )
    session.execute(select(put))


def forget_device(session: Session, value: str) -> None:
    """Let one of the actor's devices take no more pushes. Harmless twice."""
    session.execute(
        delete(PushDevice).where(_is_own(session, PushDevice), col(PushDevice.value) == value)
    )


def find_address(session: Session) -> str | None:
    """Return where the member of staff who acts reads mail."""
    query = select(col(StaffEmail.address)).where(
        col(StaffEmail.staff_id) == actor_of(session).staff_id
    )
    return session.execute(query).scalar_one_or_none()


def set_address(session: Session, address: str | None) -> None:
    """Write down where the member of staff who acts reads mail, or that they do not want any."""
    staff_id = actor_of(session).staff_id
    if address is None:
        session.execute(delete(StaffEmail).where(col(StaffEmail.staff_id) == staff_id))
        return
    given = {"address": address, "entered_at": clock.now()}
    made = insert(StaffEmail).values(staff_id=staff_id, **given)
    session.execute(made.on_conflict_do_update(index_elements=["staff_id"], set_=given))


def _own(session: Session) -> Sequence[MessageOptOut]:
    query = select(MessageOptOut).where(_is_own(session, MessageOptOut))
    return session.execute(query).scalars().all()


def _is_own(session: Session, table: type[MessageOptOut] | type[PushDevice]) -> ColumnElement[bool]:
    actor = actor_of(session)
    if actor.account_id is not None:
        return col(table.account_id) == actor.account_id
    return col(table.staff_id) == actor.staff_id


def _reaches(kind: Kind, is_staff: bool) -> bool:
    return kind.inbox in (Inbox.EITHER, Inbox.STAFF if is_staff else Inbox.ACCOUNT)
