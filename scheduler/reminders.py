"""What caregivers, those who employ them and counties are reminded of, day by day."""

from scheduler.runs import Run
from server import clock
from server.caregivers.reminders.asking import chunks, remind_caregivers
from server.caregivers.reminders.service import (
    close_what_is_fixed,
    find_due,
    tell_sites_and_counties,
)

REMINDERS_A_STEP = 250


def remind(run: Run) -> int:
    """Remind of what falls on the day of the slot; a run taken up again finds what was said."""
    day = clock.day_of(run.slot)
    with run.step() as session:
        close_what_is_fixed(session, day)
        due = find_due(session, day, day, day=day)
    said = 0
    for part in chunks(due, REMINDERS_A_STEP):
        with run.step() as session:
            said += remind_caregivers(session, part)
    with run.step() as session:
        return said + tell_sites_and_counties(session, day)
