"""What nobody served in time lapses by itself, and what it reserved is free again."""

from datetime import timedelta

from sqlalchemy import text
from sqlmodel import Session

from server import clock
from server.db.sessions import reaching_everywhere
from server.homecare.months.service import SEND_HOURS
from server.policies.queries import get_figures

# A phone without a network may still tell of a visit for so many hours after its day.
LAPSE = text(
    """
    UPDATE care_order o SET state = 'lapsed', closed_at = :at
      FROM care_order old LEFT JOIN care_visit v ON v.id = old.visit_id
     WHERE o.id = old.id AND old.state IN ('ordered', 'assigned')
       AND (old.state = 'ordered' AND old.service_on < :today
            OR is_month_closed(old.site_id, old.service_on)
            OR v.state IN ('planned', 'missed') AND v.service_on < :heard_until
            OR v.state = 'cancelled')
    RETURNING o.id
    """
)


def lapse_orders(session: Session) -> int:
    """Let orders lapse whose day went by without a visit; returns how many. Harmless twice."""
    now = clock.now()
    hours = int(get_figures(session, [SEND_HOURS], on=clock.today())[SEND_HOURS].value)
    heard_until = clock.day_of(now - timedelta(hours=hours))
    values = {"at": now, "today": clock.today(), "heard_until": heard_until}
    with reaching_everywhere(session):
        return len(session.connection().execute(LAPSE, values).all())
