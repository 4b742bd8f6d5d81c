"""On which days reminders fall: ladders of days, moved to days on which the country works."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

A_DAY = timedelta(days=1)
# No run of days without work is longer: a day moves by less.
MOVED_AT_MOST = timedelta(days=15)

IsWorkday = Callable[[date], bool]


class Move(StrEnum):
    """Where a day on which nobody works moves to."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True)
class Rung:
    """So many days from a day, on the working day before or after where it is none."""

    at: int
    on: Move

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> "Rung":
        """Read a rung as a figure gives it."""
        return cls(int(value["at"]), Move(value["move"]))


@dataclass(frozen=True)
class Target:
    """What happens on `about_on` is spoken of on `due_on`."""

    about_on: date
    rung: int
    due_on: date


@dataclass(frozen=True)
class Times:
    """When messages go out by day, and between which times those that are late may."""

    send_at: time
    earliest: time
    latest: time

    @classmethod
    def of(cls, value: Mapping[str, str]) -> "Times":
        """Read the times as a figure gives them."""
        return cls(**{name: time.fromisoformat(value[name]) for name in cls.__match_args__})


def rungs_of(values: Sequence[Mapping[str, Any]]) -> list[Rung]:
    """Read a ladder as a figure gives it."""
    return [Rung.of(value) for value in values]


def working_day(day: date, move: Move, is_workday: IsWorkday) -> date:
    """Return the day, or the nearest one before or after on which the country works."""
    step = A_DAY if move is Move.AFTER else -A_DAY
    while not is_workday(day):
        day += step
    return day


def targets(rungs: Sequence[Rung], first: date, last: date, is_workday: IsWorkday) -> list[Target]:
    """Return whatever falls between the two days, both counted, for any day it may be about.

    Where two rungs of one thing fall on one day, the later says it.
    """
    found: dict[tuple[date, date], Target] = {}
    for rung in sorted(rungs, key=lambda one: one.at):
        offset = timedelta(days=rung.at)
        for day in days_between(first - MOVED_AT_MOST, last + MOVED_AT_MOST):
            due_on = working_day(day, rung.on, is_workday)
            if first <= due_on <= last:
                about_on = day - offset
                found[about_on, due_on] = Target(about_on, rung.at, due_on)
    return sorted(found.values(), key=lambda one: (one.due_on, one.about_on))


def days_between(first: date, last: date) -> Iterator[date]:
    """Yield the days from the first to the last, both counted."""
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def moment_to_send(day: date, now: datetime, times: Times) -> datetime:
    """Return when what is due on the day goes out: at its time, or by day as soon as may be.

    `now` is in the city's zone, as is the answer.
    """
    planned = datetime.combine(day, times.send_at, now.tzinfo)
    if now <= planned:
        return planned
    if now.time() < times.earliest:
        return datetime.combine(now.date(), times.send_at, now.tzinfo)
    if now.time() >= times.latest:
        return datetime.combine(now.date() + A_DAY, times.send_at, now.tzinfo)
    return now
