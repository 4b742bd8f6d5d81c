"""Empty the outbox: claim, render, send, write down how it went. Any number may run side by side.

A worker that is killed loses nothing: what it held comes free when its lease has run out, and goes
to the provider under the same delivery id. What may go out twice, with a provider that does not
keep to the id, are the few messages between a provider's answer and the next line written here.
"""

import logging
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextvars import copy_context
from datetime import datetime, timedelta
from queue import SimpleQueue
from threading import Event, Thread

from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlmodel import Session

from scheduler.acts import acting_for
from scheduler.gateways import ANSWER_WITHIN_S, CONNECT_WITHIN_S, Gateway
from scheduler.nudges import Nudges
from scheduler.sending import NO_OTHERS, Others, Outcome, Ways
from server import clock
from server.db.cities import in_city
from server.db.sessions import transaction
from server.notifications import breaker, hours, outcomes, queries, reach, service
from server.notifications.breaker import Tally
from server.notifications.kinds import kind_of
from server.notifications.models import Channel
from server.notifications.reach import Owner, Reach
from server.notifications.service import Claimed

BATCH = 32
SENDERS = 16
LOOK_EVERY_S = 0.5
AFTER_TROUBLE_S = 1.0
LONGEST_PAUSE_S = 8.0
WRITE_DOWN_AGAIN_AFTER_S = (0.2, 1.0, 3.0)
ONE_SENDING = timedelta(seconds=CONNECT_WITHIN_S + ANSWER_WITHIN_S + 2)

log = logging.getLogger(__name__)


def deliver_until(
    stop: Event, *, city_code: str, gateway: Gateway, nudges: Nudges, others: Others = NO_OTHERS
) -> None:
    """Deliver the city's messages until told to stop; trouble delays and never ends it."""
    with in_city(city_code):
        pause = AFTER_TROUBLE_S
        while not stop.is_set():
            try:
                if not deliver_batch(gateway, stop, others):
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


def deliver_batch(gateway: Gateway, stop: Event, others: Others = NO_OTHERS) -> int:
    """Deliver what is due, up to a batch; returns how many messages that were."""
    with acting_for("deliver_messages"):
        messages, reaches = _claim()
        ways = Ways(gateway, others, reaches)
        words: Counter[str] = Counter()
        for done in _send_side_by_side(messages, ways, stop):
            words.update(outcome.word for outcome in done)
            _write_down_patiently(done)
    if messages:
        log.info("delivered messages", extra=dict(words))
    return len(messages)


def _claim() -> tuple[Sequence[Claimed], Mapping[Owner, Reach]]:
    """A quiet outbox is only looked at, so that no act is written for nothing."""
    now = clock.now()
    with transaction(writes=False) as session:
        openings = breaker.get_openings(session, now=now)
        channels = [*openings.whole, *openings.to_probe]
        has_work = queries.has_work(session, now=now, channels=channels)
    if not has_work:
        return [], {}
    with transaction() as session:
        messages = [*service.claim_messages(session, limit=BATCH, channels=openings.whole)]
        for channel in openings.to_probe:
            if breaker.try_probe(session, channel):
                messages += service.claim_messages(session, limit=1, channels=[channel])
        messages = _put_off_at_night(session, messages, now)
        return messages, reach.find_reaches(session, messages)


def _put_off_at_night(session: Session, messages: list[Claimed], now: datetime) -> list[Claimed]:
    """What came to the end of its wait by night, or late by an outage, waits for the morning."""
    quiet_ones = [one for one in messages if hours.keeps_quiet(kind_of(one.kind), one.urgency)]
    quiet = service.get_quiet(session, on=clock.today()) if quiet_ones else hours.Quiet()
    if not quiet_ones or not quiet.holds(now):
        return messages
    outcomes.put_off(session, quiet_ones, quiet.over(now))
    return [one for one in messages if one not in quiet_ones]


