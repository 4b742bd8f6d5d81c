"""Which beds at home keep two residents from being one."""

from sqlalchemy import text
from sqlmodel import Session

from server.residents.merging.events import Collision, MergeConsidered

TWICE = text(
    """
    SELECT 'home-beds-twice' AS code, greatest(a.since, b.since) AS day
      FROM home_bed a JOIN home_bed b ON b.resident_id = :merged AND b.state <> 'ended'
     WHERE a.resident_id = :kept AND a.state <> 'ended'
     UNION
    SELECT 'home-bed-grants-twice', greatest(a.installed_on, b.installed_on)
      FROM home_bed_build a JOIN home_bed_build b ON b.resident_id = :merged AND b.asks_grant
     WHERE a.resident_id = :kept AND a.asks_grant
     UNION
    SELECT 'renovations-twice', greatest(a.since, b.since)
      FROM renovation a JOIN renovation b ON b.resident_id = :merged AND b.holds
     WHERE a.resident_id = :kept AND a.holds
     ORDER BY 1, 2
    """
)


def name_colliding_home_beds(session: Session, event: MergeConsidered) -> None:
    """Add where both have a bed at home, a grant for one, or a home made safe."""
    values = {"kept": event.kept_id, "merged": event.merged_id}
    for row in session.connection().execute(TWICE, values).all():
        event.collisions.append(Collision(row.code, (row.day.isoformat(),)))
