"""Statements over a whole city may take longer than a page may."""

from sqlalchemy import text
from sqlmodel import Session

PATIENCE_S = 600
PATIENT = {"patience_s": PATIENCE_S}
BE_PATIENT = text(f"SELECT set_config('statement_timeout', '{PATIENCE_S}s', true)")


def be_patient(session: Session) -> None:
    """Let the statements of this transaction take their time."""
    session.connection().execute(BE_PATIENT)
