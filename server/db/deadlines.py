"""A statement whose answer never comes: the database has stopped without hanging up.

A living server ends a statement itself (`statement_timeout`). One that is frozen, or beyond a dead
line, would hold the waiting thread for ever, and with all threads the whole process. Then we hang
up: the statement raises `OperationalError`, as if the server had done so.
"""

import contextlib
import os
import socket
import time
from dataclasses import dataclass
from threading import Lock, Thread
from typing import Any

from sqlalchemy import Engine, event

LOOKED_AT_EVERY_S = 0.5


@dataclass(frozen=True)
class Waiting:
    """A connection that waits for an answer, and until when (of the monotonic clock)."""

    connection: Any
    until: float


_waiting: dict[int, Waiting] = {}
_beginning = Lock()
_watchers: list[Thread] = []


def hang_up_after(engine: Engine, patience_s: float) -> None:
    """Let no statement or commit of the engine wait longer than that for its answer.

    A statement over a million rows says itself how long, by the execution option `patience_s`.
    """

    def begin(connection: Any, patience_s: float = patience_s) -> None:
        _waiting[id(connection)] = Waiting(connection, time.monotonic() + patience_s)

    @event.listens_for(engine, "before_cursor_execute")
    def ask(
        _connection: Any, cursor: Any, _statement: Any, _given: Any, context: Any, _many: Any
    ) -> None:
        options = context.execution_options if context is not None else {}
        begin(cursor.connection, options.get("patience_s", patience_s))

    @event.listens_for(engine, "after_cursor_execute")
    def hear(_connection: Any, cursor: Any, *_statement: Any) -> None:
        _waiting.pop(id(cursor.connection), None)

    @event.listens_for(engine, "commit")
    def commit(connection: Any) -> None:
        begin(connection.connection.dbapi_connection)

    @event.listens_for(engine, "checkin")
    def give_back(connection: Any, _record: Any) -> None:
        _waiting.pop(id(connection), None)

    _watch()


def _watch() -> None:
    with _beginning:
        if not any(watcher.is_alive() for watcher in _watchers):
            _watchers[:] = [Thread(target=_hang_up_on_the_late, name="deadlines", daemon=True)]
            _watchers[0].start()


def _hang_up_on_the_late() -> None:
    while True:
        time.sleep(LOOKED_AT_EVERY_S)
        now = time.monotonic()
        for number, waiting in list(_waiting.items()):
            if waiting.until < now and _waiting.pop(number, None) is not None:
                _hang_up(waiting.connection)


def _hang_up(connection: Any) -> None:
    """The waiting thread owns the connection; its socket is all that another may touch."""
    with contextlib.suppress(Exception), socket.socket(fileno=os.dup(connection.fileno())) as line:
        line.shutdown(socket.SHUT_RDWR)
