"""What is counted of alarms, and the figures they rest on."""

from datetime import datetime, timedelta

ANSWER = "home_alarms.answer_seconds"


def waited(raised_at: datetime, answered_at: datetime | None, *, now: datetime) -> timedelta:
    """Return how long somebody waited, or waits still."""
    return max((answered_at or now) - raised_at, timedelta())


def minutes_and_seconds(waited: timedelta) -> str:
    """Return `1:40`, and hours as minutes: `75:03`."""
    minutes, seconds = divmod(int(waited.total_seconds()), 60)
    return f"{minutes}:{seconds:02d}"
