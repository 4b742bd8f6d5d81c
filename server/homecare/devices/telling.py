"""Tell providers that devices in their homes are not heard: one message a provider and day."""

from datetime import datetime, time, timedelta

from sqlalchemy import text
from sqlmodel import Session

from server import clock
from server.notifications.models import Channel
from server.notifications.service import Asked, ask_for_messages

KIND = "homecare.devices_silent"
OF_USE = timedelta(days=2)
PROVIDERS = text(
    """
    SELECT DISTINCT r.site_id, s.phone, s.language FROM staff_role r
      JOIN staff s ON s.id = r.staff_id AND s.disabled_at IS NULL AND s.phone IS NOT NULL
     WHERE r.site_id = ANY (:sites) AND r.role = 'home_care_provider' AND r.starts_on <= :today
       AND (r.ends_on IS NULL OR r.ends_on > :today)
     ORDER BY r.site_id, s.phone
    """
)


def tell_silent(session: Session, site_ids: set[int]) -> int:
    """Put the messages of today into the outbox; returns how many were not there yet."""
    if not site_ids:
        return 0
    today = clock.today()
    rows = session.connection().execute(PROVIDERS, {"sites": list(site_ids), "today": today})
    due_at = datetime.combine(today, time(), clock.CITY)
    return ask_for_messages(session, [
        Asked(
            phone=row.phone,
            language=row.language,
            channel=Channel.SMS,
            kind=KIND,
            subject=f"silent_devices:{row.site_id}:{today}",
            facts={},
            due_at=due_at,
            expires_at=clock.now() + OF_USE,
        )
        for row in rows
    ])  # fmt: skip
