"""When claims of a programme are taken: dated figures, held against the work calendar."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from server.caregivers.allowances.days import A_DAY
from server.caregivers.allowances.terms import Programme, Window
from server.places.workdays import is_workday, workday_after


@dataclass(frozen=True)
class OpenWindow:
    """A window of one year, both days counted; it never closes on a day off."""

    opens_on: date
    closes_on: date

    def is_open_on(self, day: date) -> bool:
        return self.opens_on <= day <= self.closes_on


def windows_around(
    windows: Sequence[Window], programme: Programme, today: date
) -> list[OpenWindow]:
    """Return the programme's windows of last year, this year and the next, in their order."""
    own = [one for one in windows if one.programme is programme]
    years = range(today.year - 1, today.year + 2)
    return sorted(
        (_of_year(one, year) for one in own for year in years), key=lambda one: one.opens_on
    )


def open_window(windows: Sequence[Window], programme: Programme, today: date) -> OpenWindow | None:
    """Return the window that is open today."""
    around = windows_around(windows, programme, today)
    return next((one for one in around if one.is_open_on(today)), None)


def next_window(windows: Sequence[Window], programme: Programme, today: date) -> OpenWindow | None:
    """Return the first window that opens after today."""
    ahead: Iterator[OpenWindow] = (
        one for one in windows_around(windows, programme, today) if one.opens_on > today
    )
    return next(ahead, None)


def _of_year(window: Window, year: int) -> OpenWindow:
    opens_on, last = day_of(year, window.opens), day_of(year, window.closes)
    closes_on = last if is_workday(last) else workday_after(last, 1)
    return OpenWindow(opens_on, closes_on)


def day_of(year: int, day: str) -> date:
    """Return the day as a window names it; 29 February is the last of it in other years."""
    month, of_month = (int(part) for part in day.split("-"))
    while True:
        try:
            return date(year, month, of_month)
        except ValueError:
            of_month -= A_DAY.days
