"""What moves by itself in training: lists stand after some days, classes are told of, hours held
against shifts and visits."""

from scheduler.runs import Run
from server.caregivers.training.attending import close_lists_due
from server.caregivers.training.telling import tell_of_tomorrow
from server.homecare.training_checks.service import check_lately


def close_lists(run: Run) -> int:
    """Let sign-in lists stand that were open long enough, and count their minutes."""
    with run.step() as session:
        return close_lists_due(session)


def tell_of_classes(run: Run) -> int:
    """Tell trainees of tomorrow's classes; each once."""
    with run.step() as session:
        return tell_of_tomorrow(session)


def check_classes(run: Run) -> int:
    """Hold class hours of the last days against shifts and visits; returns how many are new."""
    with run.step() as session:
        return check_lately(session)
