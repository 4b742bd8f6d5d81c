"""Sweeps that belong to no single context. Each is set-based, bounded a step, harmless twice."""

import logging
from collections.abc import Callable, Sequence
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
from server.notifications.calling import close_calls
from server.notifications.service import forget_facts
from server.policies.queries import get_figures
from server.residents.retention import Retired, retire
from server.timetable.models import JobRun

log = logging.getLogger(__name__)

ROWS_A_STEP = 2000


@dataclass(frozen=True)
class Keeping:
    """Rows of a table go when the instant in the column is older than the figure's days."""

    table: type[Table]
    instant: str
    figure: str


KEEPINGS = (
    Keeping(IdempotencyKey, "created_at", "retention.answers_days"),
    Keeping(SignInCode, "expires_at", "retention.codes_days"),
    Keeping(PasskeyChallenge, "expires_at", "retention.codes_days"),
    Keeping(Throttle, "window_at", "retention.tries_days"),
    Keeping(JobRun, "slot", "retention.job_runs_days"),
)
MESSAGES = "retention.message_words_days"
INBOX = "retention.inbox_days"
# What the application's own role has no right to delete: an owner's function does, in its terms.
RETIRED = {
    Retired.SIGN_INS: "retention.sign_ins_days",
    Retired.OPENINGS: "retention.openings_days",
    Retired.API_CALLS: "retention.api_calls_days",
    Retired.CLOSED_ACCOUNTS: "retention.closed_accounts_days",
}


def forget_what_ran_out(run: Run) -> int:
    """Delete rows that are kept for a time only, and blank what old messages said."""
    before = _days_before(run, [*(one.figure for one in KEEPINGS), MESSAGES, INBOX])
    _in_steps(run, _close_calls)
    forgotten = sum(
        _in_steps(run, _delete_old(keeping, before[keeping.figure])) for keeping in KEEPINGS
    )
    return forgotten + _in_steps(run, _forget_messages(before[MESSAGES], before[INBOX]))


def retention(run: Run) -> int:
    """Retire what was kept for as long as it may be, kind by kind; the trail is never touched."""
    before = _days_before(run, list(RETIRED.values()))
    counts = {
        kind.value: _in_steps(run, _retire(kind, before[figure]))
        for kind, figure in RETIRED.items()
    }
    log.info("retired what was kept long enough", extra=counts)
    return sum(counts.values())


def _days_before(run: Run, keys: Sequence[str]) -> dict[str, datetime]:
    """Return for each figure in days the instant so long ago."""
    with run.step() as session:
        figures = get_figures(session, keys, on=clock.today())
    now = clock.now()
    return {key: now - timedelta(days=int(figure.value)) for key, figure in figures.items()}


def _in_steps(run: Run, forget: Callable[[Session], int]) -> int:
    """Repeat until a step finds less than it may take."""
    total, last = 0, ROWS_A_STEP
    while last >= ROWS_A_STEP:
        with run.step() as session:
            last = forget(session)
        total += last
    return total


def _delete_old(keeping: Keeping, before: datetime) -> Callable[[Session], int]:
    """The age stands in the outer condition too: a row renewed meanwhile is kept."""
    columns: Any = inspect(keeping.table).columns
    instant = columns[keeping.instant]
    key = [col(column) for column in inspect(keeping.table).primary_key]

    def forget(session: Session) -> int:
        is_old = instant < before
        old = select(*key).where(is_old).order_by(instant, *key).limit(ROWS_A_STEP)
        gone = delete(keeping.table).where(tuple_(*key).in_(old), is_old).returning(key[0])
        return len(session.execute(gone).all())

    return forget


def _forget_messages(before: datetime, inbox_before: datetime) -> Callable[[Session], int]:
    return lambda session: forget_facts(
        session, due_before=before, inbox_before=inbox_before, limit=ROWS_A_STEP
    )


def _close_calls(session: Session) -> int:
    return close_calls(session, limit=ROWS_A_STEP)


def _retire(kind: Retired, before: datetime) -> Callable[[Session], int]:
    return lambda session: retire(session, kind, before=before, limit=ROWS_A_STEP)
