"""Tells that a long work goes on."""

import time
from collections.abc import Callable

FIRST_AFTER_S = 1.0
THEN_EVERY_S = 3.0


class Progress:
    """Says nothing about what is done within a second, and now and then about what takes longer."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._next_at = time.monotonic() + FIRST_AFTER_S

    def at(self, sentence: str) -> None:
        """Say the sentence if it is time to say something."""
        if time.monotonic() >= self._next_at:
            self._say(sentence)
            self._next_at = time.monotonic() + THEN_EVERY_S


def megabytes(size: int) -> str:
    """Return a number of bytes as people compare them."""
    return f"{size / 1_000_000:,.1f}"