def _send_side_by_side(
    messages: Sequence[Claimed], ways: Ways, stop: Event
) -> Iterator[Sequence[Outcome]]:
    """Send all of them; yield outcomes as they come in, several at a time where they are fast."""
    waiting: SimpleQueue[Sequence[Claimed] | None] = SimpleQueue()
    done: SimpleQueue[Sequence[Outcome]] = SimpleQueue()
    units = _units(messages)
    senders = min(SENDERS, len(units))
    for unit in [*units, *[None] * senders]:
        waiting.put(unit)
    for _ in range(senders):
        context = copy_context()
        Thread(
            target=context.run, args=(_send_what_waits, waiting, done, ways, stop), daemon=True
        ).start()

    left = len(messages)
    while left:
        outcomes_now = [*done.get()]
        while not done.empty():
            outcomes_now += done.get()
        left -= len(outcomes_now)
        yield outcomes_now


def _units(messages: Sequence[Claimed]) -> list[Sequence[Claimed]]:
    """Pushes go to their service together; everything else one by one."""
    pushes = [one for one in messages if one.channel is Channel.PUSH]
    singles = [[one] for one in messages if one.channel is not Channel.PUSH]
    return [pushes, *singles] if pushes else [*singles]


def _send_what_waits(
    waiting: "SimpleQueue[Sequence[Claimed] | None]",
    done: SimpleQueue[Sequence[Outcome]],
    ways: Ways,
    stop: Event,
) -> None:
    while (unit := waiting.get()) is not None:
        leased_until = min(message.leased_until for message in unit)
        if stop.is_set() or clock.now() > leased_until - ONE_SENDING:
            done.put([Outcome(message, is_begun=False) for message in unit])
        else:
            done.put(ways.send(unit))


def _write_down_patiently(done: Sequence[Outcome]) -> None:
    """What was sent is known here alone: a database that restarts is waited for."""
    for pause in WRITE_DOWN_AGAIN_AFTER_S:
        try:
            return _write_down(done)
        except SQLAlchemyError:
            log.warning("outcomes not written yet", extra={"outcomes": len(done)})
            time.sleep(pause)
    return _write_down(done)


def _write_down(done: Sequence[Outcome]) -> None:
    sent = [outcome for outcome in done if outcome.word == "sent"]
    put_back = [outcome.message for outcome in done if outcome.word == "put_back"]
    skipped = {one.message: one.skipped for one in done if one.skipped is not None}
    failures = [outcome.failure for outcome in done if outcome.failure is not None]
    gone = [value for outcome in done for value in outcome.gone]
    with transaction() as session:
        if sent:
            ids = {one.message.id: one.provider_id for one in sent}
            outcomes.mark_sent(session, [one.message for one in sent], ids)
        if put_back:
            outcomes.put_back(session, put_back)
        if skipped:
            outcomes.mark_not_needed(session, skipped)
        if failures:
            outcomes.mark_failed(session, failures)
        if gone:
            reach.forget_devices(session, gone)
        breaker.note(session, _tallies(done))
    for failure in failures:
        about = {"message_id": failure.message.id, "reason": failure.reason}
        log.warning("a message was not sent", extra=about)


def _tallies(done: Sequence[Outcome]) -> dict[Channel, Tally]:
    """Count for each channel what its provider did; a fault of a message says nothing of it."""
    tallies: dict[Channel, Tally] = {}
    for one in done:
        before = tallies.get(one.message.channel, Tally())
        failure = one.failure
        if one.word == "sent":
            tally = Tally(before.successes + 1, before.troubles, before.reason, before.pause,
                          before.not_let_in)  # fmt: skip
        elif failure is not None and not failure.is_final:
            tally = Tally(
                before.successes,
                before.troubles + 1,
                failure.reason,
                max(before.pause or timedelta(), failure.pause or timedelta()) or None,
                before.not_let_in or one.not_let_in,
            )
        else:
            continue
        tallies[one.message.channel] = tally
    return tallies
