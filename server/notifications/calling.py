"""People whom no message reached in time: who is called, and what came of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import DateTime, Row, String, func, literal, or_, select, update
from sqlmodel import Session, col

from server import clock
from server.notifications.errors import CallIsOver
from server.notifications.models import (
    CallOutcome,
    Message,
    MessageCall,
    MessageStatus,
)
from server.notifications.sent import is_below
from server.places.models import Division
from server.policies.queries import list_bases

DAYS = "messages.call_list_days"
DEFAULT_DAYS = 14


def list_calls(
    session: Session, prefixes: Sequence[str], *, village: str | None = None
) -> Sequence[Row[Any]]:
    """Return whom somebody should call below these divisions, place by place."""
    query = (
        select(
            col(Message.id),
            col(Message.kind),
            col(Message.due_at),
            col(Message.expires_at),
            col(Message.failure),
            col(Message.division_code),
            col(Division.name).label("division_name"),
            _of_calls(func.count()).label("calls"),
            _of_calls(func.max(col(MessageCall.called_at))).label("last_called_at"),
        )
        .outerjoin(Division, col(Division.code) == col(Message.division_code))
        .where(is_below(prefixes), *_is_open(session))
        .order_by(col(Message.division_code), col(Message.due_at), col(Message.id))
    )
    if village is not None:
        query = query.where(col(Message.division_code) == village)
    return session.execute(query).all()


def note_call(session: Session, message_id: int, outcome: CallOutcome) -> None:
    """Write down what came of a call. Raises `CallIsOver`."""
    noted = func.note_call(
        message_id,
        literal(outcome.value, String),
        literal(clock.now(), DateTime(timezone=True)),
    )
    if not session.execute(select(noted)).scalar_one():
        raise CallIsOver()


def close_calls(session: Session, *, limit: int) -> int:
    """Take messages off the list that are of no use any more; for the platform. Harmless twice."""
    old = select(col(Message.id)).where(
        col(Message.status) == MessageStatus.CALLING,
        or_(col(Message.due_at) <= _oldest(session), col(Message.expires_at) <= clock.now()),
    )
    old = old.limit(limit).with_for_update(skip_locked=True)
    closed = update(Message).where(col(Message.id).in_(old))
    rows = session.execute(
        closed.values(status=MessageStatus.EXPIRED).returning(col(Message.id)),
        execution_options={"synchronize_session": False},
    )
    return len(rows.all())


def _of_calls(value: Any) -> Any:
    calls = select(value).where(col(MessageCall.message_id) == col(Message.id))
    return calls.correlate(Message).scalar_subquery()


def _is_open(session: Session) -> list[Any]:
    return [
        col(Message.status) == MessageStatus.CALLING,
        col(Message.due_at) > _oldest(session),
        or_(col(Message.expires_at).is_(None), col(Message.expires_at) > clock.now()),
    ]


def _oldest(session: Session) -> datetime:
    basis = list_bases(session, [DAYS], on=clock.today()).get(DAYS)
    return clock.now() - timedelta(days=DEFAULT_DAYS if basis is None else int(basis.value))
