"""Spare a provider that is in trouble, and the messages that would use up their tries on it.

After several failures in a row a channel rests, each time longer; then one worker sends one message
to see whether it goes. What waits meanwhile is neither tried nor lost.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from server import clock
from server.notifications.models import Channel, ChannelState

FAILURES_TO_REST = 10
FIRST_REST = timedelta(seconds=30)
LONGEST_REST = timedelta(minutes=10)
PROBE_TAKES = timedelta(seconds=30)
SENT_BY_US = (Channel.PUSH, Channel.EMAIL, Channel.SMS)


@dataclass(frozen=True)
class Tally:
    """How one batch went with one channel; `pause` is what the provider asked for."""

    successes: int = 0
    troubles: int = 0
    reason: str = ""
    pause: timedelta | None = None
    not_let_in: bool = False


@dataclass(frozen=True)
class Openings:
    """Channels that may be used, and those of which one message may be tried."""

    whole: Collection[Channel]
    to_probe: Collection[Channel]


def get_openings(session: Session, *, now: datetime) -> Openings:
    """Return which channels work, and which have rested long enough to be tried."""
    resting = {state.channel: state for state in list_states(session) if state.resting_until}
    return Openings(
        [channel for channel in SENT_BY_US if channel not in resting],
        [channel for channel, state in resting.items() if is_over(state, now)],
    )


def is_over(state: ChannelState, now: datetime) -> bool:
    """True when the channel has rested for as long as it should."""
    return state.resting_until is None or state.resting_until <= now


def list_states(session: Session) -> list[ChannelState]:
    """Return what is known of channels that ever had trouble."""
    return list(session.execute(select(ChannelState).order_by(col(ChannelState.channel))).scalars())


def try_probe(session: Session, channel: Channel) -> bool:
    """Let this worker, and no other, see whether a channel that rested works again."""
    now = clock.now()
    probe = update(ChannelState).where(
        col(ChannelState.channel) == channel, col(ChannelState.resting_until) <= now
    )
    taken = session.execute(
        probe.values(resting_until=now + PROBE_TAKES).returning(col(ChannelState.channel)),
        execution_options={"synchronize_session": False},
    )
    return taken.first() is not None


def note(session: Session, tallies: Mapping[Channel, Tally]) -> None:
    """Write down how it went. A success ends the count of failures, and a rest."""
    troubled = {channel for channel, tally in tallies.items() if tally.troubles}
    known = _locked(session, tallies) if troubled else _seen(session, tallies)
    for channel, tally in tallies.items():
        state = known.get(channel)
        if tally.successes and not tally.troubles and state is not None:
            _mend(state)
        elif tally.troubles:
            _worsen(session, state or ChannelState(channel=channel, changed_at=clock.now()), tally)
    session.flush()


def next_rest(rests: int) -> timedelta:
    """Return how long to rest after so many rests without a success."""
    return min(FIRST_REST * int(2 ** min(rests, 10)), LONGEST_REST)


def _seen(session: Session, tallies: Mapping[Channel, Tally]) -> dict[Channel, ChannelState]:
    """The states with failures to forget; most of the time there are none."""
    found = select(ChannelState).where(
        col(ChannelState.channel).in_(list(tallies)), col(ChannelState.failures) > 0
    )
    return {state.channel: state for state in session.execute(found.with_for_update()).scalars()}


def _locked(session: Session, tallies: Mapping[Channel, Tally]) -> dict[Channel, ChannelState]:
    """Every worker adds to one row: whoever is first makes it, the others wait for it."""
    fresh = {"failures": 0, "rests": 0, "reason": "", "changed_at": clock.now()}
    made = insert(ChannelState).values([{"channel": one, **fresh} for one in sorted(tallies)])
    session.execute(made.on_conflict_do_nothing())
    rows = select(ChannelState).where(col(ChannelState.channel).in_(list(tallies)))
    rows = rows.order_by(col(ChannelState.channel)).with_for_update()
    return {state.channel: state for state in session.execute(rows).scalars()}


def _mend(state: ChannelState) -> None:
    state.failures = state.rests = 0
    state.resting_until, state.reason = None, ""
    state.changed_at = clock.now()


def _worsen(session: Session, state: ChannelState, tally: Tally) -> None:
    """A success within the batch ends the row of failures, so that only the rest of it counts."""
    now = clock.now()
    state.failures = tally.troubles + (0 if tally.successes else state.failures)
    state.reason, state.changed_at = tally.reason[:60], now
    rest = tally.pause
    if tally.not_let_in:
        rest = LONGEST_REST
    elif not tally.successes and state.failures >= FAILURES_TO_REST:
        rest = max(next_rest(state.rests), tally.pause or timedelta())
    if rest is not None:
        state.resting_until, state.rests = now + min(rest, LONGEST_REST), state.rests + 1
    session.add(state)
