"""Listens to the application as it books one meal, and writes down the statements it sends."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, event


@dataclass(frozen=True)
class Statement:
    """One statement as it went to the driver, with the values that went along."""

    sql: str
    values: Mapping[str, Any]


@contextmanager
def recording(engine: Engine) -> Iterator[list[Statement]]:
    """Yield a list that fills with every statement of the engine until the block ends."""
    heard: list[Statement] = []

    def hear(
        _connection: Any, _cursor: Any, sql: str, values: Any, _context: Any, _many: bool
    ) -> None:
        heard.append(Statement(sql, dict(values or {})))

    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield heard
    finally:
        event.remove(engine, "before_cursor_execute", hear)
