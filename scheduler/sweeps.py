"""Sweeps that belong to no single context. Each is set-based, bounded a step, harmless twice."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, inspect, select, tuple_
from sqlmodel import Session, col

from scheduler.runs import Run
from server import clock
from server.db.tables import Table
from server.idempotency.models import IdempotencyKey
from server.identity.models import PasskeyChallenge, SignInCode, Throttle
from server.notifications import rules as notification_rules
from server.notifications.service import forget_facts
from server.timetable.models import JobRun

ROWS_A_STEP = 2000


@dataclass(frozen=True)
class Keeping:
    """Rows of a table go when the instant in the column is older than this."""

    table: type[Table]
    instant: str
    kept_for: timedelta


KEEPINGS = (
    Keeping(IdempotencyKey, "created_at", timedelta(hours=24)),
    Keeping(SignInCode, "expires_at", timedelta(days=1)),
    Keeping(PasskeyChallenge, "expires_at", timedelta(days=1)),
    Keeping(Throttle, "window_at", timedelta(days=1)),
    Keeping(JobRun, "slot", timedelta(days=400)),
)


def forget_what_ran_out(run: Run) -> int:
    """Delete rows that are kept for a time only, and blank what old messages said."""
    forgotten = sum(_in_steps(run, _delete_old(keeping)) for keeping in KEEPINGS)
    return forgotten + _in_steps(run, _forget_messages)


def _in_steps(run: Run, forget: Callable[[Session, datetime], int]) -> int:
    """Repeat until a step finds less than it may take."""
    total, last, now = 0, ROWS_A_STEP, clock.now()
    while last >= ROWS_A_STEP:
        with run.step() as session:
            last = forget(session, now)
        total += last
    return total


def _delete_old(keeping: Keeping) -> Callable[[Session, datetime], int]:
    """The age stands in the outer condition too: a row renewed meanwhile is kept."""
    columns: Any = inspect(keeping.table).columns
    instant = columns[keeping.instant]
    key = [col(column) for column in inspect(keeping.table).primary_key]

    def forget(session: Session, now: datetime) -> int:
        is_old = instant < now - keeping.kept_for
        old = select(*key).where(is_old).order_by(instant, *key).limit(ROWS_A_STEP)
        gone = delete(keeping.table).where(tuple_(*key).in_(old), is_old).returning(key[0])
        return len(session.execute(gone).all())

    return forget


def _forget_messages(session: Session, now: datetime) -> int:
    due_before = now - notification_rules.FACTS_KEPT_FOR
    return forget_facts(session, due_before=due_before, limit=ROWS_A_STEP)
