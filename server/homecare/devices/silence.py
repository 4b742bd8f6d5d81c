"""A device that is not heard is looked into; heard again, it is let go by itself."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

from server import clock
from server.findings.models import FindingKind
from server.findings.service import Suspicion, put_findings, withdraw_about
from server.homecare.devices.telling import tell_silent
from server.policies.queries import get_figures

SILENT = "home_devices.silent_hours"
KIND = FindingKind.HOME_DEVICE_SILENT
AT_ONCE = 1000

# A device stands silent since it was last heard, or since the day after it was put up. What takes
# no part (a rail, a bed that does not serve) is not waited for. What is found stays put down once.
NOT_HEARD = text(
    """
    WITH silent AS (
        SELECT d.id, d.kind, b.id AS home_bed_id, b.site_id,
               (h.last_at AT TIME ZONE 'Asia/Shanghai')::date AS heard_on,
               coalesce((h.last_at AT TIME ZONE 'Asia/Shanghai')::date, d.installed_on) AS since
          FROM care_device d JOIN home_bed b ON b.id = d.home_bed_id AND b.state = 'serving'
          LEFT JOIN LATERAL (SELECT y.last_at FROM device_day y WHERE y.device_id = d.id
                              ORDER BY y.day DESC LIMIT 1) h ON true
         WHERE d.removed_on IS NULL
           AND d.kind NOT IN ('anti_slip', 'toilet_rail', 'bath_chair', 'other')
           AND coalesce(h.last_at, (d.installed_on + 1)::timestamp AT TIME ZONE 'Asia/Shanghai')
               <= :since
    )
    SELECT s.*, 'device:' || s.id || ':' || s.since AS subject FROM silent s
     WHERE NOT EXISTS (SELECT 1 FROM finding f
                        WHERE f.kind = 'home_device_silent' AND f.state <> 'withdrawn'
                          AND f.subject = 'device:' || s.id || ':' || s.since)
     ORDER BY s.id LIMIT :limit
    """
)
# Nobody looks for what is heard, was taken away, or stands at a bed that serves no more.
HEARD_AGAIN = text(
    """
    SELECT f.subject FROM finding f
      JOIN care_device d ON d.id = CAST(f.evidence ->> 'device_id' AS bigint)
      JOIN home_bed b ON b.id = d.home_bed_id
     WHERE f.kind = 'home_device_silent' AND f.state = 'open'
       AND (d.removed_on IS NOT NULL OR b.state <> 'serving'
            OR EXISTS (SELECT 1 FROM device_day y WHERE y.device_id = d.id AND y.last_at > :since))
     ORDER BY f.id LIMIT :limit
    """
)


def find_silent_devices(session: Session) -> int:
    """Put down every device that is not heard for so many hours, and tell its provider once a day.

    The platform acts. Returns how many are new or opened again. Harmless twice. Raises
    `RuleMissing`.
    """
    hours = get_figures(session, [SILENT], on=clock.today())[SILENT].value
    values = {"since": clock.now() - timedelta(hours=hours), "limit": AT_ONCE}
    heard: Sequence[str] = session.connection().execute(HEARD_AGAIN, values).scalars().all()
    withdraw_about(session, KIND, heard)
    rows = session.connection().execute(NOT_HEARD, values).all()
    found = {row.subject for row in put_findings(session, [_doubt(row, hours) for row in rows])}
    tell_silent(session, {row.site_id for row in rows if row.subject in found})
    return len(found)


def _doubt(row: Row[Any], hours: int) -> Suspicion:
    evidence = {
        "device_id": row.id,
        "device_kind": row.kind,
        "home_bed_id": row.home_bed_id,
        "heard_on": row.heard_on.isoformat() if row.heard_on else None,
        "silent_hours": hours,
    }
    return Suspicion(KIND, row.subject, None, evidence, site_id=row.site_id)
