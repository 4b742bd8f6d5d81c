"""Working days of the country: holidays and the weekends worked instead of them."""

from datetime import date
from functools import cache, lru_cache

from holidays import HolidayBase, country_holidays


def workday_after(day: date, days: int) -> date:
    """Return the last of so many working days after a day, by the State Council's calendar.

    Years whose calendar is not published yet know the fixed holidays alone.
    """
    return _calendar().get_nth_working_day(day, days)


def holidays_between(first: date, last: date) -> list[date]:
    """Return the country's holidays of these days, both counted; plain weekends are none."""
    days = (date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1))
    return [day for day in days if day in _calendar()]


@lru_cache(maxsize=4096)
def is_workday(day: date) -> bool:
    """True on a day on which the country works; a weekend worked instead of a holiday is one."""
    return _calendar().is_working_day(day)


@cache
def _calendar() -> HolidayBase:
    return country_holidays("CN")
