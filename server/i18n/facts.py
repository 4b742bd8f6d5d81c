"""Facts of a refusal as people read them: times on the wall clock, waits in words, money in yuan.

The facts themselves travel raw; only the sentence is dressed. A catalogue chooses the form:
`{collected_at}` is 11:32, `{collected_at:day}` is 11月22日, `{retry_after}` is 58秒钟,
`{most_fen}` is 18,000.00.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton, format_timedelta

from server.i18n.money import in_yuan

WALL = ZoneInfo("Asia/Shanghai")
SAID_IN_SECONDS = 90


class WallClock(str):
    """An instant as the clock on the canteen's wall shows it."""

    __slots__ = ("_at", "_locale")

    _at: datetime
    _locale: str

    @classmethod
    def of(cls, instant: datetime, locale: str) -> "WallClock":
        at = instant.astimezone(WALL)
        shown = cls(at.strftime("%H:%M"))
        shown._at, shown._locale = at, locale
        return shown

    def __format__(self, form: str) -> str:
        if form == "day":
            return format_skeleton("MMMMd", self._at, locale=self._locale)
        return str(self)


class Standing(str):
    """A placeholder without its fact: it is left standing rather than losing the sentence."""

    __slots__ = ()

    def __format__(self, form: str) -> str:
        return str(self)


def readable(facts: Mapping[str, Any], locale: str) -> dict[str, Any]:
    """Return the facts as a sentence shows them."""
    return {name: _readable(name, value, locale) for name, value in facts.items()}


def _readable(name: str, value: Any, locale: str) -> Any:
    if name.endswith("_at") and isinstance(value, str):
        return WallClock.of(datetime.fromisoformat(value), locale)
    if name.endswith("_fen") and isinstance(value, int):
        return in_yuan(value)
    if name == "retry_after":
        return _wait(value, locale)
    return value


def _wait(seconds: int, locale: str) -> str:
    """Whole minutes, never too few, once seconds are too many to count."""
    if seconds > SAID_IN_SECONDS:
        seconds = -(-seconds // 60) * 60
    return format_timedelta(timedelta(seconds=seconds), threshold=1.6, locale=locale)
