"""Lines of the trail, newest first, and how far the trail is sealed.

Beneath these the database shows lines to the platform and to the city's auditors alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, or_, select, text
from sqlmodel import Session, col

from server import clock
from server.audit.many import begins, hundred_of
from server.audit.models import ActRow, TrailAnchor, TrailEntry, TrailSeal

STATE = text("SELECT * FROM trail_state()")
FOLLOWED = text(
    "SELECT c.relname::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
    " WHERE c.relnamespace = current_schema()::regnamespace"
    " AND t.tgname IN ('trail', 'line_of_its_own') ORDER BY 1"
)


@dataclass(frozen=True)
class TrailFilter:
    """Which lines: of a table, of one row, of whoever acted, of a civil day."""

    table: str | None = None
    key: str | None = None
    staff_id: int | None = None
    day: date | None = None


def list_lines(
    session: Session, wanted: TrailFilter, *, after: int | None = None, limit: int
) -> Sequence[Row[Any]]:
    """Return lines with their acts and places in the chain, the newest first.

    `after` is the number of the last line of the page before.
    """
    query = _lines().order_by(col(TrailEntry.id).desc()).limit(limit)
    if after is not None:
        query = query.where(col(TrailEntry.id) < after)
    lines: Sequence[Row[Any]] = session.execute(_narrowed(query, wanted)).all()
    return lines


def list_life(session: Session, table: str, key: str, *, limit: int) -> Sequence[Row[Any]]:
    """Return the life of one row from its beginning, at most so many lines of it."""
    query = _narrowed(_lines(), TrailFilter(table=table, key=key))
    life = query.order_by(col(TrailEntry.id)).limit(limit)
    lines: Sequence[Row[Any]] = session.execute(life).all()
    return lines


def list_followed_tables(session: Session) -> Sequence[str]:
    """Return the tables whose every change leaves a line; an act without one leaves its own."""
    return session.execute(FOLLOWED).scalars().all()


def find_state(session: Session) -> Row[Any]:
    """Return how far the trail is sealed and anchored, and what still waits since when."""
    state: Row[Any] = session.execute(STATE).one()
    return state


def find_last_anchor(session: Session) -> TrailAnchor | None:
    """Return the last anchor that the database knows of."""
    newest = select(TrailAnchor).order_by(col(TrailAnchor.position).desc()).limit(1)
    return session.execute(newest).scalar_one_or_none()


def seconds_behind(state: Row[Any], *, now: datetime) -> float:
    """Return for how long the oldest unsealed line has waited; nought where none waits."""
    if state.waiting_since is None:
        return 0.0
    waited: float = (now - state.waiting_since).total_seconds()
    return max(0.0, waited)


def _lines() -> Any:
    return (
        select(
            col(TrailEntry.id),
            col(TrailEntry.table_name),
            col(TrailEntry.row_key),
            col(TrailEntry.body),
            col(TrailSeal.position),
            col(ActRow.at),
            col(ActRow.face),
            col(ActRow.action),
            col(ActRow.reason),
            col(ActRow.staff_id),
            col(ActRow.account_id),
            col(ActRow.for_resident_id),
        )
        .join(ActRow, col(ActRow.id) == col(TrailEntry.act_id))
        .outerjoin(TrailSeal, col(TrailSeal.entry_id) == col(TrailEntry.id))
    )


def _narrowed(query: Any, wanted: TrailFilter) -> Any:
    if wanted.table is not None:
        query = query.where(col(TrailEntry.table_name) == wanted.table)
    if wanted.key is not None:
        query = query.where(_holds(wanted.key))
    if wanted.staff_id is not None:
        query = query.where(col(ActRow.staff_id) == wanted.staff_id)
    if wanted.day is not None:
        begins = datetime.combine(wanted.day, time(), tzinfo=clock.CITY)
        query = query.where(col(ActRow.at) >= begins, col(ActRow.at) < begins + timedelta(days=1))
    return query


def _holds(key: str) -> ColumnElement[bool]:
    """The line is the row's own, or one of many rows and this is among them."""
    own = col(TrailEntry.row_key) == key
    hundred = hundred_of(key)
    if hundred is None:
        return own
    among = col(TrailEntry.body).contains(begins(key), autoescape=True)
    return or_(own, and_(col(TrailEntry.row_key) == hundred, among))
