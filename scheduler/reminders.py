"""What people are reminded of, day by day; each job is harmless twice."""

import logging
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from scheduler.runs import Ending, Run
from scheduler.watching import tell_administrators
from server import clock
from server.caregivers.reminders.asking import chunks, remind_caregivers
from server.caregivers.reminders.rules import Due
from server.caregivers.reminders.service import (
    close_what_is_fixed,
    find_due,
    latest_of_each,
    tell_sites_and_counties,
)
from server.facilities.papers_ending import tell_of_ending_papers
from server.homecare.visits.telling import tell_of_tomorrow
from server.places.ladders import days_between
from server.policies.queries import get_figures
from server.residents.assessments.ending import tell_of_ending_assessments
from server.timetable.errors import RunTakenOver
from server.timetable.queries import find_first_slot, find_last_good_slot, find_last_success

log = logging.getLogger(__name__)

BACKUP, BACKUPS_OLDEST = "backup", "backups.oldest_hours"

REMINDERS_A_STEP = 250
# Days whose run failed are taken up by the next that works, no further back than this.
TAKEN_UP = timedelta(days=7)
A_DAY = timedelta(days=1)


class RemindersLeftOut(RuntimeError):
    """Some reminders could not be put down; the next day's run takes them up again."""


def remind(run: Run) -> int:
    """Remind of what falls on the days to do; a run taken up again finds what was said.

    Raises `RemindersLeftOut` when everything else is done and some could not be.
    """
    days = _days_to_do(run)
    with run.step() as session:
        close_what_is_fixed(session, days[-1])
        due = find_due(session, days[0], days[-1], day=days[-1])
    said, left_out = _say(run, latest_of_each(due))
    said += _tell_each_day(run, days, tell_sites_and_counties)
    if left_out:
        raise RemindersLeftOut(left_out)
    return said


def remind_of_papers(run: Run) -> int:
    """Tell sites and counties of licences that end, on the days of their ladder."""
    return _tell_each_day(run, _days_to_do(run), tell_of_ending_papers)


def remind_of_assessments(run: Run) -> int:
    """Tell communities and counties of assessments that end, on the days of their ladder."""
    return _tell_each_day(run, _days_to_do(run), tell_of_ending_assessments)


def _days_to_do(run: Run) -> list[date]:
    """The day of the slot, after those since the last run that went well."""
    day = clock.day_of(run.slot)
    with run.step() as session:
        last = find_last_good_slot(session, job=run.job, before=run.slot)
        first = find_first_slot(session, job=run.job) or run.slot
    since = clock.day_of(first) if last is None else clock.day_of(last) + A_DAY
    return [*days_between(min(day, max(day - TAKEN_UP, since)), day)]


def _tell_each_day(run: Run, days: Sequence[date], tell: Callable[[Session, date], int]) -> int:
    told = 0
    for day in days:
        with run.step() as session:
            told += tell(session, day)
    return told


def _say(run: Run, due: Sequence[Due]) -> tuple[int, int]:
    """Put down part by part, what breaks one by one; return how many were new and left out."""
    said = left_out = 0
    for part in chunks(due, REMINDERS_A_STEP):
        new = _put_down(run, part)
        for each in (new,) if new is not None else (_put_down(run, [one]) for one in part):
            said += each or 0
            left_out += each is None
    return said, left_out


def _put_down(run: Run, part: Sequence[Due]) -> int | None:
    """Put a part down in a step of its own; None when that broke, and nothing of it is there."""
    try:
        with run.step() as session:
            return remind_caregivers(session, part)
    except (Ending, RunTakenOver):
        raise
    except Exception as failure:
        if isinstance(failure, DBAPIError) and failure.connection_invalidated:
            raise
        about = {"job": run.job, "reminders": len(part), "error": type(failure).__name__}
        log.warning("reminders could not be put down", extra=about)
        return None


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
