"""Homes with too few caregivers this week become findings, taken back once it is made good."""

from collections.abc import Sequence

from sqlmodel import Session

from server import clock
from server.db.sessions import reaching_everywhere
from server.facilities.returns.queries import Scope
from server.facilities.staffing import rules
from server.facilities.staffing.queries import Home, list_homes
from server.facilities.staffing.rules import Staffing
from server.findings.models import FindingKind
from server.findings.service import Suspicion, put_findings, withdraw_about


def check_homes(session: Session, site_ids: Sequence[int]) -> None:
    """Put down which of these homes lack caregivers this week, and withdraw it of the others."""
    with reaching_everywhere(session):
        check_scope(session, Scope(site_ids=site_ids))


def check_scope(session: Session, scope: Scope) -> int:
    """The same of all homes in scope, for the platform itself; returns how many lack some.

    A home and week is one finding, however often this runs: people come and go during a week. A
    home that told nothing of the week stands in the office's list, and is no finding.
    """
    week = rules.monday_of(clock.today())
    homes = list_homes(session, scope, week=week)
    lacking = [home for home in homes if home.staffing is Staffing.TOO_FEW]
    put_findings(session, [_suspicion(home, week.isoformat()) for home in lacking])
    others = [home for home in homes if home.staffing is not Staffing.TOO_FEW]
    subjects = [_subject(home, week.isoformat()) for home in others]
    withdraw_about(session, FindingKind.TOO_FEW_CAREGIVERS, subjects)
    return len(lacking)


def _subject(home: Home, week: str) -> str:
    return f"staffing:{home.row.id}:{week}"


def _suspicion(home: Home, week: str) -> Suspicion:
    evidence = {
        "week": week,
        "people": {care.value: count for care, count in home.people.items()},
        "not_assessed": home.not_assessed,
        "needed": {shift.value: count for shift, count in home.needed.items()},
        "there": {shift.value: count for shift, count in (home.there or {}).items()},
    }
    kind = FindingKind.TOO_FEW_CAREGIVERS
    return Suspicion(kind, _subject(home, week), None, evidence, site_id=home.row.id)
