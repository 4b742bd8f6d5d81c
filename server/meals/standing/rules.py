"""Which days a standing order and a pause may name."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from server.meals.standing.errors import DaysUnusable

# A wish for longer is renewed: whoever set it may no longer want it.
LONGEST_ORDER = timedelta(days=366)
LONGEST_PAUSE = timedelta(days=184)


def weekdays_of(days: Iterable[int]) -> int:
    """Fold weekdays (Monday is 1, Sunday 7) into the number that an order keeps."""
    return sum(1 << (day - 1) for day in set(days))


def days_of_week(weekdays: int) -> Sequence[int]:
    """Unfold the number that an order keeps: Monday is 1, Sunday 7."""
    return [day for day in range(1, 8) if weekdays & (1 << (day - 1))]


def check_order_days(starts_on: date, ends_on: date | None, *, today: date) -> None:
    """Raise `DaysUnusable` for an order that begins in the past, ends at once or is too far off."""
    last = ends_on or starts_on + timedelta(days=1)
    if not today <= starts_on < last or starts_on > today + LONGEST_ORDER:
        raise DaysUnusable(starts_on=starts_on.isoformat(), ends_on=last.isoformat())


def check_pause_days(starts_on: date, ends_on: date, *, today: date) -> None:
    """Raise `DaysUnusable` for a pause that is over, ends before it begins, or is very long."""
    is_long = ends_on - starts_on > LONGEST_PAUSE or starts_on > today + LONGEST_ORDER
    if not starts_on < ends_on or ends_on <= today or is_long:
        raise DaysUnusable(starts_on=starts_on.isoformat(), ends_on=ends_on.isoformat())
