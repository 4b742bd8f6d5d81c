"""What may follow what with a bed and a stay; days are civil days of the city."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from server.facilities.errors import DayOutOfReach, RoomsUnreadable, StayNotSo
from server.facilities.models import BedKind, StayStatus

HOLD_DAYS = "beds.hold_days"
LATEST_HOLD = timedelta(days=90)
# A night nurse enters on Monday what happened on Friday; what is older is a correction.
BACKWARDS = timedelta(days=31)
MOST_ROOMS = 200
MOST_BEDS_A_ROOM = 12
IN_A_ROOM = (BedKind.INSTITUTION, BedKind.MEDICAL, BedKind.HOSPICE)

_RANGE = re.compile(r"^(?P<prefix>[A-Za-z]?)(?P<first>\d{1,4})(?:[-–—~到至](?P<last>\d{1,4}))?$")


def hold_until(planned_on: date, *, hold_days: int) -> date:
    """Return the first day on which a hold for `planned_on` counts no more."""
    return planned_on + timedelta(days=hold_days)


def check_planned(planned_on: date, *, today: date) -> None:
    """Raise `DayOutOfReach` unless somebody may be expected on that day."""
    _check_between(planned_on, today, today + LATEST_HOLD)


def check_happened(day: date, *, today: date) -> None:
    """Raise `DayOutOfReach` unless the day is today or one that may still be entered."""
    _check_between(day, today - BACKWARDS, today)


def check_out_of_use(day: date, *, today: date) -> None:
    """Raise `DayOutOfReach` unless a bed may be taken out of use from that day on."""
    _check_between(day, today - BACKWARDS, today + LATEST_HOLD)


def check_status(status: StayStatus, *allowed: StayStatus) -> None:
    """Raise `StayNotSo` unless the stay is in one of these."""
    if status not in allowed:
        raise StayNotSo(status=status.value)


def _check_between(day: date, earliest: date, latest: date) -> None:
    if not earliest <= day <= latest:
        raise DayOutOfReach(earliest=earliest.isoformat(), latest=latest.isoformat())


@dataclass(frozen=True)
class PlannedRoom:
    """A room to be built, with the labels of its beds."""

    name: str
    beds: tuple[str, ...]


def plan_rooms(numbers: str, *, beds_each: int) -> list[PlannedRoom]:
    """Read `201-220, A5` as rooms, each with as many beds, labelled `201-1`, `201-2` and so on.

    Raises `RoomsUnreadable` for what is no list of numbers, for a number given twice, and for more
    than `MOST_ROOMS` rooms or `MOST_BEDS_A_ROOM` beds each.
    """
    names = [name for part in re.split(r"[,，、;；\s]+", numbers.strip()) for name in _named(part)]
    if not names or len(names) > MOST_ROOMS or len(set(names)) < len(names):
        raise RoomsUnreadable(most=MOST_ROOMS)
    if not 1 <= beds_each <= MOST_BEDS_A_ROOM:
        raise RoomsUnreadable(most=MOST_ROOMS)
    return [
        PlannedRoom(name, tuple(f"{name}-{bed}" for bed in range(1, beds_each + 1)))
        for name in names
    ]


def _named(part: str) -> Iterator[str]:
    found = _RANGE.match(part)
    if found is None:
        raise RoomsUnreadable(most=MOST_ROOMS)
    first, last = found["first"], found["last"] or found["first"]
    if int(last) < int(first) or int(last) - int(first) >= MOST_ROOMS:
        raise RoomsUnreadable(most=MOST_ROOMS)
    for number in range(int(first), int(last) + 1):
        yield f"{found['prefix']}{number:0{len(first)}d}"
