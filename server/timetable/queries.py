"""What ran, and how it went."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import Session, col, select

from server.timetable.models import JobRun


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
