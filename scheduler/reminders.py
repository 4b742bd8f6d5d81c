"""What people are reminded of, day by day; each job is harmless twice."""

from datetime import timedelta

from scheduler.runs import Run
from scheduler.watching import tell_administrators
from server import clock
from server.caregivers.reminders.asking import chunks, remind_caregivers
from server.caregivers.reminders.service import (
    close_what_is_fixed,
    find_due,
    tell_sites_and_counties,
)
from server.facilities.papers_ending import tell_of_ending_papers
from server.homecare.visits.telling import tell_of_tomorrow
from server.policies.queries import get_figures
from server.residents.assessments.ending import tell_of_ending_assessments
from server.timetable.queries import find_last_success

BACKUP, BACKUPS_OLDEST = "backup", "backups.oldest_hours"

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


def remind_of_papers(run: Run) -> int:
    """Tell sites and counties of licences that end, on the days of their ladder."""
    with run.step() as session:
        return tell_of_ending_papers(session, clock.day_of(run.slot))


def remind_of_assessments(run: Run) -> int:
    """Tell communities and counties of assessments that end, on the days of their ladder."""
    with run.step() as session:
        return tell_of_ending_assessments(session, clock.day_of(run.slot))


def tell_tomorrow(run: Run) -> int:
    """Tell elders and workers of tomorrow's visits; the day after it is no use any more."""
    with run.step() as session:
        today = clock.day_of(run.slot)
        return tell_of_tomorrow(session, today) if today == clock.today() else 0


def chase_backups(run: Run) -> int:
    """Tell the administrators, once a day, that the last backup is too old, or that there is none.

    A backup counts from when it was taken here; whether its file is still there nobody can know.
    """
    with run.step() as session:
        figures = get_figures(session, [BACKUPS_OLDEST], on=clock.today())
        oldest = timedelta(hours=int(figures[BACKUPS_OLDEST].value))
        last = find_last_success(session, job=BACKUP)
        if last is not None and clock.now() - last <= oldest:
            return 0
        day = clock.day_of(run.slot)
        facts = {"time": "—" if last is None else f"{last.astimezone(clock.CITY):%Y-%m-%d %H:%M}"}
        return tell_administrators(
            session, "timetable.backup_due", f"backup:{day}", facts, at=run.slot
        )
