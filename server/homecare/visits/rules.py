"""Places, times and what a visit may become; plain arithmetic."""

from datetime import datetime, timedelta

NEAR_ITS_TIME = timedelta(hours=12)
LONGEST = timedelta(hours=24)
# Figures in force on a day; the pack says where each comes from.
FENCE = "visits.fence_m"
SPEED = "visits.metres_a_minute"
LATE = "visits.late_minutes"


def is_near_its_time(at: datetime, starts_at: datetime) -> bool:
    """True where what was noted can be of this visit at all."""
    return abs(at - starts_at) <= NEAR_ITS_TIME
