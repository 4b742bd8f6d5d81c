"""Empty the outbox: claim, render, send, write down how it went. Any number may run side by side.

A worker that is killed loses nothing: what it held comes free when its lease has run out, and goes
to the provider under the same delivery id. What may go out twice, with a provider that does not
keep to the id, are the few messages between a provider's answer and the next line written here.
"""

import logging
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextvars import copy_context
from dataclasses import dataclass
from datetime import timedelta
from queue import SimpleQueue
from threading import Event, Thread

from sqlalchemy.exc import OperationalError, SQLAlchemyError

from scheduler.acts import acting_for
from scheduler.gateways import (
    ANSWER_WITHIN_S,
    CONNECT_WITHIN_S,
    Gateway,
    Refused,
    TextMessage,
    TryLater,
)
from scheduler.nudges import Nudges
from server import clock
from server.db.cities import current_city, in_city
from server.db.sessions import transaction
from server.notifications import outcomes as ends
from server.notifications import queries, rules, service
from server.notifications.errors import MessageUnusable
from server.notifications.outcomes import Failure
from server.notifications.service import Claimed
from server.secrets.fields import FieldUnreadable

BATCH = 32
SENDERS = 16
LOOK_EVERY_S = 0.5
AFTER_TROUBLE_S = 1.0
LONGEST_PAUSE_S = 8.0
WRITE_DOWN_AGAIN_AFTER_S = (0.2, 1.0, 3.0)
ONE_SENDING = timedelta(seconds=CONNECT_WITHIN_S + ANSWER_WITHIN_S + 2)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """How it went with one message: not begun, sent, or failed."""

    message: Claimed
    is_begun: bool = True
    failure: Failure | None = None

    @property
    def word(self) -> str:
        """The outcome in one word, for counting."""
        if not self.is_begun:
            return "put_back"
        return "sent" if self.failure is None else "failed"


def deliver_until(stop: Event, *, city_code: str, gateway: Gateway, nudges: Nudges) -> None:
    """Deliver the city's messages until told to stop; trouble delays and never ends it."""
    with in_city(city_code):
        pause = AFTER_TROUBLE_S
        while not stop.is_set():
            try:
                if not deliver_batch(gateway, stop):
                    nudges.wait(LOOK_EVERY_S)
                pause = AFTER_TROUBLE_S
            except Exception as trouble:
                _tell_of(trouble)
                stop.wait(pause)
                pause = min(2 * pause, LONGEST_PAUSE_S)
    nudges.close()


def _tell_of(trouble: Exception) -> None:
    """A database that is away is one line, however long it stays away; the rest is a fault."""
    if isinstance(trouble, OperationalError):
        log.warning("delivery waits for the database")
    else:
        log.error("delivery is in trouble", exc_info=trouble)


def deliver_batch(gateway: Gateway, stop: Event) -> int:
    """Deliver what is due, up to a batch; returns how many messages that were."""
    with acting_for("deliver_messages"):
        messages = _claim()
        words: Counter[str] = Counter()
        for outcomes in _send_side_by_side(messages, gateway, stop):
            words.update(outcome.word for outcome in outcomes)
            _write_down_patiently(outcomes)
    if messages:
        log.info("delivered messages", extra=dict(words))
    return len(messages)


def _claim() -> Sequence[Claimed]:
    """A quiet outbox is only looked at, so that no act is written for nothing."""
    with transaction(writes=False) as session:
        has_work = queries.has_work(session, now=clock.now())
    if not has_work:
        return []
    with transaction() as session:
        return service.claim_messages(session, limit=BATCH)


def _send_side_by_side(
    messages: Sequence[Claimed], gateway: Gateway, stop: Event
) -> Iterator[Sequence[Outcome]]:
    """Send all of them; yield outcomes as they come in, several at a time where they are fast."""
    waiting: SimpleQueue[Claimed | None] = SimpleQueue()
    done: SimpleQueue[Outcome] = SimpleQueue()
    senders = min(SENDERS, len(messages))
    for message in [*messages, *[None] * senders]:
        waiting.put(message)
    for _ in range(senders):
        context = copy_context()
        Thread(
            target=context.run, args=(_send_what_waits, waiting, done, gateway, stop), daemon=True
        ).start()

    left = len(messages)
    while left:
        outcomes = [done.get()]
        while not done.empty():
            outcomes.append(done.get())
        left -= len(outcomes)
        yield outcomes


def _send_what_waits(
    waiting: "SimpleQueue[Claimed | None]",
    done: SimpleQueue[Outcome],
    gateway: Gateway,
    stop: Event,
) -> None:
    while (message := waiting.get()) is not None:
        if stop.is_set() or clock.now() > message.leased_until - ONE_SENDING:
            done.put(Outcome(message, is_begun=False))
        else:
            done.put(Outcome(message, failure=_send(message, gateway)))


def _send(message: Claimed, gateway: Gateway) -> Failure | None:
    """Return why the message could not be sent, or None when the provider has it."""
    if rules.is_expired(message.expires_at, now=clock.now()):
        return Failure(message, "expired", is_final=True)
    try:
        gateway.send(_as_text(message))
    except (Refused, MessageUnusable, FieldUnreadable) as error:
        return Failure(message, _reason(error), is_final=True)
    except TryLater as error:
        return Failure(message, _reason(error), pause=error.pause)
    except Exception as error:
        log.exception("a gateway broke", extra={"message_id": message.id})
        return Failure(message, type(error).__name__)
    return None


def _as_text(message: Claimed) -> TextMessage:
    return TextMessage(
        delivery_id=rules.delivery_id(current_city(), message.id, message.due_at),
        phone=message.phone,
        text=service.text_of(message),
        kind=message.kind,
    )


def _reason(error: Exception) -> str:
    return str(error.args[0]) if isinstance(error, Refused | TryLater) else type(error).__name__


def _write_down_patiently(outcomes: Sequence[Outcome]) -> None:
    """What was sent is known here alone: a database that restarts is waited for."""
    for pause in WRITE_DOWN_AGAIN_AFTER_S:
        try:
            return _write_down(outcomes)
        except SQLAlchemyError:
            log.warning("outcomes not written yet", extra={"outcomes": len(outcomes)})
            time.sleep(pause)
    return _write_down(outcomes)


def _write_down(outcomes: Sequence[Outcome]) -> None:
    sent = [outcome.message for outcome in outcomes if outcome.word == "sent"]
    put_back = [outcome.message for outcome in outcomes if not outcome.is_begun]
    failures = [outcome.failure for outcome in outcomes if outcome.failure is not None]
    with transaction() as session:
        if sent:
            ends.mark_sent(session, sent)
        if put_back:
            ends.put_back(session, put_back)
        if failures:
            ends.mark_failed(session, failures)
    for failure in failures:
        about = {"message_id": failure.message.id, "reason": failure.reason}
        log.warning("a message was not sent", extra=about)
