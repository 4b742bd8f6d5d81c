"""What moves by itself in facilities: lapses and offers of beds, and who files a bed return."""

from datetime import timedelta

from scheduler.runs import Run
from server import clock
from server.facilities.referrals.answering import lapse_referrals
from server.facilities.returns import chasing, comparing
from server.facilities.returns.filing import correct_days
from server.facilities.returns.queries import Scope
from server.facilities.staffing import checking
from server.facilities.stays.holding import lapse_holds
from server.facilities.waiting.offering import lapse_offers, make_offers


def offer_beds(run: Run) -> int:
    """Close what was not answered or used in time, then offer what is free; harmless twice."""
    done = 0
    for step in (lapse_holds, lapse_referrals, lapse_offers, make_offers):
        with run.step() as session:
            done += step(session)
    return done


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


def check_staffing(run: Run) -> int:
    """Look which homes have too few caregivers this week; returns how many."""
    with run.step() as session:
        return checking.check_scope(session, Scope(prefixes=[""]))
