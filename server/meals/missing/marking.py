"""After the day: what was booked and never fetched is missed, and who often misses hears of it."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

from server import clock
from server.meals.missing.policy import NoShows, get_no_shows
from server.meals.telling import Told, tell

# A night that was left out is made up for within this time.
LOOKS_BACK = timedelta(days=14)
AT_ONCE = 5_000
MARK = text(
    """
    UPDATE booking SET status = 'missed', missed_at = :now
     WHERE id IN (SELECT b.id FROM sitting s JOIN booking b ON b.sitting_id = s.id
                   WHERE s.service_on >= :since AND s.service_on < :today
                     AND b.status = 'booked'
                   ORDER BY b.id LIMIT :limit FOR UPDATE OF b)
    RETURNING resident_id
    """
)
OFTEN = text(
    """
    SELECT resident_id, count(*) AS misses FROM booking
     WHERE resident_id = ANY(:residents) AND service_on >= :since AND status = 'missed'
     GROUP BY resident_id HAVING count(*) >= :misses
     ORDER BY resident_id
    """
)


def mark_missed(session: Session) -> int:
    """Mark what nobody came for on days gone by, a bounded part of it; returns how many.

    Whoever misses too many is told, once a month. The platform acts; harmless twice.
    """
    today = clock.today()
    values: dict[str, Any] = {"now": clock.now(), "today": today, "limit": AT_ONCE}
    values["since"] = today - LOOKS_BACK
    missed = session.connection().execute(MARK, values).scalars().all()
    rule = get_no_shows(session)
    if missed and rule.is_told:
        _tell(session, sorted(set(missed)), rule)
    return len(missed)


def _tell(session: Session, residents: list[int], rule: NoShows) -> None:
    since = clock.today() - timedelta(days=rule.days)
    values = {"residents": residents, "since": since, "misses": rule.misses}
    often = session.connection().execute(OFTEN, values).all()
    tell(session, [_told(row, rule) for row in often])


def _told(row: Row[Any], rule: NoShows) -> Told:
    return Told(
        kind="meals.often_missed",
        subject=f"missed:{row.resident_id}:{clock.today():%Y-%m}",
        resident_id=row.resident_id,
        facts={"misses": str(row.misses), "days": str(rule.days)},
    )
