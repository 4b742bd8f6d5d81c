"""What the scheduler that leads does besides its timetable: it reads it out, runs what somebody
wants run now, and tells the administrators once of every slot that is late or failed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event
from typing import Any

from sqlmodel import Session

from scheduler.acts import acting_for
from scheduler.runs import Entry, run_wish
from scheduler.slots import latest_slot
from server import clock
from server.db.cities import in_city
from server.db.sessions import transaction
from server.identity.models import Role
from server.identity.telling import list_reachable, tell_once
from server.notifications.models import Channel
from server.notifications.service import Asked
from server.timetable import queries, service
from server.timetable.models import JobRun

LATE, FAILED = "timetable.job_late", "timetable.job_failed"
READ_OUT_EVERY = timedelta(minutes=1)
FAILED_SINCE = timedelta(days=1)
USELESS_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class Alarm:
    """A slot that is late, or that failed, and since when that is known."""

    kind: str
    job: str
    slot: datetime
    at: datetime


@dataclass
class Watch:
    """Looks after one city's timetable while this process leads it."""

    timetable: Sequence[Entry]
    city: str
    ending: Event
    since: datetime = field(default_factory=clock.now)
    _read_out_at: datetime | None = None
    _told: set[tuple[str, str, datetime]] = field(default_factory=set)

    def look(self) -> None:
        """Read the timetable out each minute, and tell of what is late or failed."""
        with in_city(self.city), acting_for("watch_jobs"):
            now = clock.now()
            if self._read_out_at is None or now - self._read_out_at >= READ_OUT_EVERY:
                self._read_out(now)
            self._tell(self._alarms(now))

    def run_wishes(self) -> None:
        """Run what somebody wants run now, each once."""
        with in_city(self.city), acting_for("watch_jobs"), transaction(writes=False) as session:
            wishes = [(one.id, one.job, one.asked_at) for one in queries.list_open_wishes(session)]
        entries = {entry.job: entry for entry in self.timetable}
        for wish_id, job, asked_at in wishes:
            if job in entries and wish_id is not None:
                run_wish(entries[job], wish_id, asked_at, self.city, self.ending)

    def _read_out(self, now: datetime) -> None:
        lines = [line_of(entry, now) for entry in self.timetable]
        with transaction() as session:
            service.read_out(session, lines)
        self._read_out_at = now

    def _alarms(self, now: datetime) -> list[Alarm]:
        with transaction(writes=False) as session:
            runs = {
                (run.job, run.slot): run
                for run in queries.list_runs_since(session, now - FAILED_SINCE)
            }
        return [*self._late(runs, now), *self._failed(runs)]

    def _late(self, runs: dict[tuple[str, datetime], JobRun], now: datetime) -> Iterator[Alarm]:
        """A slot from before this process led has as long as if it had come with it."""
        for entry in self.timetable:
            slot = latest_slot(entry.when, now - entry.late_after) if entry.is_recorded else None
            if slot is None or now < self.since + entry.late_after or slot < now - FAILED_SINCE:
                continue
            run = runs.get((entry.job, slot))
            if run is None or run.ended_at is None:
                yield Alarm(LATE, entry.job, slot, slot + entry.late_after)

    @staticmethod
    def _failed(runs: dict[tuple[str, datetime], JobRun]) -> Iterator[Alarm]:
        for run in runs.values():
            if run.error is not None and run.ended_at is not None:
                yield Alarm(FAILED, run.job, run.slot, run.ended_at)

    def _tell(self, alarms: Sequence[Alarm]) -> None:
        """One message an alarm and administrator, whoever leads and however often it looks."""
        new = [one for one in alarms if (one.kind, one.job, one.slot) not in self._told]
        if not new:
            return
        with transaction() as session:
            for one in new:
                slot = one.slot.astimezone(clock.CITY)
                facts = {"job": one.job, "time": f"{slot:%Y-%m-%d %H:%M}"}
                subject = f"job:{one.job}:{slot:%Y%m%dT%H%M%S}"[:80]
                tell_administrators(session, one.kind, subject, facts, at=one.at)
        self._told |= {(one.kind, one.job, one.slot) for one in new}


def line_of(entry: Entry, now: datetime) -> dict[str, Any]:
    """Return the entry as whoever looks at the timetable reads it."""
    return {
        "job": entry.job,
        "fields": fields_of(entry),
        "why": entry.why,
        "is_recorded": entry.is_recorded,
        "late_after_s": int(entry.late_after.total_seconds()),
        "made_up_s": int(entry.made_up.total_seconds()),
        "slot_at": latest_slot(entry.when, now),
        "next_at": entry.when.get_next_fire_time(None, now),
    }


def fields_of(entry: Entry) -> str:
    """Return when the entry runs, in the words of cron."""
    return str(entry.when).removeprefix("cron[").removesuffix("]")


def tell_administrators(
    session: Session, kind: str, subject: str, facts: dict[str, Any], *, at: datetime
) -> int:
    """Ask for one message to each administrator who left a phone; asked twice, it is sent once."""
    people = list_reachable(session, [Role.ADMINISTRATOR], day=clock.today())
    return tell_once(
        session,
        [
            Asked(
                phone=who.phone,
                language=who.language,
                channel=Channel.SMS,
                kind=kind,
                subject=subject,
                facts=facts,
                due_at=at,
                expires_at=at + USELESS_AFTER,
            )
            for who in people
        ],
    )
