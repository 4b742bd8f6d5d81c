"""Full years and months from a day on, and the spans of work that count towards them.

A year from 29 February is full on the evening of 28 February, so that it is reached on 1 March.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """From a day until the day before `ends_on`; None lasts."""

    starts_on: date
    ends_on: date | None


def months_after(day: date, months: int) -> date:
    """Return the day on which so many months from the day on are full."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    if day.day > last:
        return date(year, month + 1, last) + A_DAY
    return date(year, month + 1, day.day)


def years_after(day: date, years: int) -> date:
    """Return the day on which so many years from the day on are full."""
    return months_after(day, 12 * years)


def last_of_month(month: date) -> date:
    return months_after(month.replace(day=1), 1) - A_DAY


def merged(spans: Sequence[Span]) -> list[Span]:
    """Return the same days without overlaps, in their order; what touches is one."""
    whole: list[Span] = []
    for span in sorted(spans, key=lambda one: (one.starts_on, one.ends_on or date.max)):
        if whole and (whole[-1].ends_on is None or span.starts_on <= whole[-1].ends_on):
            whole[-1] = Span(whole[-1].starts_on, _later(whole[-1].ends_on, span.ends_on))
        else:
            whole.append(span)
    return whole


def reached_on(spans: Sequence[Span], months: int) -> date | None:
    """Return the day on which so many months of these spans are full; None if work ended before.

    Days between two spans are not counted: they put the day off.
    """
    if not spans:
        return None
    wanted = months_after(spans[0].starts_on, months)
    for span, following in zip(spans, [*spans[1:], None], strict=True):
        if span.ends_on is None or wanted <= span.ends_on:
            return wanted
        if following is not None:
            wanted += following.starts_on - span.ends_on
    return None


def days_between(spans: Sequence[Span], day: date) -> int:
    """Return how many days lie between the spans that began up to the day."""
    begun = [span for span in spans if span.starts_on <= day]
    gaps = pairwise(begun)
    return sum((after.starts_on - (before.ends_on or day)).days for before, after in gaps)


def full_years(spans: Sequence[Span], day: date) -> int:
    """Return the years of these spans that are full on the evening of the day."""
    years = 0
    while (reached := reached_on(spans, 12 * (years + 1))) and reached <= day + A_DAY:
        years += 1
    return years


def _later(one: date | None, other: date | None) -> date | None:
    return None if one is None or other is None else max(one, other)
