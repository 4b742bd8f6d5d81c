"""Bed returns: who has not filed is told, and what was filed is compared once more."""

from datetime import timedelta

from scheduler.runs import Run
from server import clock
from server.facilities.returns import chasing, comparing
from server.facilities.returns.filing import correct_days


def chase_returns(run: Run) -> int:
    """Remind before the deadline and tell when it is late; each home's operators once of either."""
    with run.step() as session:
        return chasing.chase_returns(session)


def compare_returns(run: Run) -> int:
    """Compare the returns that may still be corrected with the records; returns what differs."""
    today = clock.today()
    with run.step() as session:
        since = today - timedelta(days=correct_days(session))
        return comparing.compare_since(session, since, until=today)
