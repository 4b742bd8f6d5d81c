"""Run the jobs of a timetable, each slot once, whatever breaks in between.

Who leads looks every few seconds whether the latest slot of each job is done, and runs it if not:
so a slot that fell into a restart is run late rather than never. Most jobs do whatever is open, so
that the latest of several missed slots does for all; a job whose every slot counts says how far
back they are made up. The row of the run decides, not the leader: a second scheduler that believes
it leads finds the slot taken.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event
from typing import Any
from uuid import uuid4

from apscheduler.triggers.cron import CronTrigger
from psycopg.errors import LockNotAvailable
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session

from scheduler.acts import acting_for
from scheduler.slots import latest_slot, slots_between
from server import clock
from server.db.cities import in_city
from server.db.sessions import transaction
from server.timetable import queries, rules, service
from server.timetable.errors import RunTakenOver

log = logging.getLogger(__name__)


class Ending(Exception):
    """The process ends or no longer leads: the run is put down between two steps."""


@dataclass(frozen=True)
class Run:
    """One job at work on one slot."""

    job: str
    slot: datetime
    ending: Event
    is_recorded: bool = True
    runner: str = field(default_factory=lambda: uuid4().hex)

    @contextmanager
    def step(self) -> Iterator[Session]:
        """Do one small part of the job in a transaction of its own, while the run is ours.

        A run that is not recorded is everybody's. Raises `Ending`, and `RunTakenOver` when another
        runner has the slot by now.
        """
        if self.ending.is_set():
            raise Ending
        with transaction() as session:
            if self.is_recorded:
                service.touch_run(session, **self.key)
            yield session

    @property
    def key(self) -> dict[str, Any]:
        """How the record knows this run."""
        return {"job": self.job, "slot": self.slot, "runner": self.runner}


@dataclass(frozen=True)
class Entry:
    """A line of the timetable: the job, when it runs in the city's time, and why.

    The work is a sweep: it does everything that is due and not done, answers how much that was,
    and is harmless when it is done twice.

    What happens every few seconds and leaves its own record behind is not recorded once more: each
    leader does it at each slot, and a failure stands in the log.

    A slot that is not done so long after its time is late, and told. Slots missed within `made_up`
    are each run, oldest first; without it the latest alone.
    """

    job: str
    when: CronTrigger
    why: str
    work: Callable[[Run], int]
    is_recorded: bool = True
    late_after: timedelta = timedelta(minutes=10)
    made_up: timedelta = timedelta()


def run_due_slots(entry: Entry, city_code: str, ending: Event) -> None:
    """Run what the entry missed and is to make up, oldest first, and then its latest slot."""
    if entry.made_up and not ending.is_set():
        with in_city(city_code), acting_for(entry.job):
            missed = _missed_slots(entry)
        for slot in missed:
            run_slot(entry, slot, city_code, ending)
    run_latest_slot(entry, city_code, ending)


def run_latest_slot(entry: Entry, city_code: str, ending: Event) -> None:
    """Run the entry's latest slot, unless it is done or someone is at it."""
    slot = latest_slot(entry.when, clock.now())
    if slot is not None:
        run_slot(entry, slot, city_code, ending)


def run_slot(entry: Entry, slot: datetime, city_code: str, ending: Event) -> None:
    """Run one slot of the entry, unless it is done or someone is at it."""
    if ending.is_set():
        return
    run = Run(entry.job, slot, ending, entry.is_recorded)
    with in_city(city_code), acting_for(entry.job, run.runner):
        if not entry.is_recorded:
            _repeat(entry, run, city_code)
        elif _begins(run):
            _carry_out(entry, run)


def run_wish(entry: Entry, wish_id: int, asked_at: datetime, city_code: str, ending: Event) -> None:
    """Do once what somebody wants done now; the wish and its run are taken together."""
    run = Run(entry.job, asked_at, ending, entry.is_recorded)
    with in_city(city_code), acting_for(entry.job, run.runner):
        with transaction() as session:
            is_ours = service.take_wish(session, wish_id)
            if is_ours and entry.is_recorded:
                is_ours = service.begin_run(session, **run.key)
        if is_ours and entry.is_recorded:
            _carry_out(entry, run)
        elif is_ours:
            entry.work(run)


_latest_done: dict[tuple[str, str], datetime] = {}


def _repeat(entry: Entry, run: Run, city_code: str) -> None:
    """Do the work once a slot in this process; a slot that failed is tried at the next look."""
    if _latest_done.get((city_code, entry.job)) == run.slot:
        return None
    try:
        items = entry.work(run)
    except Exception:
        return log.exception("a job failed", extra={"job": run.job, "slot": run.slot.isoformat()})
    _latest_done[city_code, entry.job] = run.slot
    return log.debug("a job ended", extra={"job": run.job, "items": items})


def _missed_slots(entry: Entry) -> list[datetime]:
    """Slots since the job was first known that nobody has ended; before that there are none."""
    now = clock.now()
    with transaction(writes=False) as session:
        first = queries.find_first_slot(session, job=entry.job)
        if first is None:
            return []
        since = max(first, now - entry.made_up)
        ended = queries.list_ended_slots(session, job=entry.job, since=since)
    return [slot for slot in slots_between(entry.when, since, now) if slot not in ended]


def _begins(run: Run) -> bool:
    """A slot that is done is only looked at, so that no act is written for nothing."""
    with transaction(writes=False) as session:
        known = queries.find_run(session, job=run.job, slot=run.slot)
    if not rules.is_open(known, now=clock.now()):
        return False
    try:
        with transaction() as session:
            return service.begin_run(session, **run.key)
    except OperationalError as error:
        if isinstance(error.orig, LockNotAvailable):
            return False  # A step of somebody else's has held the row for long: they are at it.
        raise


def _carry_out(entry: Entry, run: Run) -> None:
    about = {"job": run.job, "slot": run.slot.isoformat(), "runner": run.runner}
    try:
        items, error = entry.work(run), None
    except Ending:
        return _put_down(run)
    except RunTakenOver:
        return log.warning("a run was taken over", extra=about)
    except Exception as failure:
        log.exception("a job failed", extra=about)
        if isinstance(failure, DBAPIError) and failure.connection_invalidated:
            return None  # The database went away: the run goes silent and is taken up again.
        items, error = 0, type(failure).__name__
    with transaction() as session:
        service.end_run(session, **run.key, items=items, error=error)
    return log.info("a job ended", extra={**about, "items": items, "error": error})


def _put_down(run: Run) -> None:
    with transaction() as session:
        service.put_down_run(session, **run.key)
