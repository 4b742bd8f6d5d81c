"""What is kept of people goes when its time has come; how long stands in dated figures."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import DateTime, Integer, String, func, literal, select
from sqlmodel import Session


class Retired(StrEnum):
    """Kinds that the database's own function retires (`server/migrations/sql/0017_retention`)."""

    SIGN_INS = "sign_ins"
    OPENINGS = "openings"
    API_CALLS = "api_calls"
    CLOSED_ACCOUNTS = "closed_accounts"


def retire(session: Session, kind: Retired, *, before: datetime, limit: int) -> int:
    """Retire up to `limit` rows of a kind that ended before; returns how many. Harmless twice.

    Only the platform may, and nothing that is younger than thirty days, whatever `before` says.
    """
    gone = func.retire(
        literal(kind.value, String),
        literal(before, DateTime(timezone=True)),
        literal(limit, Integer),
    )
    return int(session.execute(select(gone)).scalar_one())
