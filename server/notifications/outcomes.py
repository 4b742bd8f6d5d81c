"""How one way of a message ended, and what comes after it.

Each is written once for a way (`message_step`). A message whose owner has opened it goes no
further, whatever was planned.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, DateTime, Integer, String, case, column, tuple_, update, values
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from server import clock
from server.notifications import hours, rules
from server.notifications.kinds import kind_of, next_step
from server.notifications.models import (
    Channel,
    Message,
    MessageStatus,
    MessageStep,
    StepResult,
    Urgency,
)
from server.notifications.service import Claimed, get_quiet

LONGEST_REASON = 60


@dataclass(frozen=True)
class Failure:
    """A message that could not be sent, why (a code, no personal data), and what may follow."""

    message: Claimed
    reason: str
    is_final: bool = False
    pause: timedelta | None = None


@dataclass(frozen=True)
class Ended:
    """A way that is over, with the provider's id for it or the reason why it came to nothing."""

    message: Claimed
    result: StepResult
    reason: str = ""
    provider_id: str = ""
    is_late: bool = False


def mark_sent(
    session: Session, messages: Sequence[Claimed], provider_ids: Mapping[int, str] | None = None
) -> None:
    """Write down that the provider has taken them, whoever holds them by now."""
    known = provider_ids or {}
    _end(
        session,
        [Ended(one, StepResult.SENT, provider_id=known.get(one.id, "")) for one in messages],
    )


def mark_not_needed(session: Session, skipped: Mapping[Claimed, str]) -> None:
    """Write down that a way was not taken, and why: no device, no address, not wished."""
    _end(session, [Ended(one, StepResult.NOT_NEEDED, why) for one, why in skipped.items()])


def mark_failed(session: Session, failures: Sequence[Failure]) -> None:
    """Put each on the next rung of the ladder, or end its way when it was the last.

    A message whose lease has run out is left to whoever holds it now.
    """
    now = clock.now()
    again = {failure.message.id: _next_try(failure, now) for failure in failures}
    over = [one for one in failures if again[one.message.id] is None]
    later = [one for one in failures if again[one.message.id] is not None]
    if later:
        _try_again(session, later, again)
    if over:
        _end(session, [_given_up(one) for one in over])


def _given_up(failure: Failure) -> Ended:
    is_late = not failure.is_final and failure.message.expires_at is not None
    is_late = is_late and failure.message.failures < len(rules.RETRY_LADDER)
    return Ended(failure.message, StepResult.FAILED, failure.reason, is_late=is_late)


def put_off(session: Session, messages: Sequence[Claimed], until: datetime) -> None:
    """Let them wait for the morning, untried."""
    _release(session, messages, until)


def put_back(session: Session, messages: Sequence[Claimed]) -> None:
    """Give up the lease of messages that were not begun, so that another worker need not wait."""
    _release(session, messages, clock.now())


def _release(session: Session, messages: Sequence[Claimed], until: datetime) -> None:
    held = tuple_(col(Message.id), col(Message.try_at))
    back = update(Message).where(
        held.in_([(message.id, message.leased_until) for message in messages]),
        col(Message.status) == MessageStatus.LEASED,
    )
    session.execute(
        back.values(status=_unless_seen(MessageStatus.WAITING.value), try_at=until),
        execution_options={"synchronize_session": False},
    )


def _next_try(failure: Failure, now: datetime) -> datetime | None:
    """Return when to try this way again, or None when it is over."""
    again = rules.next_try_at(failure.message.failures + 1, now=now, at_least=failure.pause)
    is_late = rules.is_expired(failure.message.expires_at, now=again or now)
    return None if failure.is_final or is_late else again


def _try_again(
    session: Session, failures: Sequence[Failure], again: Mapping[int, datetime | None]
) -> None:
    outcome = values(
        column("id", BigInteger),
        column("leased_until", DateTime(timezone=True)),
        column("failures", Integer),
        column("try_at", DateTime(timezone=True)),
        column("reason", String),
        name="outcome",
    ).data(
        [
            (
                one.message.id,
                one.message.leased_until,
                one.message.failures + 1,
                again[one.message.id],
                one.reason[:LONGEST_REASON],
            )
            for one in failures
        ]
    )
    marked = update(Message).where(
        col(Message.id) == outcome.c.id,
        col(Message.status) == MessageStatus.LEASED,
        col(Message.try_at) == outcome.c.leased_until,
    )
    session.execute(
        marked.values(
            status=_unless_seen(MessageStatus.WAITING.value),
            attempts=outcome.c.failures,
            try_at=outcome.c.try_at,
            failure=outcome.c.reason,
        ),
        execution_options={"synchronize_session": False},
    )


