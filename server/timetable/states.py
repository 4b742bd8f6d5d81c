"""How every job stands: its last run, its last success, and how long its runs take."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import text
from sqlmodel import Session

from server.timetable import rules

SHOWN = 20
# Each job is looked up by its key, newest first, however long the record is.
STATES = text(
    """
    SELECT j.job, l.slot, l.started_at, l.seen_at, l.ended_at, l.items, l.error, l.caught_up,
           g.slot AS done_slot, g.succeeded_at, coalesce(d.seconds, '{}') AS seconds
      FROM unnest(CAST(:jobs AS text[])) AS j (job)
      LEFT JOIN LATERAL (
          SELECT * FROM job_run r WHERE r.job = j.job ORDER BY r.slot DESC LIMIT 1) l ON true
      LEFT JOIN LATERAL (
          SELECT r.slot, r.ended_at AS succeeded_at FROM job_run r
           WHERE r.job = j.job AND r.ended_at IS NOT NULL AND r.error IS NULL
           ORDER BY r.slot DESC LIMIT 1) g ON true
      LEFT JOIN LATERAL (
          SELECT array_agg(x.took ORDER BY x.slot) AS seconds FROM (
              SELECT r.slot, extract(epoch FROM r.ended_at - r.started_at)::float AS took
                FROM job_run r WHERE r.job = j.job AND r.ended_at IS NOT NULL
               ORDER BY r.slot DESC LIMIT :shown) x) d ON true
     ORDER BY j.job
    """
)


class Standing(StrEnum):
    """How a job stands, the worst first."""

    FAILED = "failed"
    LATE = "late"
    RUNNING = "running"
    FINE = "fine"
    NEVER = "never"


@dataclass(frozen=True)
class State:
    """A job's last run, and what came before it."""

    job: str
    slot: datetime | None = None
    started_at: datetime | None = None
    seen_at: datetime | None = None
    ended_at: datetime | None = None
    items: int | None = None
    error: str | None = None
    caught_up: bool | None = None
    done_slot: datetime | None = None
    succeeded_at: datetime | None = None
    seconds: Sequence[float] = field(default_factory=list)

    def is_late(self, slot: datetime | None, after: timedelta, now: datetime) -> bool:
        """True where the slot due, or one that was begun, should be done by now."""
        open_slot = self.slot if self.ended_at is None else None
        done_slot = self.slot if self.ended_at is not None else self.done_slot
        return rules.is_late(
            slot=slot, done_slot=done_slot, open_slot=open_slot, after=after, now=now
        )

    def standing(self, slot: datetime | None, after: timedelta, now: datetime) -> Standing:
        """Say how the job stands, where `slot` is the one that is due."""
        if self.error is not None:
            return Standing.FAILED
        if self.is_late(slot, after, now):
            return Standing.LATE
        if self.slot is None:
            return Standing.NEVER
        return Standing.RUNNING if self.ended_at is None else Standing.FINE


def list_states(session: Session, jobs: Sequence[str]) -> Mapping[str, State]:
    """Return how each of these jobs stands, in one query."""
    rows = session.connection().execute(STATES, {"jobs": list(jobs), "shown": SHOWN})
    return {row.job: State(**row._mapping) for row in rows}
