"""Assessments whose day is near, or over, are told to whoever assesses there; counts, no names."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from server import clock
from server.identity.models import Role
from server.identity.telling import list_reachable, tell_once
from server.notifications.models import Channel
from server.notifications.service import Asked
from server.places.ladders import Times, moment_to_send, rungs_of, targets
from server.places.workdays import is_workday
from server.policies.queries import get_figures

LADDER, TIMES = "reminders.assessment", "reminders.times"
KEPT_FOR = timedelta(days=7)
# An assessment that a later one follows needs nobody.
ENDING = text(
    """
    SELECT r.village_code FROM assessment a JOIN resident r ON r.id = a.resident_id
     WHERE a.status = 'confirmed' AND a.ends_on = ANY (:ends)
       AND NOT EXISTS (SELECT 1 FROM assessment n
                        WHERE n.resident_id = a.resident_id AND n.status = 'confirmed'
                          AND n.ends_on > a.ends_on)
       AND NOT EXISTS (SELECT 1 FROM departure d
                        WHERE d.resident_id = a.resident_id AND d.reversed_at IS NULL)
     ORDER BY a.id
    """
)
TOLD = (Role.COMMUNITY_WORKER, Role.COUNTY_OFFICER)


def tell_of_ending_assessments(session: Session, day: date) -> int:
    """Tell communities and counties how many assessments end, on the days of the ladder; once."""
    figures = {key: one.value for key, one in get_figures(session, [LADDER, TIMES], on=day).items()}
    ends = [one.about_on for one in targets(rungs_of(figures[LADDER]), day, day, is_workday)]
    if not ends:
        return 0
    villages = Counter(session.connection().execute(ENDING, {"ends": ends}).scalars())
    at = moment_to_send(day, clock.now().astimezone(clock.CITY), Times.of(figures[TIMES]))
    offices = list_reachable(session, TOLD, day=day) if villages else ()
    counted = [
        (office, sum(n for code, n in villages.items() if code.startswith(office.division_code)))
        for office in offices
    ]
    return tell_once(session, [_asked(one, n, day, at) for one, n in counted if n])


def _asked(office: Any, count: int, day: date, at: Any) -> Asked:
    return Asked(
        phone=office.phone,
        language=office.language,
        channel=Channel.SMS,
        kind="residents.assessments_ending",
        subject=f"assessments:{office.division_code}:{day}",
        facts={"count": count},
        due_at=at,
        expires_at=at + KEPT_FOR,
    )
