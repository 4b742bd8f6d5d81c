"""Live through days of reminders as fast as they can be done, from wherever the rows stand.

What is real: the job, its run rows, steps, outbox, leases, retries and the gateway. What is made
up: the clock, which is set from day to day and past the silence of whoever died, instead of being
waited for; APScheduler and the leader's lock, which would have to wait, are tried elsewhere.

A process of its own is `python -m infra.simulation.days 2026-01-01 2026-12-31`: it says that it is
ready, waits for a line, and can be killed at any moment; the next goes on.
"""

import sys
import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from threading import Event
from uuid import uuid4

from sqlalchemy import text

from infra.wiring import wire
from scheduler.delivery import deliver_batch
from scheduler.gateways import Gateway, gateway_for
from scheduler.runs import Entry, run_due_slots
from scheduler.timetable import TIMETABLE
from server import clock
from server.db.acts import Act, Face, acting
from server.db.cities import in_city
from server.db.sessions import transaction
from server.settings import settings
from server.timetable import queries
from server.timetable.rules import TAKEN_OVER_AFTER

JOB = "remind_caregivers"
A_DAY, A_MOMENT = timedelta(days=1), timedelta(seconds=1)
MORNING, SENDING = time_of_day(7, 6), time_of_day(9, 0, 5)
LOOK_AGAIN_S = 0.01
OPEN = text(
    "SELECT max(try_at), bool_or(status = 'leased') FROM message"
    " WHERE status IN ('waiting', 'leased') AND due_at <= :now"
)


@dataclass(frozen=True)
class Living:
    """How a process goes through days: how long it thinks another alive that does nothing."""

    city: str
    gateway: Gateway
    patience_s: float = 0.0

    def through(self, first: date, last: date) -> int:
        """Live from the day where the rows stand to the last; return how many days that were."""
        day, lived = self._day_reached(first), 0
        while day <= last:
            self._remind(day)
            self._deliver(day)
            day, lived = day + A_DAY, lived + 1
        return lived

    def _day_reached(self, first: date) -> date:
        with transaction(writes=False) as session:
            runs = queries.list_runs(session, job=JOB, limit=1)
        return max(first, clock.day_of(runs[0].slot)) if runs else first

    def _remind(self, day: date) -> None:
        """Run the day's slot; whoever holds it is waited for, and followed when gone silent."""
        clock.move_to(datetime.combine(day, MORNING, clock.CITY))
        given_up_at = time.monotonic() + self.patience_s
        while True:
            run_due_slots(_entry(), self.city, Event())
            with transaction(writes=False) as session:
                run = queries.list_runs(session, job=JOB, limit=1)[0]
            if run.ended_at is not None:
                return
            if time.monotonic() >= given_up_at and run.seen_at is not None:
                clock.move_to(max(run.seen_at, clock.now()) + TAKEN_OVER_AFTER + A_MOMENT)
            time.sleep(LOOK_AGAIN_S)

    def _deliver(self, day: date) -> None:
        """Empty the outbox of the day; leases of the dead run out as soon as it is thought so."""
        clock.move_to(datetime.combine(day, SENDING, clock.CITY))
        given_up_at = time.monotonic() + self.patience_s
        while True:
            if deliver_batch(self.gateway, Event()):
                given_up_at = time.monotonic() + self.patience_s
                continue
            held_until, is_held = self._held_until()
            if held_until is None:
                return
            # What waits for its next try, nobody is at: only who holds a lease may yet be alive.
            if not is_held or time.monotonic() >= given_up_at:
                clock.move_to(max(held_until, clock.now()) + A_MOMENT)
            time.sleep(LOOK_AGAIN_S)

    def _held_until(self) -> tuple[datetime | None, bool]:
        """Return when the last open message can be tried, and whether somebody holds any."""
        with transaction(writes=False) as session:
            until, is_held = session.execute(OPEN, {"now": clock.now()}).one()
        return until, bool(is_held)


def _entry() -> Entry:
    return next(entry for entry in TIMETABLE if entry.job == JOB)


def main(first: str, last: str, patience_s: str = "0") -> None:
    """Live through the days when told to, as a process that may be killed."""
    present = settings()
    wire(present)
    living = Living(present.city, gateway_for(present), float(patience_s))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    act = Act(Face.COMMAND, "simulation.days", uuid4().hex, service=True)
    with in_city(present.city), acting(act):
        living.through(date.fromisoformat(first), date.fromisoformat(last))


if __name__ == "__main__":
    main(*sys.argv[1:])
