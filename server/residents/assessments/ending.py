"""Assessments whose day is near, or over, are told to whoever assesses there; counts, no names."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from server import clock
from server.notifications.models import Channel
from server.notifications.service import Asked, ask_for_messages
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
OFFICES = text(
    """
    SELECT DISTINCT s.phone, s.language, o.role, o.division_code FROM staff_role o
      JOIN staff s ON s.id = o.staff_id AND s.disabled_at IS NULL AND s.phone IS NOT NULL
     WHERE o.role IN ('community_worker', 'county_officer')
       AND o.starts_on <= :day AND (o.ends_on IS NULL OR o.ends_on > :day)
     ORDER BY s.phone
    """
)


def tell_of_ending_assessments(session: Session, day: date) -> int:
    """Tell communities and counties how many assessments end, on the days of the ladder; once."""
    figures = {key: one.value for key, one in get_figures(session, [LADDER, TIMES], on=day).items()}
    ends = [one.about_on for one in targets(rungs_of(figures[LADDER]), day, day, is_workday)]
    if not ends:
        return 0
    run = session.connection()
    villages = Counter(run.execute(ENDING, {"ends": ends}).scalars())
    at = moment_to_send(day, clock.now().astimezone(clock.CITY), Times.of(figures[TIMES]))
    offices = run.execute(OFFICES, {"day": day}).all() if villages else ()
    counted = [
        (office, sum(n for code, n in villages.items() if code.startswith(office.division_code)))
        for office in offices
    ]
    return ask_for_messages(session, [_asked(one, n, day, at) for one, n in counted if n])


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
