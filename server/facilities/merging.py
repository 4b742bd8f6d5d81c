"""Which beds keep two residents from being one."""

from sqlalchemy import text
from sqlmodel import Session

from server.residents.merging.events import Collision, MergeConsidered

# What the exclusion constraints of `bed_occupancy` would refuse, with its first day, two holds, and
# two stays at one home, of which one may be without a bed.
TWICE = text(
    """
    SELECT 'beds-overlap' AS code, greatest(a.starts_on, b.starts_on) AS day
      FROM bed_occupancy a JOIN bed_occupancy b ON b.resident_id = :merged
       AND b.superseded_at IS NULL AND b.state IN ('occupied', 'on_leave', 'in_hospital')
       AND daterange(a.starts_on, a.ends_on) && daterange(b.starts_on, b.ends_on)
     WHERE a.resident_id = :kept AND a.superseded_at IS NULL
       AND a.state IN ('occupied', 'on_leave', 'in_hospital')
       AND ((a.state = 'in_hospital') = (b.state = 'in_hospital')
            OR CASE a.state WHEN 'in_hospital' THEN b.kind ELSE a.kind END <> 'medical')
     UNION
    SELECT 'beds-overlap', greatest(a.admitted_on, b.admitted_on)
      FROM stay a JOIN stay b ON b.resident_id = :merged AND b.site_id = a.site_id
       AND b.status IN ('staying', 'away')
     WHERE a.resident_id = :kept AND a.status IN ('staying', 'away')
     UNION
    SELECT 'beds-held-twice', greatest(a.planned_on, b.planned_on)
      FROM stay a JOIN stay b ON b.resident_id = :merged AND b.status = 'held'
     WHERE a.resident_id = :kept AND a.status = 'held'
     ORDER BY 1, 2
    """
)


def name_colliding_stays(session: Session, event: MergeConsidered) -> None:
    """Add the days on which both are in a bed, or from which both have one held."""
    values = {"kept": event.kept_id, "merged": event.merged_id}
    for row in session.connection().execute(TWICE, values).all():
        event.collisions.append(Collision(row.code, (row.day.isoformat(),)))
