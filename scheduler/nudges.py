"""Hear at once that a message was asked for; who hears nothing looks again soon enough."""

from threading import Event

import psycopg

from scheduler.lines import Line, open_line
from server.db.cities import schema_of


class Nudges:
    """A line on which the database says that the city's outbox has something new."""

    def __init__(self, url: str, city_code: str, stop: Event) -> None:
        self._url = url
        self._channel = f"message_{schema_of(city_code)}"
        self._stop = stop
        self._line: Line | None = None

    def wait(self, seconds: float) -> None:
        """Return when nudged, and after the time at the latest, cut line or not."""
        try:
            for _ in self._open().notifies(timeout=seconds, stop_after=1):
                return
        except psycopg.OperationalError:
            self.close()
            self._stop.wait(seconds)

    def close(self) -> None:
        """Hang up. Harmless twice."""
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def _open(self) -> Line:
        if self._line is None or self._line.closed:
            self._line = open_line(self._url, name="nudges")
            self._line.execute(f'LISTEN "{self._channel}"'.encode())
        return self._line