def _end(session: Session, ended: Sequence[Ended]) -> None:
    now = clock.now()
    quiet = get_quiet(session, on=clock.today()) if _needs_quiet(ended) else hours.Quiet()
    outcome = _values([_after(one, now, quiet) for one in ended])
    is_ours = (
        col(Message.id) == outcome.c.id,
        col(Message.channel) == outcome.c.channel,
        col(Message.status).not_in((MessageStatus.SEEN, MessageStatus.REACHED)),
    )
    # A failure counts only for whoever holds the message; that a provider has it, counts always.
    is_held = case(
        (
            outcome.c.result == StepResult.FAILED.value,
            (col(Message.status) == MessageStatus.LEASED)
            & (col(Message.try_at) == outcome.c.leased_until),
        ),
        else_=True,
    )
    marked = update(Message).where(*is_ours, is_held)
    session.execute(
        marked.values(
            status=_unless_seen(outcome.c.status),
            channel=outcome.c.next_channel,
            attempts=outcome.c.failures,
            try_at=outcome.c.try_at,
            sent_at=case(
                (outcome.c.result == StepResult.SENT.value, now), else_=col(Message.sent_at)
            ),
            failure=outcome.c.reason,
        ),
        execution_options={"synchronize_session": False},
    )
    _note(session, ended, now)


def _values(rows: Sequence[tuple[Any, ...]]) -> Any:
    moment = DateTime(timezone=True)
    return values(
        column("id", BigInteger),
        column("channel", String),
        column("leased_until", moment),
        column("result", String),
        column("status", String),
        column("next_channel", String),
        column("try_at", moment),
        column("failures", Integer),
        column("reason", String),
        name="outcome",
    ).data(rows)


def _after(ended: Ended, now: datetime, quiet: hours.Quiet) -> tuple[Any, ...]:
    message = ended.message
    status, channel, try_at = where_next(ended, now=now, quiet=quiet)
    is_failure = ended.result is StepResult.FAILED
    moves_on = status is MessageStatus.WAITING
    return (
        message.id,
        message.channel.value,
        message.leased_until,
        ended.result.value,
        status.value,
        channel.value,
        try_at,
        0 if moves_on else message.failures + is_failure,
        ended.reason[:LONGEST_REASON] if is_failure else None,
    )


def where_next(
    ended: Ended, *, now: datetime, quiet: hours.Quiet
) -> tuple[MessageStatus, Channel, datetime]:
    """Return where a message stands after a way has ended, its next way, and when to take it."""
    message, failed = ended.message, ended.result is StepResult.FAILED
    kind = kind_of(message.kind)
    if failed and rules.is_expired(message.expires_at, now=now):
        return MessageStatus.EXPIRED, message.channel, now
    step = next_step(kind, message.channel, failed=failed, has_inbox=message.has_inbox)
    if step is None:
        return _last_status(ended), message.channel, now
    if step.channel is Channel.CALL:
        return MessageStatus.CALLING, step.channel, now
    is_urgent = message.urgency is Urgency.URGENT
    at = now if is_urgent or not message.has_inbox else now + step.wait
    return MessageStatus.WAITING, step.channel, hours.fitting(kind, message.urgency, at, quiet)


def _last_status(ended: Ended) -> MessageStatus:
    if ended.result is not StepResult.FAILED or ended.message.sent_at is not None:
        return MessageStatus.SENT
    return MessageStatus.EXPIRED if ended.is_late else MessageStatus.FAILED


def _needs_quiet(ended: Sequence[Ended]) -> bool:
    """Most ladders have one rung: the hours are asked for only where another follows."""
    return any(
        next_step(
            kind_of(one.message.kind),
            one.message.channel,
            failed=one.result is StepResult.FAILED,
            has_inbox=one.message.has_inbox,
        )
        is not None
        for one in ended
    )


def _unless_seen(status: Any) -> Any:
    """What was opened meanwhile waits for nothing any more."""
    seen = col(Message.seen_at).is_not(None)
    return case((seen, MessageStatus.SEEN.value), else_=status)


def _note(session: Session, ended: Sequence[Ended], now: datetime) -> None:
    """What a provider took stays written, also when a slower worker failed with it."""
    step = insert(MessageStep).values(
        [
            {
                "message_id": one.message.id,
                "channel": one.message.channel,
                "result": one.result,
                "ended_at": now,
                "reason": one.reason[:LONGEST_REASON],
                "provider_id": one.provider_id[:100],
            }
            for one in ended
        ]
    )
    given = step.excluded
    session.execute(
        step.on_conflict_do_update(
            index_elements=["message_id", "channel"],
            set_={
                "result": given.result,
                "ended_at": given.ended_at,
                "reason": given.reason,
                "provider_id": given.provider_id,
            },
            where=col(MessageStep.result) != StepResult.SENT,
        )
    )
