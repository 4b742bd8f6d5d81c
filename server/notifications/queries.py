"""What waits in the outbox."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from server.notifications.models import Channel, Message, MessageStatus

OPEN = (MessageStatus.WAITING, MessageStatus.LEASED)


@dataclass(frozen=True)
class Backlog:
    """How far behind the workers are."""

    overdue: int
    oldest_due_at: datetime | None


def has_work(
    session: Session, *, now: datetime, channels: Collection[Channel] = tuple(Channel)
) -> bool:
    """True when a worker would find something to take by one of these channels."""
    ready = select(col(Message.id)).where(
        col(Message.status).in_(OPEN),
        col(Message.try_at) <= now,
        col(Message.channel).in_(channels),
    )
    return session.exec(ready.order_by(col(Message.try_at)).limit(1)).first() is not None


def get_backlog(session: Session, *, now: datetime) -> Backlog:
    """Return what is due and not finished, for metrics and alarms."""
    due = select(func.count(), func.min(Message.due_at)).where(
        col(Message.status).in_(OPEN), col(Message.due_at) <= now
    )
    overdue, oldest_due_at = session.exec(due).one()
    return Backlog(overdue, oldest_due_at)


def count_backlog(session: Session, *, now: datetime) -> dict[Channel, Backlog]:
    """Return the backlog of each channel, where there is one."""
    due = select(Message.channel, func.count(), func.min(Message.due_at)).where(
        col(Message.status).in_(OPEN), col(Message.try_at) <= now
    )
    rows = session.exec(due.group_by(col(Message.channel))).all()
    return {Channel(channel): Backlog(count, oldest) for channel, count, oldest in rows}
