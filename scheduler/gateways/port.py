"""The port through which a message leaves the house, whoever carries it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol
from uuid import UUID

CONNECT_WITHIN_S = 3.0
ANSWER_WITHIN_S = 5.0
LONGEST_PAUSE = timedelta(hours=4)


@dataclass(frozen=True)
class TextMessage:
    """What a gateway needs to know. `delivery_id` is the same for every try of one message."""

    delivery_id: UUID
    phone: str
    text: str
    kind: str
    facts: Mapping[str, Any] = field(default_factory=dict)


class Refused(Exception):
    """The provider will never take this message. `args[0]` is a code without personal data."""


class TryLater(Exception):
    """The provider did not take the message now, or we cannot know whether it did."""

    def __init__(self, reason: str, pause: timedelta | None = None) -> None:
        super().__init__(reason)
        self.pause = pause


class NotAllowed(TryLater):
    """The provider does not let us in: nothing will go out until somebody has looked."""


class Gateway(Protocol):
    """Takes one message at a time, from several threads."""

    def send(self, message: TextMessage) -> str | None:
        """Return when the provider has the message, with its id for it where it gives one.

        Raises `Refused`, `TryLater` or `NotAllowed`.
        """


def pause_asked_for(retry_after: str | None) -> timedelta | None:
    """Read the seconds of a Retry-After header; a date or nonsense asks for nothing."""
    if retry_after is None or not retry_after.isascii() or not retry_after.isdigit():
        return None
    return min(timedelta(seconds=int(retry_after[:9])), LONGEST_PAUSE)
