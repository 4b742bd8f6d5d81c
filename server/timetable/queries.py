"""What ran, and how it went."""

from collections.abc import Sequence, Set
from datetime import datetime

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import Session, col, select

from server.timetable.models import JobLine, JobRun, JobWish


def find_run(session: Session, *, job: str, slot: datetime) -> JobRun | None:
    """Return the run of the slot, if anyone ever began it."""
    return session.get(JobRun, (job, slot))


def list_runs(session: Session, *, job: str | None = None, limit: int = 50) -> Sequence[JobRun]:
    """Return the latest runs, newest slot first."""
    runs = select(JobRun).order_by(col(JobRun.slot).desc(), col(JobRun.job)).limit(limit)
    return session.exec(runs if job is None else runs.where(col(JobRun.job) == job)).all()


def list_latest_runs(session: Session) -> Sequence[JobRun]:
    """Return each job's latest run, by name."""
    latest = select(JobRun).ext(distinct_on(col(JobRun.job)))
    return session.exec(latest.order_by(col(JobRun.job), col(JobRun.slot).desc())).all()


def find_first_slot(session: Session, *, job: str) -> datetime | None:
    """Return the first slot of the job that was ever begun."""
    return session.exec(select(func.min(JobRun.slot)).where(col(JobRun.job) == job)).one()


def list_ended_slots(session: Session, *, job: str, since: datetime) -> Set[datetime]:
    """Return the slots of the job from then on that are done."""
    ended = select(col(JobRun.slot)).where(
        col(JobRun.job) == job, col(JobRun.slot) >= since, col(JobRun.ended_at).is_not(None)
    )
    return set(session.exec(ended).all())


def list_runs_since(session: Session, since: datetime) -> Sequence[JobRun]:
    """Return the runs of every job whose slots lie after the instant, oldest first."""
    runs = select(JobRun).where(col(JobRun.slot) > since)
    return session.exec(runs.order_by(col(JobRun.slot), col(JobRun.job))).all()


def find_last_success(session: Session, *, job: str) -> datetime | None:
    """Return when the job last ended well."""
    good = (col(JobRun.job) == job, col(JobRun.error).is_(None), col(JobRun.ended_at).is_not(None))
    last = select(JobRun.ended_at).where(*good).order_by(col(JobRun.slot).desc())
    return session.exec(last.limit(1)).first()


def find_last_good_slot(session: Session, *, job: str, before: datetime) -> datetime | None:
    """Return the latest slot before this one that the job ended well."""
    good = (col(JobRun.job) == job, col(JobRun.error).is_(None), col(JobRun.ended_at).is_not(None))
    last = select(func.max(JobRun.slot)).where(*good, col(JobRun.slot) < before)
    return session.exec(last).one()


def list_lines(session: Session) -> Sequence[JobLine]:
    """Return the timetable as the scheduler last read it out, by name."""
    return session.exec(select(JobLine).order_by(col(JobLine.job))).all()


def find_line(session: Session, job: str) -> JobLine | None:
    """Return the job's line of the timetable, if a scheduler ever read it out."""
    return session.get(JobLine, job)


def list_open_wishes(session: Session) -> Sequence[JobWish]:
    """Return the runs that somebody wants and nobody has begun, the oldest first."""
    wishes = select(JobWish).where(col(JobWish.taken_at).is_(None))
    return session.exec(wishes.order_by(col(JobWish.asked_at), col(JobWish.id))).all()
