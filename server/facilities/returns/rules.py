"""What a return may say, until when it is in time, and how old it is; pure."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Any

from server.facilities.errors import (
    DayOutOfReach,
    FiguresDoNotAddUp,
    ReasonNeeded,
    ReplyUnreadable,
)

TIMES = "beds.return_times"
CORRECT_DAYS = "beds.return_correct_days"
MOST_BEDS = 20_000
UNCHANGED = "0"

_TWO_NUMBERS = re.compile(r"^(?P<occupied>\d{1,5})/(?P<on_leave>\d{1,5})$")


@dataclass(frozen=True)
class Figures:
    """The five numbers of a return; `nursing_occupied` may be left open."""

    licensed: int
    usable: int
    occupied: int
    on_leave: int
    nursing_occupied: int | None = None


@dataclass(frozen=True)
class Times:
    """When a day's return is reminded of, due, and late; local wall times of the day."""

    remind_at: time
    due_at: time
    grace: timedelta
    city: tzinfo

    @classmethod
    def of(cls, value: Mapping[str, Any], *, city: tzinfo) -> "Times":
        """Read the parameter `beds.return_times`, whose times are those of the city's wall."""
        return cls(
            time.fromisoformat(value["remind_at"]),
            time.fromisoformat(value["due_at"]),
            timedelta(minutes=value["grace_minutes"]),
            city,
        )

    def reminder_of(self, day: date) -> datetime:
        """Return the instant from which whoever has not filed for the day is reminded."""
        return datetime.combine(day, self.remind_at, self.city)

    def due(self, day: date) -> datetime:
        """Return the instant until which the day's return is in time."""
        return datetime.combine(day, self.due_at, self.city)

    def late_from(self, day: date) -> datetime:
        """Return the instant from which a missing return is overdue."""
        return self.due(day) + self.grace


class Freshness(StrEnum):
    """How old the newest return of a facility is."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    OLDER = "older"
    NEVER = "never"


class Standing(StrEnum):
    """Whether a facility has filed for today."""

    FILED = "filed"
    EXPECTED = "expected"  # the deadline has not passed
    LATE = "late"


def freshness_of(last: date | None, *, today: date) -> Freshness:
    """Return how fresh the newest return is."""
    if last is None:
        return Freshness.NEVER
    age = (today - last).days
    if age <= 0:
        return Freshness.TODAY
    return Freshness.YESTERDAY if age == 1 else Freshness.OLDER


def standing_of(last: date | None, *, now: datetime, times: Times) -> Standing:
    """Return whether today's is there, still expected, or late."""
    today = now.astimezone(times.city).date()
    if last is not None and last >= today:
        return Standing.FILED
    return Standing.LATE if now > times.late_from(today) else Standing.EXPECTED


def check_figures(figures: Figures) -> None:
    """Raise `FiguresDoNotAddUp` unless 0 ≤ occupied + on leave ≤ usable ≤ licensed.

    `part` names what is too large; the nursing beds that are occupied are among the occupied.
    """
    given = (figures.licensed, figures.usable, figures.occupied, figures.on_leave)
    if min(given) < 0 or figures.licensed > MOST_BEDS:
        raise FiguresDoNotAddUp(part="licensed", most=MOST_BEDS)
    if figures.usable > figures.licensed:
        raise FiguresDoNotAddUp(part="usable", most=figures.licensed)
    if figures.occupied + figures.on_leave > figures.usable:
        raise FiguresDoNotAddUp(part="occupied", most=figures.usable)
    if not 0 <= (figures.nursing_occupied or 0) <= figures.occupied:
        raise FiguresDoNotAddUp(part="nursing_occupied", most=figures.occupied)


def check_report(*, occupants: int, fever: int, ill: int) -> None:
    """Raise `FiguresDoNotAddUp` where more people are ill than there are."""
    for part, count in (("fever", fever), ("ill", ill)):
        if count > occupants:
            raise FiguresDoNotAddUp(part=part, most=occupants)


def check_day(day: date, *, today: date, correct_days: int, reason: str | None) -> None:
    """Raise `DayOutOfReach` beyond the days that may be corrected, `ReasonNeeded` without one.

    Today needs no reason; a past day does.
    """
    earliest = today - timedelta(days=correct_days)
    if not earliest <= day <= today:
        raise DayOutOfReach(earliest=earliest.isoformat(), latest=today.isoformat())
    if day < today and not (reason or "").strip():
        raise ReasonNeeded()


def read_reply(text: str) -> tuple[int, int] | None:
    """Read a text message: `0` is None, nothing changed; `37/2` is (occupied, on leave).

    Full width, spaces and other strokes are understood. Raises `ReplyUnreadable`.
    """
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).replace("\\", "/")
    if plain == UNCHANGED:
        return None
    found = _TWO_NUMBERS.match(plain)
    if found is None or not plain.isascii():
        raise ReplyUnreadable()
    return int(found["occupied"]), int(found["on_leave"])
