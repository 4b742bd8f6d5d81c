"""In which order to go from home to home: the shortest way that keeps every promised hour.

`places.routing` looks for the order; the hours are reckoned here from it, so that what is
proposed is what the rules of the roster allow. Everything is in whole minutes of the day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy

from server.places import ways
from server.places.routing import Job, Table, Window, shortest_runs

# Visits begin on the five minutes.
GRID = 5


@dataclass(frozen=True)
class Stop:
    """A visit: where, how long, and between which minutes of the day it may begin."""

    id: int
    home: ways.Place | None
    minutes: int
    windows: Sequence[Window]


@dataclass(frozen=True)
class Step:
    """A visit with the minute of the day at which it begins."""

    id: int
    starts: int


def windows_between(
    first: int, last: int, minutes: int, taken: Sequence[Window]
) -> Sequence[Window]:
    """Return when something of these minutes may begin within a span, beside what is taken."""
    found: list[Window] = []
    since = first
    for begins, ends in [*sorted(taken), (last, last)]:
        if begins - minutes >= since:
            found.append((since, begins - minutes))
        since = max(since, ends)
    return found


def find_order(stops: Sequence[Stop], *, metres_a_minute: int) -> Sequence[Step] | None:
    """Return the order with the shortest way, and each visit's hour; None where none is possible.

    No visit begins before the one before has ended and the way is gone, nor outside its windows.
    """
    if any(not stop.windows for stop in stops):
        return None
    found = _solved(stops, metres_a_minute)
    if found is None:
        return None
    even = schedule(found, metres_a_minute=metres_a_minute, grid=GRID)
    return even or schedule(found, metres_a_minute=metres_a_minute)


def schedule(
    stops: Sequence[Stop], *, metres_a_minute: int, grid: int = 1
) -> Sequence[Step] | None:
    """Return the earliest hours at which these can follow each other; None where they cannot."""
    steps: list[Step] = []
    last: Stop | None = None
    free = 0
    for stop in stops:
        way = minutes_between(last, stop, metres_a_minute=metres_a_minute) if last else 0
        starts = _first_start(stop, free + way, grid)
        if starts is None:
            return None
        steps.append(Step(stop.id, starts))
        last, free = stop, starts + stop.minutes
    return steps


def way_of(stops: Sequence[Stop], *, metres_a_minute: int) -> int:
    """Return the minutes on the way between these, one after the other."""
    return sum(
        minutes_between(one, then, metres_a_minute=metres_a_minute) for one, then in pairwise(stops)
    )


def minutes_between(one: Stop, then: Stop, *, metres_a_minute: int) -> int:
    """Return the minutes from home to home; none where a home's place is not known."""
    metres = ways.distance_m(one.home, then.home)
    return ways.minutes_on_the_way(metres, metres_a_minute=metres_a_minute)


def _first_start(stop: Stop, since: int, grid: int) -> int | None:
    """On the grid where the window leaves that, else as the window says."""
    for first, last in sorted(stop.windows):
        earliest = max(first, since)
        even = -(-earliest // grid) * grid
        if earliest <= last:
            return even if even <= last else earliest
    return None


def _solved(stops: Sequence[Stop], metres_a_minute: int) -> Sequence[Stop] | None:
    """Place 0 is nowhere: the day begins and ends at whichever home is first and last."""
    jobs = [Job(place, stop.minutes, stop.windows) for place, stop in enumerate(stops, start=1)]
    runs = shortest_runs(_durations(stops, metres_a_minute), jobs)
    return None if runs is None else [stops[job.place - 1] for job in runs[0]]


def _durations(stops: Sequence[Stop], metres_a_minute: int) -> Table:
    size = len(stops) + 1
    table = numpy.zeros((size, size), dtype=numpy.uint32)
    for row, one in enumerate(stops, start=1):
        for column, then in enumerate(stops, start=1):
            if one is not then:
                table[row, column] = minutes_between(one, then, metres_a_minute=metres_a_minute)
    return table
