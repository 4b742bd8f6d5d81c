"""What moves by itself in beds at home."""

from scheduler.runs import Run
from server.homecare.beds.sweeping import end_home_beds_due


def end_home_beds(run: Run) -> int:
    """End beds at home whose agreement is over or that nobody serves; harmless twice."""
    with run.step() as session:
        return end_home_beds_due(session)
