"""Requests of one worker that ask for the same in the same moment are carried out together.

Whoever comes first leads, and nobody waits for company: who is alone is served at once. Whoever
comes while the leader is busy gathers behind; the first of them leads next, and takes the others
along.
"""

import logging
from collections.abc import Callable, Sequence
from threading import Event, Lock
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Told = TypeVar("Told")

MOST_TOGETHER = 32

log = logging.getLogger(__name__)


class _Place(Generic[Asked, Told]):
    """One who asks: waits until somebody has carried it out, or until it is theirs to lead."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.told: Told | None = None
        self.leads = False
        self.called = Event()


class Gathering(Generic[Asked, Told]):
    """Where those who ask for the same meet. `carry_out` answers each, or None for “go alone”."""

    def __init__(
        self,
        carry_out: Callable[[Sequence[Asked]], Sequence[Told | None]],
        *,
        most: int = MOST_TOGETHER,
    ) -> None:
        self._carry_out = carry_out
        self._most = most
        self._lock = Lock()
        self._is_led = False
        self._waiting: list[_Place[Asked, Told]] = []

    def ask(self, asked: Asked, *, alone: Callable[[], Told]) -> Told:
        """Return the answer, by `carry_out` with others or by `alone`.

        `alone` serves whoever has no company, and whoever could not be served with the others: it
        finds out by itself why, and says so.
        """
        place: _Place[Asked, Told] = _Place(asked)
        if not self._joins(place):
            place.called.wait()
        if place.leads:
            return self._lead(place, alone)
        return alone() if place.told is None else place.told

    def _joins(self, place: _Place[Asked, Told]) -> bool:
        """True for one who leads at once; the others stand in line."""
        with self._lock:
            place.leads = not self._is_led
            self._is_led = True
            if not place.leads:
                self._waiting.append(place)
            return place.leads

    def _lead(self, place: _Place[Asked, Told], alone: Callable[[], Told]) -> Told:
        try:
            together = [place, *self._take_along()]
            if len(together) == 1:
                return alone()
            self._serve(together)
        finally:
            self._pass_on()
        return alone() if place.told is None else place.told

    def _take_along(self) -> list[_Place[Asked, Told]]:
        with self._lock:
            along = self._waiting[: self._most - 1]
            del self._waiting[: self._most - 1]
            return along

    def _serve(self, together: Sequence[_Place[Asked, Told]]) -> None:
        """Answer all; whatever goes wrong, nobody is left waiting."""
        try:
            answers = self._carry_out([place.asked for place in together])
            for place, told in zip(together, answers, strict=True):
                place.told = told
        except Exception:
            log.exception("those who asked together are served one by one")
        finally:
            for place in together[1:]:
                place.called.set()

    def _pass_on(self) -> None:
        """Let the first in line lead, or nobody."""
        with self._lock:
            following = self._waiting.pop(0) if self._waiting else None
            self._is_led = following is not None
        if following is not None:
            following.leads = True
            following.called.set()
