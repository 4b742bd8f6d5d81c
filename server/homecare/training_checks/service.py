"""Run the checks on class hours over some days."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session

from server import clock
from server.findings import checking
from server.findings.checking import Check
from server.findings.models import FindingKind
from server.findings.service import Suspicion
from server.homecare.training_checks.checks import CHECKS, KEYS
from server.policies.queries import get_figures

LOOK_BACK_DAYS = 10


def check_days(session: Session, since: date, *, until: date) -> Mapping[FindingKind, int]:
    """Run every check over the classes of these days; returns new findings by kind."""
    return checking.check_all(session, CHECKS, _values(session, since, until))


def check_lately(session: Session) -> int:
    """Run every check over the days in which lists and visits may still arrive."""
    today = clock.today()
    found = check_days(session, today - timedelta(days=LOOK_BACK_DAYS), until=today)
    return sum(found.values())


def find(session: Session, check: Check, since: date, *, until: date) -> Sequence[Suspicion]:
    """Return what one check finds, without putting it down."""
    return checking.find(session, check, _values(session, since, until))


def _values(session: Session, since: date, until: date) -> dict[str, Any]:
    found = get_figures(session, sorted(set(KEYS.values())), on=until)
    figures = {name: found[key].value for name, key in KEYS.items()}
    return figures | {"since": since, "until": until}
