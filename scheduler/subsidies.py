"""Runs of subsidies are gone on with: those somebody began, and those that were cut short."""

import logging

from scheduler.runs import Run
from server.db.sessions import transaction
from server.errors import DomainError
from server.subsidies.reckoning.queries import list_unfinished
from server.subsidies.reckoning.service import go_on

log = logging.getLogger(__name__)


def go_on_with_runs(run: Run) -> int:
    """Reckon every unfinished run to its end, each slice in a transaction of its own.

    One that cannot be reckoned holds no other up.
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


def _steps(run: Run, run_id: int) -> int:
    done, has_more = 0, True
    while has_more:
        with run.step() as session:
            has_more = go_on(session, run_id)
        done += has_more
    return done
