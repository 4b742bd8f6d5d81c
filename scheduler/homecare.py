"""What moves by itself in care at home: visits are made ahead, and missed after their day."""

from scheduler.runs import Run
from server.homecare.visits.making import make_visits
from server.homecare.visits.missing import miss_visits


def plan_visits(run: Run) -> int:
    """Make what agreed plans want of the coming two weeks; what is there already stays."""
    with run.step() as session:
        return make_visits(session)


def note_missed(run: Run) -> int:
    """Turn planned visits of days gone by to missed."""
    with run.step() as session:
        return miss_visits(session)
