"""Begin, carry on and end the run of a slot."""

from datetime import datetime
from typing import Any

from sqlalchemy import Update, or_, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from server import clock
from server.timetable import rules
from server.timetable.errors import RunTakenOver
from server.timetable.models import JobRun


def begin_run(session: Session, *, job: str, slot: datetime, runner: str) -> bool:
    """Take the slot for this runner; False when it is done or someone is at it.

    A run that was put down, or whose runner went silent, is taken up where its items stand.
    """
    now = clock.now()
    begun = insert(JobRun).values(
        job=job,
        slot=slot,
        runner=runner,
        started_at=now,
        seen_at=now,
        caught_up=rules.is_caught_up(slot, now=now),
    )
    abandoned = or_(col(JobRun.seen_at).is_(None), col(JobRun.seen_at) < rules.silent_since(now))
    begun = begun.on_conflict_do_update(
        index_elements=["job", "slot"],
        set_={"runner": runner, "seen_at": now},
        where=col(JobRun.ended_at).is_(None) & abandoned,
    )
    return session.execute(begun.returning(col(JobRun.job))).first() is not None


def touch_run(session: Session, *, job: str, slot: datetime, runner: str) -> None:
    """Hold the run until this transaction ends, so that no step of another runner is beside it.

    Raises `RunTakenOver`.
    """
    _change(session, _of(job, slot, runner).values(seen_at=clock.now()))


def put_down_run(session: Session, *, job: str, slot: datetime, runner: str) -> None:
    """Leave the run unfinished for whoever comes next. Raises `RunTakenOver`."""
    _change(session, _of(job, slot, runner).values(seen_at=None))


def end_run(
    session: Session, *, job: str, slot: datetime, runner: str, items: int, error: str | None = None
) -> None:
    """Write down how the run went; the slot is never run again. Raises `RunTakenOver`."""
    now = clock.now()
    ended: dict[str, Any] = {"seen_at": now, "ended_at": now, "items": items, "error": error}
    _change(session, _of(job, slot, runner).values(ended))


def _of(job: str, slot: datetime, runner: str) -> Update:
    return update(JobRun).where(
        col(JobRun.job) == job,
        col(JobRun.slot) == slot,
        col(JobRun.runner) == runner,
        col(JobRun.ended_at).is_(None),
    )


def _change(session: Session, change: Update) -> None:
    if session.execute(change.returning(col(JobRun.job))).first() is None:
        raise RunTakenOver
