"""Run the checks over some days: what does not fit becomes a finding, once however often they run.

A finding is never taken back by a later run: a correction is what whoever cheats would make. A
person says what it came to.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from server import clock
from server.findings.models import FindingKind
from server.findings.service import Suspicion, put_findings
from server.meals.checks.checks import CHECKS, FIGURES, Check, key_of, statement_of
from server.policies.queries import get_figures

# A statement takes 65,535 values at most, and each suspicion is seven.
A_TIME = 1000
LOOK_BACK_DAYS = 10


def check_days(
    session: Session, since: date, *, until: date, checks: Sequence[Check] = CHECKS
) -> Mapping[FindingKind, int]:
    """Run these checks over meals of these days; returns how many new findings each kind has."""
    figures = _figures(session, until)
    return {check.kind: _put(session, _found(session, check, since, until, figures))
            for check in checks}  # fmt: skip


def check_lately(session: Session, checks: Sequence[Check] = CHECKS) -> int:
    """Run these checks over days of which offline counters may still send; returns how many."""
    today = clock.today()
    found = check_days(session, today - timedelta(days=LOOK_BACK_DAYS), until=today, checks=checks)
    return sum(found.values())


def find(session: Session, check: Check, since: date, *, until: date) -> Sequence[Suspicion]:
    """Return what one check finds, without putting it down."""
    return list(_found(session, check, since, until, _figures(session, until)))


def _figures(session: Session, on: date) -> Mapping[str, Any]:
    found = get_figures(session, FIGURES, on=on)
    names = {name for check in CHECKS for name in check.figures}
    return {name: found[key_of(name)].value for name in names}


def _found(
    session: Session, check: Check, since: date, until: date, figures: Mapping[str, Any]
) -> Iterator[Suspicion]:
    taken = {name: figures[name] for name in check.figures}
    days = {"since": since, "until": until}
    rows = session.connection().execute(statement_of(check), days | taken)
    return (_suspicion(check, row, taken) for row in rows.all())


def _suspicion(check: Check, row: Row[Any], figures: Mapping[str, Any]) -> Suspicion:
    """The evidence says by which figures it was judged."""
    evidence = {**row.evidence, "figures": dict(figures)}
    return Suspicion(check.kind, row.subject, row.resident_id, evidence, site_id=row.site_id)


def _put(session: Session, suspicions: Iterator[Suspicion]) -> int:
    return sum(len(put_findings(session, some)) for some in _batches(suspicions))


def _batches(suspicions: Iterator[Suspicion]) -> Iterator[Sequence[Suspicion]]:
    return iter(lambda: list(islice(suspicions, A_TIME)), [])
