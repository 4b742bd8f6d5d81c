"""A death or a move calls visits off; they do not come back."""

from sqlalchemy import text
from sqlmodel import Session

from server.residents.departures.effects import GONE, as_rows, note_ended
from server.residents.departures.events import ResidentsDeparted

CANCEL_VIEWINGS = text(
    f"""
    WITH gone AS ({GONE})
    UPDATE viewing SET state = 'cancelled', answered_at = :at
      FROM gone JOIN viewing AS old USING (resident_id)
     WHERE viewing.id = old.id AND old.state IN ('asked', 'confirmed')
    RETURNING gone.departure_id, viewing.id AS key, old.state AS before, viewing.state AS after
    """
)


def cancel_viewings(session: Session, event: ResidentsDeparted) -> None:
    """Call off what is ahead."""
    values = {"gone": as_rows(event.departed), "at": event.reported_at}
    note_ended(event, "viewing", session.connection().execute(CANCEL_VIEWINGS, values).all())
