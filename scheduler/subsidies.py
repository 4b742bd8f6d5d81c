"""Subsidies: runs that are reckoned, approvals under way, notices over, claims that close soon."""

import logging

from scheduler.runs import Run
from server.db.sessions import transaction
from server.errors import DomainError
from server.subsidies.approvals.approving import approve_next, list_approving
from server.subsidies.checks.service import check_runs
from server.subsidies.claims.telling import tell_of_deadlines
from server.subsidies.differences.service import list_runs_to_look_at, look
from server.subsidies.notices.publishing import end_notice, list_ended
from server.subsidies.reckoning.queries import list_unfinished
from server.subsidies.reckoning.service import go_on

log = logging.getLogger(__name__)


def go_on_with_runs(run: Run) -> int:
    """Reckon every unfinished run to its end, each slice in a transaction of its own.

    Reckoned, it is held against the checks. One that cannot be reckoned holds no other up.
    """
    with transaction(writes=False) as session:
        waiting = list_unfinished(session)
    done = 0
    for run_id in waiting:
        try:
            done += _steps(run, run_id)
        except DomainError as refusal:
            log.warning("run %s is not gone on with: %s", run_id, refusal.code)
    return done


def approve_runs(run: Run) -> int:
    """Carry on every bulk approval, each slice in a transaction of its own; harmless twice."""
    with run.step() as session:
        waiting = list_approving(session)
    return sum(_approve(run, review_id) for review_id in waiting)


def end_notices(run: Run) -> int:
    """Let be paid whatever has been published for its days, each run by itself; harmless twice."""
    with run.step() as session:
        ended = list_ended(session)
    done = 0
    for notice_id in ended:
        with run.step() as session:
            done += end_notice(session, notice_id)
    return done


def tell_of_claims(run: Run) -> int:
    """Tell whoever began a claim and has not handed it in that its window closes; once."""
    with run.step() as session:
        return tell_of_deadlines(session)


def look_for_differences(run: Run) -> int:
    """Hold every run of three years against what is known today, each by itself; harmless twice.

    One that cannot be looked at holds no other up. Returns how many cases wait.
    """
    with run.step() as session:
        waiting = list_runs_to_look_at(session)
    return sum(_look(run, run_id) for run_id in waiting)


def _look(run: Run, run_id: int) -> int:
    try:
        with run.step() as session:
            return look(session, run_id)
    except DomainError as refusal:
        log.warning("run %s is not looked at: %s", run_id, refusal.code)
        return 0


def _steps(run: Run, run_id: int) -> int:
    done, has_more = 0, True
    while has_more:
        with run.step() as session:
            has_more = go_on(session, run_id)
        done += has_more
    with run.step() as session:
        check_runs(session, [run_id])
    return done


def _approve(run: Run, review_id: int) -> int:
    slices = 0
    goes_on = True
    while goes_on:
        with run.step() as session:
            goes_on = approve_next(session, review_id)
        slices += goes_on
    return slices
