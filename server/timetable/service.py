"""Begin, carry on and end the run of a slot."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Update, delete, or_, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from server import clock
from server.db.sessions import actor_of
from server.timetable import queries, rules
from server.timetable.errors import JobUnknown, RunTakenOver, RunWantedAlready
from server.timetable.models import JobLine, JobRun, JobWish


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


def note_run(session: Session, *, job: str, items: int) -> None:
    """Write down work that somebody did by hand and that is to be done in time, as done now."""
    now = clock.now()
    run = JobRun(job=job, slot=now, runner="by-hand", started_at=now, seen_at=now)
    run.ended_at, run.items = now, items
    session.add(run)
    session.flush()


def read_out(session: Session, lines: Sequence[dict[str, Any]]) -> None:
    """Write the timetable down as it is kept, for whoever looks at it; other lines go."""
    kept = [line["job"] for line in lines]
    session.execute(delete(JobLine).where(col(JobLine.job).not_in(kept)))
    told = insert(JobLine).values([{**line, "told_at": clock.now()} for line in lines])
    changed = {name: told.excluded[name] for name in (*lines[0], "told_at") if name != "job"}
    session.execute(told.on_conflict_do_update(index_elements=["job"], set_=changed))


def ask_for_run(session: Session, job: str, *, reason: str) -> JobWish:
    """Have a job run now, once; raises `JobUnknown`, and `RunWantedAlready` while one waits."""
    if queries.find_line(session, job) is None:
        raise JobUnknown(job=job)
    wish = insert(JobWish).values(
        job=job, reason=reason, asked_at=clock.now(), asked_by=actor_of(session).staff_id
    )
    asked = wish.on_conflict_do_nothing().returning(JobWish)
    found: JobWish | None = session.execute(asked).scalars().first()
    if found is None:
        raise RunWantedAlready(job=job)
    return found


def take_wish(session: Session, wish_id: int) -> bool:
    """Take what somebody wants run; False when another scheduler has."""
    taken = update(JobWish).where(col(JobWish.id) == wish_id, col(JobWish.taken_at).is_(None))
    returned = taken.values(taken_at=clock.now()).returning(col(JobWish.id))
    return session.execute(returned).first() is not None


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
