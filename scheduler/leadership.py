"""Which of several schedulers runs the timetable: whoever holds one advisory lock."""

from datetime import timedelta

import psycopg

from scheduler.lines import Line, open_line


class Leadership:
    """The lead over one city's timetable; it is lost with the connection that holds it.

    A leader that is frozen, or whose machine vanished, loses it after the `silence`.
    Losing it late does no harm: the row of a run, not the leader, decides who runs a slot.
    """

    def __init__(self, url: str, city_code: str, *, silence: timedelta) -> None:
        self._url = url
        self._key = f"timetable of {city_code}"
        self._silence_ms = int(silence.total_seconds() * 1000)
        self._line: Line | None = None

    def try_take(self) -> bool:
        """Take the lead if it is free. Raises `psycopg.OperationalError`."""
        line = self._open()
        taken = line.execute(
            "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", (self._key,)
        ).fetchone()
        return bool(taken and taken[0])

    def is_held(self) -> bool:
        """True while the line that holds the lead still answers."""
        try:
            if self._line is not None:
                self._line.execute("SELECT 1")
        except psycopg.OperationalError:
            self.give_up()
        return self._line is not None

    def give_up(self) -> None:
        """Let another lead at once. Harmless twice."""
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def _open(self) -> Line:
        if self._line is None or self._line.closed:
            silence = f"-c idle_session_timeout={self._silence_ms}"
            self._line = open_line(self._url, name="lead", options=silence)
        return self._line
