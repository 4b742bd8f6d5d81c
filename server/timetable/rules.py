"""When a run that never ended may be taken up again."""

from datetime import datetime, timedelta

from server.timetable.models import JobRun

# Longer than any statement may last (15 s), so that a runner that lives is never taken for dead.
TAKEN_OVER_AFTER = timedelta(seconds=60)
# A slot that begins later than this was missed and is made up.
CAUGHT_UP_AFTER = timedelta(seconds=60)


def silent_since(now: datetime) -> datetime:
    """Return the instant before which the last step of a living runner cannot lie."""
    return now - TAKEN_OVER_AFTER


def is_open(run: JobRun | None, *, now: datetime) -> bool:
    """True when nobody has run the slot, it was put down, or whoever began it went silent."""
    if run is None:
        return True
    return run.ended_at is None and (run.seen_at is None or run.seen_at < silent_since(now))


def is_caught_up(slot: datetime, *, now: datetime) -> bool:
    """True for a run that begins when its time is past: something stood still before."""
    return now - slot > CAUGHT_UP_AFTER


def is_late(
    *,
    slot: datetime | None,
    done_slot: datetime | None,
    open_slot: datetime | None,
    after: timedelta,
    now: datetime,
) -> bool:
    """True where the slot that is due, or one that was begun, should be done by now and is not."""
    if open_slot is not None and now > open_slot + after:
        return True
    is_done = slot is None or (done_slot is not None and done_slot >= slot)
    return not is_done and slot is not None and now > slot + after
