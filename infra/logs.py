"""Structured logs: one line an event, JSON in production, readable in development.

No line holds personal data. That is the duty of whoever writes it; `hide_personal_data` stands
behind as a net, for our own lines and those of libraries alike.
"""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from contextlib import AbstractContextManager
from typing import Any, TextIO

import orjson
import structlog
from structlog.types import EventDict, Processor

from server.db.acts import present_actor
from server.settings import Environment, Settings

HIDDEN = "[hidden]"
HIDDEN_KEYS = frozenset(
    {
        "address",
        "authorization",
        "body",
        "born_on",
        "code",
        "cookie",
        "id_number",
        "name",
        "password",
        "phone",
        "recipient",
        "secret",
        "text",
        "token",
    }
)
HIDDEN_ENDINGS = (
    "_address", "_id_number", "_key", "_name", "_password", "_phone", "_secret", "_token",
)  # fmt: skip
# An ID number first: eleven of its digits may look like a phone.
ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{16}[\dXx](?![0-9A-Za-z])")
PHONE = re.compile(r"(?<![0-9A-Za-z])(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![0-9A-Za-z])")
DEEPEST = 4


def configure(settings: Settings, *, stream: TextIO | None = None) -> None:
    """Send the logs of this process to standard error, or the stream; safe to call again."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        add_actor,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream) if stream else PresentStderr()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                hide_personal_data,
                renderer_for(settings),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    for chatty in ("apscheduler", "alembic", "urllib3"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def access_logger(settings: Settings, *, stream: TextIO | None = None) -> Any:
    """Return a logger for one line a request.

    It takes a short way (a quarter of the time): what it is given holds no text of anybody's.
    """
    return structlog.wrap_logger(
        structlog.WriteLogger(stream or sys.stderr),
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            add_actor,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer_for(settings),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(settings.log_level),
        cache_logger_on_first_use=True,
    ).bind()


class PresentStderr(logging.StreamHandler[TextIO]):
    """Writes to standard error as it is at the moment, should somebody put another in its place."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        """What stands there now."""
        return sys.stderr


def bound(**values: Any) -> AbstractContextManager[Any]:
    """Let every line of the block carry these values."""
    return structlog.contextvars.bound_contextvars(**values)


def add_actor(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Say who acts, by a subject that holds no personal data."""
    actor = present_actor()
    if actor is not None and actor.is_known:
        event["actor"] = actor.subject
    return event


def hide_personal_data(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """Hide the values of personal and secret keys, and numbers that look like a person's."""
    return {key: _hidden(key, value) for key, value in event.items()}


def without_numbers_of_people(text: str) -> str:
    """Return the text with ID numbers and mobile phone numbers hidden."""
    return PHONE.sub(HIDDEN, ID_NUMBER.sub(HIDDEN, text))


def _hidden(key: str, value: Any, depth: int = 0) -> Any:
    lowered = key.lower()
    if lowered in HIDDEN_KEYS or lowered.endswith(HIDDEN_ENDINGS):
        return HIDDEN
    return _cleaned(value, depth)


def _cleaned(value: Any, depth: int) -> Any:
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return HIDDEN if PHONE.fullmatch(str(value)) else value
    if depth >= DEEPEST:
        return HIDDEN
    if isinstance(value, Mapping):
        return {str(key): _hidden(str(key), inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_cleaned(inner, depth + 1) for inner in value]
    return without_numbers_of_people(str(value))


def renderer_for(settings: Settings) -> Processor:
    """Return what makes a line of an event: JSON in production, columns elsewhere."""
    if settings.env is Environment.PRODUCTION:
        return as_json
    # Plain tracebacks: prettier ones print the values of variables, and those are people's.
    return structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
    )


def as_json(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> str:
    """Return the event as one line of JSON."""
    return orjson.dumps(event, default=str).decode()
