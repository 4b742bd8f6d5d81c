"""Subsidies: runs that are reckoned, approvals under way, notices over, claims that close soon."""

import logging
from collections.abc import Callable, Sequence

from sqlalchemy.exc import DBAPIError

from scheduler.runs import Run
from server.db.sessions import transaction
from server.errors import DomainError
from server.subsidies.approvals.approving import approve_next, list_approving
from server.subsidies.checks.service import check_once, list_unchecked
from server.subsidies.claims.telling import tell_of_deadlines
from server.subsidies.differences.service import list_runs_to_look_at, look
from server.subsidies.notices.publishing import end_notice, list_ended
from server.subsidies.reckoning.queries import list_unfinished
from server.subsidies.reckoning.service import go_on

log = logging.getLogger(__name__)


def go_on_with_runs(run: Run) -> int:
    """Reckon every unfinished run to its end, each slice in a transaction of its own.

    Reckoned, here or elsewhere, it is held against the checks. One that cannot be reckoned holds
    no other up.
    """
    with transaction(writes=False) as session:
        unfinished = list_unfinished(session)
    done = _each(unfinished, lambda one: _steps(run, one))
    with transaction(writes=False) as session:
        unchecked = list_unchecked(session)
    _each(unchecked, lambda one: _check(run, one))
    return done


def approve_runs(run: Run) -> int:
    """Carry on every bulk approval, each slice in a transaction of its own; harmless twice."""
    with run.step() as session:
        waiting = list_approving(session)
    return _each(waiting, lambda one: _approve(run, one))


def end_notices(run: Run) -> int:
    """Let be paid whatever has been published for its days, each run by itself; harmless twice."""
    with run.step() as session:
        ended = list_ended(session)
    return _each(ended, lambda one: _end(run, one))


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
    return _each(waiting, lambda one: _look(run, one))


def _each(numbers: Sequence[int], do: Callable[[int], int]) -> int:
    """Do it to each and return the sum; one that is refused or breaks holds no other up.

    What broke is raised when the others are done, so that the run is known to have failed.
    """
    done, broken = 0, None
    for number in numbers:
        try:
            done += do(number)
        except DomainError as refusal:
            log.warning("%s is not gone on with: %s", number, refusal.code)
        except DBAPIError as error:
            if error.connection_invalidated:
                raise
            log.exception("%s is not gone on with", number)
            broken = broken or error
    if broken is not None:
        raise broken
    return done


def _end(run: Run, notice_id: int) -> int:
    with run.step() as session:
        return end_notice(session, notice_id)


def _check(run: Run, run_id: int) -> int:
    with run.step() as session:
        return check_once(session, run_id)


def _look(run: Run, run_id: int) -> int:
    with run.step() as session:
        return look(session, run_id)


def _steps(run: Run, run_id: int) -> int:
    done, has_more = 0, True
    while has_more:
        with run.step() as session:
            has_more = go_on(session, run_id)
        done += has_more
    return done


def _approve(run: Run, review_id: int) -> int:
    slices = 0
    goes_on = True
    while goes_on:
        with run.step() as session:
            goes_on = approve_next(session, review_id)
        slices += goes_on
    return slices
