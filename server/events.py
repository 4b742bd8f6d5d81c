"""Facts that one context announces and a context above it handles, in the same transaction.

The table of handlers is filled once, by `infra.wiring`. An event that nobody is declared to handle
raises: a forgotten wire must not pass for a quiet day.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlmodel import Session

Handler = Callable[[Session, Any], None]

_handlers: dict[type, Sequence[Handler]] = {}


class NobodyListens(LookupError):
    """An event was published that the wiring does not know."""


def wire(table: Mapping[type, Sequence[Handler]]) -> None:
    """Replace the table of handlers; they run in the order given."""
    _handlers.clear()
    _handlers.update(table)


def publish(session: Session, event: object) -> None:
    """Hand the event to its handlers, in the caller's transaction; their error is the caller's."""
    if type(event) not in _handlers:
        raise NobodyListens(type(event).__name__)
    for handle in _handlers[type(event)]:
        handle(session, event)
