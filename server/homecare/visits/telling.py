"""The evening before: whoever is visited tomorrow hears when, and each worker how many and from
when; one message a person and day, however often it is looked."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

from server import clock
from server.notifications.models import Channel
from server.notifications.service import Asked, ask_for_messages

EVENING, NIGHT = time(18, 0), time(21, 0)
WORKERS = text(
    """
    SELECT s.id, s.phone, s.language, count(*) AS many, min(v.starts_at) AS first
      FROM care_visit v
      JOIN staff s ON s.id = v.worker_id AND s.disabled_at IS NULL AND s.phone IS NOT NULL
     WHERE v.service_on = :day AND v.state = 'planned'
     GROUP BY s.id, s.phone, s.language ORDER BY s.id
    """
)
ELDERS = text(
    """
    SELECT v.resident_id AS id, a.phone, a.language, count(DISTINCT v.id) AS many,
           min(v.starts_at) AS first
      FROM care_visit v
      JOIN resident_grant g ON g.resident_id = v.resident_id AND g.starts_on <= :day
       AND (g.ends_on IS NULL OR g.ends_on > :day)
       AND (g.kind = 'self' OR 'see_visits' = ANY (g.scopes))
      JOIN account a ON a.id = g.account_id AND a.closed_at IS NULL
     WHERE v.service_on = :day AND v.state = 'planned'
     GROUP BY v.resident_id, a.phone, a.language ORDER BY v.resident_id, a.phone
    """
)


def tell_of_tomorrow(session: Session, today: date) -> int:
    """Tell elders and workers of tomorrow's visits, while it is still evening; return how many."""
    at = datetime.combine(today, EVENING, clock.CITY)
    if clock.now() >= datetime.combine(today, NIGHT, clock.CITY):
        return 0
    day = {"day": today + timedelta(days=1)}
    workers = session.connection().execute(WORKERS, day).all()
    elders = session.connection().execute(ELDERS, day).all()
    asked = _asked("homecare.worker_tomorrow", "worker", workers, at)
    return ask_for_messages(session, asked + _asked("homecare.visit_tomorrow", "elder", elders, at))


def _asked(kind: str, whose: str, rows: Sequence[Row[Any]], at: datetime) -> list[Asked]:
    return [
        Asked(
            phone=row.phone,
            language=row.language,
            channel=Channel.SMS,
            kind=kind,
            subject=f"visits:{whose}:{row.id}:{at:%Y-%m-%d}",
            facts={"count": row.many, "time": f"{row.first.astimezone(clock.CITY):%m-%d %H:%M}"},
            due_at=at,
            expires_at=at + timedelta(hours=14),
        )
        for row in rows
    ]
