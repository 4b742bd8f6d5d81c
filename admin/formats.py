"""How days, times, counts and money read on the console. A missing figure is never a nought."""

from datetime import date, datetime, time, timedelta
from typing import Any

from babel import Locale
from babel.dates import format_date

from server import clock, masking
from server.i18n.catalogues import current_language
from server.i18n.catalogues import gettext as _
from server.i18n.money import in_yuan

DASH = "—"
# Read once: babel looks through all locales of the world for one that is given by name.
CHINESE = Locale.parse("zh_CN")
BRITISH = Locale.parse("en_GB")


def day(value: date) -> str:
    """Return `11月22日 星期日`, `Sunday 22 November`."""
    if current_language() == "zh-CN":
        return format_date(value, "M月d日 EEEE", locale=CHINESE)
    return format_date(value, "EEEE d MMMM", locale=BRITISH)


def short_day(value: date) -> str:
    """Return `11月22日 周日`, `Sun 22 Nov`."""
    if current_language() == "zh-CN":
        return format_date(value, "M月d日 E", locale=CHINESE)
    return format_date(value, "E d MMM", locale=BRITISH)


def month_day(value: date) -> str:
    """Return `11月22日`, `22 Nov`; with its year where that is another one."""
    if value.year != clock.today().year:
        return f"{value:%Y-%m-%d}"
    if current_language() == "zh-CN":
        return format_date(value, "M月d日", locale=CHINESE)
    return format_date(value, "d MMM", locale=BRITISH)


def long_day(value: date | None) -> str:
    """Return `2024年3月1日`, `1 March 2024`, or "not known"."""
    if value is None:
        return _("not known")
    if current_language() == "zh-CN":
        return format_date(value, "y年M月d日", locale=CHINESE)
    return format_date(value, "d MMMM y", locale=BRITISH)


def masked_phone(number: str | None) -> str:
    """Return `138****1234`, or "not known"."""
    return masking.phone(number) if number else _("not known")


def local_phone(number: str | None) -> str:
    """Return a number of this country as people dial it, or "not known"."""
    return (number or _("not known")).removeprefix("+86")


def short_day_of(value: datetime) -> str:
    """Return the civil day of an instant, as `short_day` says it."""
    return short_day(clock.day_of(value))


def day_before(value: date) -> date:
    """Return the last day of a period that ends on the day."""
    return value - timedelta(days=1)


def plain_day(value: datetime) -> date:
    """Return `2026-11-22`, the civil day of an instant, as papers date things."""
    return clock.day_of(value)


def clock_time(value: datetime | time) -> str:
    """Return `11:32` on the city's wall."""
    local = value.astimezone(clock.CITY) if isinstance(value, datetime) else value
    return f"{local:%H:%M}"


def stamp(value: datetime) -> str:
    """Return `2026-11-22 11:32`, where many moments stand in a column."""
    return f"{value.astimezone(clock.CITY):%Y-%m-%d %H:%M}"


def clock_seconds(value: datetime) -> str:
    """Return `11:32:05`, where two moments of one minute must be told apart."""
    return f"{value.astimezone(clock.CITY):%H:%M:%S}"


def day_and_time(value: datetime) -> str:
    """Return `11月22日 周日 11:32`, or the time alone for today."""
    is_today = clock.day_of(value) == clock.today()
    return (
        clock_time(value) if is_today else f"{short_day(clock.day_of(value))} {clock_time(value)}"
    )


def yuan(fen: int | None) -> str:
    """Return `1,200.00`, or "not known"."""
    return _("not known") if fen is None else in_yuan(fen)


def whole_yuan(fen: int | None) -> str:
    """Return `2,600` without noughts behind the point, or "not known"."""
    if fen is None:
        return _("not known")
    return f"{fen // 100:,}" if fen % 100 == 0 else yuan(fen)


def count(value: int | None) -> str:
    """Return `1,234`, or "not known"."""
    return _("not known") if value is None else f"{value:,}"


def share(part: int, whole: int) -> str:
    """Return `38 %`; nothing of nothing is a dash, never 100 %."""
    return f"{100 * part // whole} %" if whole else DASH


def grouped(code: str) -> str:
    """Return `482 913`, as it is read out."""
    return f"{code[:3]} {code[3:]}"


def minutes(seconds: int) -> int:
    """Return whole minutes to wait, at least one."""
    return max(1, -(-seconds // 60))


def spaced(number: str) -> str:
    """Return an account's number in groups of four, as it stands on a card."""
    return " ".join(number[place : place + 4] for place in range(0, len(number), 4))


def age_band(band: str) -> str:
    """Return an age band as rates part ages, `65-79`, `80-`, in words; `-` is none of them."""
    first, last = band.split("-")
    if first and last:
        return _("{first} to {last} years", first=first, last=last)
    return _("{first} years and more", first=first) if first else _("Other ages")


FILTERS: dict[str, Any] = {
    "day": day,
    "short_day": short_day,
    "month_day": month_day,
    "long_day": long_day,
    "masked_name": masking.name,
    "masked_phone": masked_phone,
    "local_phone": local_phone,
    "short_day_of": short_day_of,
    "day_before": day_before,
    "plain_day": plain_day,
    "clock_time": clock_time,
    "stamp": stamp,
    "clock_seconds": clock_seconds,
    "day_and_time": day_and_time,
    "yuan": yuan,
    "whole_yuan": whole_yuan,
    "count_of": count,
    "share_of": share,
    "grouped": grouped,
    "spaced": spaced,
    "minutes": minutes,
    "age_band": age_band,
}
