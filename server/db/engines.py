"""Connections to PostgreSQL: few, patient, and bounded in what they may wait for."""

from typing import Any

import orjson
import psycopg
from sqlalchemy import Engine, create_engine

from server.db.deadlines import hang_up_after

LIMITS = "-c statement_timeout=15s -c lock_timeout=5s -c idle_in_transaction_session_timeout=60s"

PATIENCE_S = 20.0  # A living server has ended every statement by then.
CONNECT_WITHIN_S = 3

NOT_TOLD = (None, None, None, None, None)


class PlainCursor(psycopg.Cursor[Any]):
    """Describes columns by plain tuples, of which SQLAlchemy reads name and type.

    psycopg makes an object of each column of each answer: an eighth of the calls of a booking.
    """

    @property
    def description(self) -> Any:
        """Return (name, type, …) of each column, or None where nothing is returned."""
        result = self.pgresult
        if result is None or not result.nfields:
            return None
        return [
            ((result.fname(n) or b"").decode(), result.ftype(n), *NOT_TOLD)
            for n in range(result.nfields)
        ]


def make_engine(url: str, *, pool_size: int = 2, patience_s: float = PATIENCE_S) -> Engine:
    """Return an engine that keeps `pool_size` connections and lets further work queue for them.

    Few connections are faster than many: a hot sitting falls from 3,300 to 250 bookings a second
    between 4 and 64 connections. A server that stops answering is hung up on after `patience_s`.
    """
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=20,
        connect_args={
            "options": LIMITS,
            "application_name": "yinling",
            "connect_timeout": CONNECT_WITHIN_S,
            "cursor_factory": PlainCursor,
        },
        json_serializer=lambda value: orjson.dumps(value).decode(),
        json_deserializer=orjson.loads,
        hide_parameters=True,  # an error must not carry people's data into a log
    )
    hang_up_after(engine, patience_s)
    return engine


def make_owner_engine(url: str) -> Engine:
    """Return an engine for the role that owns the schema: migrations, set-up, restore."""
    return create_engine(
        url,
        pool_size=1,
        hide_parameters=True,
        connect_args={"application_name": "yinling-owner"},
    )
