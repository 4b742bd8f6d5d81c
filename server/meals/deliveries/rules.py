"""Who carries what, in which order, and when a round takes too long."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, TypeVar

import numpy

from server.places import ways
from server.places.routing import Job, Table, shortest_runs

T = TypeVar("T")

# {minutes: within which a meal is at the door, at_door: minutes a stop, metres_a_minute: of a way}
DELIVERY = "meals.delivery"
SECONDS = 60


@dataclass(frozen=True)
class Door:
    """Where a meal is carried; `home` is not known of everybody."""

    booking_id: int
    village_code: str
    home: ways.Place | None


@dataclass(frozen=True)
class Pace:
    """The figure `meals.delivery`: within how many minutes, and how fast."""

    minutes: int
    at_door: int
    metres_a_minute: int

    @classmethod
    def of(cls, figure: dict[str, Any]) -> "Pace":
        return cls(figure["minutes"], figure["at_door"], figure["metres_a_minute"])


# Where the city has no figure: from cooking to the door within an hour (domain.md §4).
USUAL = Pace(minutes=60, at_door=3, metres_a_minute=150)

Durations = Callable[[Sequence[ways.Place]], Table]


def straight(places: Sequence[ways.Place], pace: Pace) -> Table:
    """Return the seconds of the straight ways between these places."""
    table = numpy.zeros((len(places), len(places)), dtype=numpy.uint32)
    for row, one in enumerate(places):
        for column, then in enumerate(places):
            metres = ways.distance_m(one, then) or 0
            table[row, column] = metres * SECONDS // pace.metres_a_minute
    return table


def arranged(
    doors: Sequence[Door], carriers: int, *, start: ways.Place | None, durations: Durations
) -> list[list[Door]]:
    """Return a round for each carrier, none longer by two: homes that are known by the shortest
    way from `start`, then the others by village, with neighbours where there are some."""
    known = [door for door in doors if door.home is not None]
    unknown = [door for door in doors if door.home is None]
    if start is None or len(known) < 2:
        return [list(run) for run in shared_out(doors, carriers)]
    rounds = _along_the_way(known, carriers, start, durations)
    _add(unknown, rounds, -(-len(doors) // carriers))
    return [run for run in rounds if run]


def shared_out(stops: Sequence[T], carriers: int) -> list[Sequence[T]]:
    """Return the stops in as many runs as there are carriers, in order, none longer by two."""
    size, longer = divmod(len(stops), carriers)
    runs: list[Sequence[T]] = []
    start = 0
    for number in range(carriers):
        end = start + size + (number < longer)
        runs.append(stops[start:end])
        start = end
    return [run for run in runs if run]


def minutes_of(homes: Sequence[ways.Place | None], *, start: ways.Place | None, pace: Pace) -> int:
    """Return how long a round takes by straight ways, so far as the homes are known."""
    known = [home for home in (start, *homes) if home is not None]
    metres = sum(ways.distance_m(one, then) or 0 for one, then in pairwise(known))
    on_the_way = ways.minutes_on_the_way(metres, metres_a_minute=pace.metres_a_minute)
    return on_the_way + pace.at_door * len(homes)


def is_late(sealed_at: datetime | None, waiting: int, *, now: datetime, pace: Pace) -> bool:
    """True for a round that left longer ago than a meal may take, and still carries some."""
    if sealed_at is None or waiting == 0:
        return False
    return now - sealed_at > timedelta(minutes=pace.minutes)


def _along_the_way(
    known: Sequence[Door], carriers: int, start: ways.Place, durations: Durations
) -> list[list[Door]]:
    table = durations([start, *(door.home for door in known if door.home is not None)])
    jobs = [Job(place) for place in range(1, len(known) + 1)]
    most = -(-len(known) // carriers)
    found = shortest_runs(table, jobs, runs=carriers, most=most, back=False)
    assert found is not None, "there is room for every meal, and no hour to keep"
    return [[known[job.place - 1] for job in run] for run in found]


def _add(doors: Sequence[Door], rounds: list[list[Door]], most: int) -> None:
    """Each behind the homes of a round that goes to the same village, else to the shortest."""
    for door in doors:
        open_ones = [run for run in rounds if len(run) < most]
        near = [run for run in open_ones if door.village_code in _villages(run)]
        min(near or open_ones, key=len).append(door)


def _villages(run: Sequence[Door]) -> set[str]:
    return {door.village_code for door in run}
