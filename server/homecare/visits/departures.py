"""A death or a move calls off what is planned; it does not come back by itself."""

from sqlalchemy import text
from sqlmodel import Session

from server.residents.departures.effects import GONE, as_rows, note_ended
from server.residents.departures.events import ResidentsDeparted

REASON = "老人离世或迁出"
# A visit of a closed month stays as it was closed: a check finds it there.
CANCEL_VISITS = text(
    f"""
    WITH gone AS ({GONE})
    UPDATE care_visit SET state = 'cancelled', cancel_reason = '{REASON}'
      FROM gone JOIN care_visit AS old USING (resident_id)
     WHERE care_visit.id = old.id AND old.state = 'planned' AND old.service_on >= gone.day_after
       AND NOT is_month_closed(old.site_id, old.service_on)
    RETURNING gone.departure_id, care_visit.id AS key, old.state AS before,
              care_visit.state AS after
    """
)


def end_visits(session: Session, event: ResidentsDeparted) -> None:
    """Call off what is planned from the day after on."""
    values = {"gone": as_rows(event.departed)}
    note_ended(event, "care_visit", session.connection().execute(CANCEL_VISITS, values).all())
