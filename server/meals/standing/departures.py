"""A death or a move ends what is ordered and waited for; a mistaken report brings it back."""

from sqlalchemy import text
from sqlmodel import Session

from server.meals.offering import offer_places
from server.meals.standing.booking import book_orders
from server.residents.departures.effects import GONE, as_rows, note_ended, restored
from server.residents.departures.events import DepartureReversed, ResidentsDeparted

ORDERS, WAITING = "standing_order", "meal_waiting"
END_ORDERS = text(
    f"""
    WITH gone AS ({GONE})
    UPDATE standing_order o SET ended_at = :at, end_reason = gone.kind
      FROM gone JOIN standing_order AS old USING (resident_id)
     WHERE o.id = old.id AND old.ended_at IS NULL
    RETURNING gone.departure_id, o.id AS key, NULL AS before, gone.kind AS after
    """
)
END_WAITING = text(
    f"""
    WITH gone AS ({GONE})
    UPDATE meal_waiting w SET state = 'left', ended_at = :at
      FROM gone JOIN meal_waiting AS old USING (resident_id)
     WHERE w.id = old.id AND old.state IN ('waiting', 'offered')
       AND old.service_on >= gone.day_after
    RETURNING gone.departure_id, w.id AS key, 'waiting' AS before, 'left' AS after, w.sitting_id
    """
)
RESTORE_ORDERS = text(
    """
    UPDATE standing_order AS held SET ended_at = NULL, end_reason = NULL
      FROM jsonb_to_recordset(CAST(:entries AS jsonb)) AS e(key bigint, after text)
     WHERE held.id = e.key AND held.end_reason = e.after
       AND NOT EXISTS (SELECT 1 FROM standing_order o
                        WHERE o.resident_id = held.resident_id AND o.meal = held.meal
                          AND o.ended_at IS NULL AND o.weekdays & held.weekdays <> 0)
    RETURNING held.id AS key
    """
)
# The place in the line is the one they had, while the line still is one.
RESTORE_WAITING = text(
    """
    UPDATE meal_waiting AS held SET state = 'waiting', ended_at = NULL,
           offered_at = NULL, expires_at = NULL
      FROM jsonb_to_recordset(CAST(:entries AS jsonb)) AS e(key bigint), sitting s
     WHERE held.id = e.key AND held.state = 'left' AND s.id = held.sitting_id
       AND s.closed_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM meal_waiting o
                        WHERE o.resident_id = held.resident_id AND o.sitting_id = held.sitting_id
                          AND o.state IN ('waiting', 'offered'))
    RETURNING held.id AS key
    """
)


def end_standing(session: Session, event: ResidentsDeparted) -> None:
    """End orders and places in lines of whoever is gone; who waits next is offered theirs."""
    values = {"gone": as_rows(event.departed), "at": event.reported_at}
    note_ended(event, ORDERS, session.connection().execute(END_ORDERS, values).all())
    waited = session.connection().execute(END_WAITING, values).all()
    note_ended(event, WAITING, waited)
    offer_places(session, [row.sitting_id for row in waited])


def bring_standing_back(session: Session, event: DepartureReversed) -> None:
    """Let orders hold again and book what is open; give places in lines back."""
    back = restored(session, event, ORDERS, RESTORE_ORDERS)
    restored(session, event, WAITING, RESTORE_WAITING)
    if back:
        book_orders(session, [row.key for row in back])
