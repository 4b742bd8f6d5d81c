"""Every night: the meals of the last days, and older ones of whoever is told of late.

A home or a hospital may tell weeks later that somebody was there, a window that somebody died. The
meals since that day are looked at again, of these people alone.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import text
from sqlmodel import Session

from server import clock
from server.findings.models import FindingKind
from server.homecare.meal_checks.checks import CHECKS
from server.meals.checks import service
from server.meals.checks.service import LOOK_BACK_DAYS

TOLD_LATE = text((Path(__file__).parent / "queries" / "told_late.sql").read_text())
OF_LATE_FACTS = {
    FindingKind.MEAL_IN_HOSPITAL,
    FindingKind.MEAL_IN_A_HOME,
    FindingKind.MEAL_AFTER_DEPARTURE,
}


def check_lately(session: Session) -> int:
    """Run every check over the last days, and over what late facts reach back to.

    Returns how many findings are new.
    """
    first = clock.today() - timedelta(days=LOOK_BACK_DAYS)
    checks = [check for check in CHECKS if check.kind in OF_LATE_FACTS]
    found = service.check_lately(session, CHECKS)
    for since, people in _told_late(session, first).items():
        found += service.check_people(session, people, since, checks=checks)
    return found


def _told_late(session: Session, first: date) -> Mapping[date, Sequence[int]]:
    """The people told of since a day about days before it, by the month those days begin in."""
    at = datetime.combine(first, time(), clock.CITY)
    people: dict[date, list[int]] = defaultdict(list)
    for row in session.execute(TOLD_LATE, {"first": first, "at": at}):
        people[row.since.replace(day=1)].append(row.resident_id)
    return people
