"""When a run that never ended may be taken up again."""

from datetime import datetime, timedelta

# Longer than any statement may last (15 s), so that a runner that lives is never taken for dead.
TAKEN_OVER_AFTER = timedelta(seconds=60)


def silent_since(now: datetime) -> datetime:
    """Return the instant before which the last step of a living runner cannot lie."""
    return now - TAKEN_OVER_AFTER
