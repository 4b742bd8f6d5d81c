"""A death or a move ends the waiting; a mistaken report gives the place in the list back."""

from sqlalchemy import text
from sqlmodel import Session

from server.residents.departures.effects import GONE, as_rows, note_ended, restored
from server.residents.departures.events import DepartureReversed, ResidentsDeparted

END_WAITING = text(
    f"""
    WITH gone AS ({GONE}), offers AS (
        UPDATE bed_offer f SET state = 'withdrawn', answered_at = :at
          FROM gone WHERE f.resident_id = gone.resident_id AND f.state = 'open'
    )
    UPDATE waiting_entry SET state = 'left', ended_at = :at
      FROM gone JOIN waiting_entry AS old USING (resident_id)
     WHERE waiting_entry.id = old.id AND old.state IN ('waiting', 'offered')
    RETURNING gone.departure_id, waiting_entry.id AS key, 'waiting' AS before, 'left' AS after
    """
)
RESTORE_WAITING = text(
    """
    UPDATE waiting_entry AS held SET state = 'waiting', ended_at = NULL
      FROM jsonb_to_recordset(CAST(:entries AS jsonb)) AS e(key bigint, before text, after text)
     WHERE held.id = e.key AND held.state = 'left'
       AND NOT EXISTS (SELECT 1 FROM waiting_entry o
                        WHERE o.resident_id = held.resident_id AND o.site_id = held.site_id
                          AND o.kind = held.kind AND o.state IN ('waiting', 'offered'))
    RETURNING held.id AS key
    """
)


def end_waiting(session: Session, event: ResidentsDeparted) -> None:
    """End the waiting of whoever is gone; the next in the list moves up."""
    values = {"gone": as_rows(event.departed), "at": event.reported_at}
    note_ended(event, "waiting_entry", session.connection().execute(END_WAITING, values).all())


def bring_waiting_back(session: Session, event: DepartureReversed) -> None:
    """Give places in the list back, with the day of the first application."""
    restored(session, event, "waiting_entry", RESTORE_WAITING)
