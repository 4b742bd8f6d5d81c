"""Run the checks on meals over some days, or over the meals of some people."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session

from server import clock
from server.findings import checking
from server.findings.checking import Check
from server.findings.models import FindingKind
from server.findings.service import Suspicion
from server.meals.checks.checks import CHECKS, EATEN_BY_SOME, KEYS
from server.places.workdays import is_workday
from server.policies.queries import get_figures

LOOK_BACK_DAYS = 10


def check_days(
    session: Session, since: date, *, until: date, checks: Sequence[Check] = CHECKS
) -> Mapping[FindingKind, int]:
    """Run these checks over meals of these days; returns how many new findings each kind has."""
    return checking.check_all(session, checks, _values(session, since, until))


def check_lately(session: Session, checks: Sequence[Check] = CHECKS) -> int:
    """Run these checks over days of which offline counters may still send; returns how many."""
    today = clock.today()
    found = check_days(session, today - timedelta(days=LOOK_BACK_DAYS), until=today, checks=checks)
    return sum(found.values())


def check_people(
    session: Session, resident_ids: Sequence[int], since: date, *, checks: Sequence[Check]
) -> int:
    """Run these checks over what these people ate from a day until today; returns how many.

    For facts that are told late: where somebody was, or of which tier, weeks ago.
    """
    values = _values(session, since, clock.today()) | {"residents": list(resident_ids)}
    some = [replace(check, beneath=EATEN_BY_SOME) for check in checks]
    return sum(checking.check_all(session, some, values).values())


def find(session: Session, check: Check, since: date, *, until: date) -> Sequence[Suspicion]:
    """Return what one check finds, without putting it down."""
    return checking.find(session, check, _values(session, since, until))


def _values(session: Session, since: date, until: date) -> dict[str, Any]:
    found = get_figures(session, sorted(set(KEYS.values())), on=until)
    figures = {name: found[key].value for name, key in KEYS.items()}
    return figures | {"since": since, "until": until, "days_off": _days_off(since, until)}


def _days_off(since: date, until: date) -> list[date]:
    """The days on which the country does not work: some classes are subsidised on others alone."""
    days = (since + timedelta(days=number) for number in range((until - since).days + 1))
    return [day for day in days if not is_workday(day)]
