"""Which slot of a timetable a moment belongs to, and which went by."""

from datetime import datetime, timedelta

from apscheduler.triggers.cron import CronTrigger

# A slot is looked for near before it is looked for far.
LOOK_BACK = (
    timedelta(minutes=1),
    timedelta(hours=1),
    timedelta(days=1),
    timedelta(days=32),
    timedelta(days=366),
)


def latest_slot(when: CronTrigger, now: datetime) -> datetime | None:
    """Return the last instant at or before `now` that the timetable names; None for a year of none.

    Two machines, and a run that is late, agree on the slot: it is the timetable's, not the clock's.
    """
    for span in LOOK_BACK:
        latest: datetime | None = None
        slot: datetime | None = when.get_next_fire_time(None, now - span)
        while slot is not None and slot <= now:
            latest, slot = slot, when.get_next_fire_time(slot, slot)
        if latest is not None:
            return latest
    return None


def slots_between(when: CronTrigger, first: datetime, last: datetime) -> list[datetime]:
    """Return the instants from `first` up to `last` that the timetable names."""
    found: list[datetime] = []
    slot: datetime | None = when.get_next_fire_time(None, first)
    while slot is not None and slot <= last:
        found.append(slot)
        slot = when.get_next_fire_time(slot, slot)
    return found
