"""Who carries what, and when a round takes too long."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeVar

T = TypeVar("T")

# A meal is at the door within an hour of leaving the canteen; no document of the city says so yet.
AT_THE_DOOR_WITHIN = timedelta(hours=1)


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


def is_late(sealed_at: datetime | None, waiting: int, *, now: datetime) -> bool:
    """True for a round that left more than an hour ago and still carries meals."""
    return sealed_at is not None and waiting > 0 and now - sealed_at > AT_THE_DOOR_WITHIN
