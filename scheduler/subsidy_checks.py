"""What moves by itself in the audit of subsidies: runs of a year are held against the checks."""

from scheduler.runs import Run
from server.subsidies.checks.service import check_lately


def check_subsidies(run: Run) -> int:
    """Hold the runs of the last year against every check; returns how many findings are new."""
    with run.step() as session:
        return check_lately(session)
