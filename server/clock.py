"""The current time, in one place, so that tests can hold it still and a year can be simulated.

`YINLING_CLOCK_SHIFT_SECONDS` moves the clock of this process and of every process it starts.
SQL never asks for the time itself: it is handed the instant of the act.
"""

import os
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

CITY = ZoneInfo("Asia/Shanghai")
SHIFT = timedelta(seconds=float(os.environ.get("YINLING_CLOCK_SHIFT_SECONDS", "0")))


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return datetime.now(UTC) + SHIFT


def today() -> date:
    """Return the civil day that a resident would read on the wall."""
    return day_of(now())


def day_of(instant: datetime) -> date:
    """Return the civil day in the city of an aware instant."""
    return instant.astimezone(CITY).date()


def move_to(instant: datetime) -> None:
    """Let it be this instant now, for this process: how a year is lived in minutes."""
    global SHIFT
    SHIFT = instant - datetime.now(UTC)
