"""Whoever is in hospital or lives in a house gets no meal from the canteen, until they are back."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from server import clock
from server.db.sessions import reaching_everywhere
from server.meals import reasons
from server.meals.standing.booking import book_orders
from server.meals.standing.calling_off import call_off_all
from server.residents.whereabouts import AwayCause, ResidentAway, ResidentBack

REASONS: Mapping[AwayCause, str] = {
    AwayCause.IN_HOSPITAL: reasons.IN_HOSPITAL,
    AwayCause.IN_CARE_HOME: reasons.IN_CARE_HOME,
}
# Somebody who is away already stays away for the first reason.
NOTE = text(
    """
    INSERT INTO meal_pause (resident_id, cause, starts_on, noted_at)
    SELECT r.id, :cause, :day, :now FROM resident r
     WHERE r.id = :resident AND r.merged_into_id IS NULL
        ON CONFLICT DO NOTHING
    """
)
END = text(
    """
    UPDATE meal_pause
       SET ends_on = CASE WHEN starts_on < :day THEN CAST(:day AS date) ELSE ends_on END,
           lifted_at = CASE WHEN starts_on < :day THEN lifted_at ELSE CAST(:now AS timestamptz) END
     WHERE resident_id = :resident AND order_id IS NULL AND cause = :cause
       AND lifted_at IS NULL AND ends_on IS NULL
    RETURNING id
    """
)
ORDERS = text(
    "SELECT id FROM standing_order WHERE resident_id = :resident AND ended_at IS NULL"
    " ORDER BY id FOR UPDATE"
)


def follow_away(session: Session, event: ResidentAway) -> None:
    """Note the absence and call off what can be called off, of whatever was booked."""
    values = _values(event)
    with reaching_everywhere(session):
        session.connection().execute(ORDERS, {"resident": event.resident_id}).all()
        session.connection().execute(NOTE, values)
        since = max(event.on, clock.today())
        call_off_all(session, event.resident_id, since=since, reason=REASONS[event.cause])


def follow_back(session: Session, event: ResidentBack) -> None:
    """End the absence, and book again what standing orders want of the coming days."""
    with reaching_everywhere(session):
        orders = session.connection().execute(ORDERS, {"resident": event.resident_id})
        order_ids = list(orders.scalars())
        if session.connection().execute(END, _values(event)).first() is not None:
            book_orders(session, order_ids)


def _values(event: ResidentAway | ResidentBack) -> dict[str, Any]:
    return {
        "resident": event.resident_id,
        "cause": event.cause.value,
        "day": event.on,
        "now": clock.now(),
    }
