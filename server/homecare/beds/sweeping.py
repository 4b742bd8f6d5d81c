"""What ends by itself as time goes by: agreements that ran out, beds that nobody serves."""

from datetime import timedelta

from sqlalchemy import select, text
from sqlmodel import Session, col

from server import clock
from server.homecare.beds.knowing import lock
from server.homecare.beds.linking import end_by_itself
from server.homecare.models import IN_USE, HomeBed, HomeBedEnd
from server.policies.queries import get_figures

IDLE_DAYS = "homecare.idle_days"
ENDED_AT_ONCE = 200

# An agreement counts to the day before its end. A visit counts where it was made; who lives in a
# house by now has gone into it.
DUE = text(
    """
    WITH due AS (
        SELECT h.id, h.resident_id, h.state, h.pause_reason, h.since,
               NOT EXISTS (SELECT 1 FROM home_bed_agreement a
                            WHERE a.home_bed_id = h.id AND a.ends_on > :today) AS is_run_out,
               greatest(h.since, coalesce(
                   (SELECT max(v.service_on) FROM care_visit v
                      JOIN visit_proof p ON p.visit_id = v.id AND p.superseded_at IS NULL
                     WHERE v.home_bed_id = h.id), h.since)) AS last_served_on
          FROM home_bed h WHERE h.state IN ('serving', 'paused')
    )
    SELECT id, CASE WHEN is_run_out THEN 'contract_ended'
                    WHEN pause_reason = 'in_a_home' THEN 'into_a_home'
                    WHEN pause_reason = 'no_consent' THEN 'withdrawn'
                    ELSE 'no_service' END AS reason
      FROM due WHERE is_run_out OR last_served_on <= :idle_since
     ORDER BY resident_id, id LIMIT :limit
    """
)


def end_home_beds_due(session: Session, *, limit: int = ENDED_AT_ONCE) -> int:
    """End beds whose agreement is over, or that nobody has served for so many days.

    The platform acts. Returns how many it ended. Harmless twice. Raises `RuleMissing`.
    """
    today = clock.today()
    days = get_figures(session, [IDLE_DAYS], on=today)[IDLE_DAYS].value
    values = {"today": today, "idle_since": today - timedelta(days=days), "limit": limit}
    rows = session.connection().execute(DUE, values).all()
    return sum(_end(session, row.id, HomeBedEnd(row.reason)) for row in rows)


def _end(session: Session, home_bed_id: int, reason: HomeBedEnd) -> bool:
    query = select(HomeBed).where(col(HomeBed.id) == home_bed_id)
    bed = lock(session, session.execute(query).scalar_one())
    if bed.state not in IN_USE:
        return False
    end_by_itself(session, bed, reason)
    return True
