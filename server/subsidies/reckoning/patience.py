"""Statements over a whole city may take longer than a page may, and are planned for it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import func, select, text
from sqlmodel import Session

PATIENCE_S = 600
PATIENT = {"patience_s": PATIENCE_S}
NEVER_ROW_BY_ROW = text("SELECT set_config('enable_nestloop', :whether, true)")
MANY = 1_000  # Of fewer rows no plan is a bad one.
BE_PATIENT = text(f"SELECT set_config('statement_timeout', '{PATIENCE_S}s', true)")


def be_patient(session: Session) -> None:
    """Let the statements of this transaction take their time."""
    session.connection().execute(BE_PATIENT)


@contextmanager
def in_sets(session: Session) -> Iterator[None]:
    """Let the block's statements join whole sets, and take their time.

    Rows written a moment ago are not known to the planner: it would look each up line by line.
    """
    be_patient(session)
    session.connection().execute(NEVER_ROW_BY_ROW, {"whether": "off"})
    yield
    session.connection().execute(NEVER_ROW_BY_ROW, {"whether": "on"})


def count_runs_anew(session: Session, written: int) -> None:
    """Let the planner know of lines and facts that were written just now, where they are many."""
    if written >= MANY:
        session.execute(select(func.count_runs_anew()))


def count_payments_anew(session: Session, written: int) -> None:
    """Let the planner know of payments that were written just now, where they are many."""
    if written >= MANY:
        session.execute(select(func.count_payments_anew()))
