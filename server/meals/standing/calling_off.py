"""Give back what a standing order booked, or what somebody booked who is away."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import text
from sqlmodel import Session

from server import clock
from server.meals.offering import offer_places

NO_END = date(2169, 12, 31)
# In the order of sittings, as every statement that gives places back.
OF_ORDERS = text(
    """
    WITH held AS (
        SELECT b.id FROM booking b
          JOIN standing_order o ON o.resident_id = b.resident_id AND o.canteen_id = b.canteen_id
                               AND o.meal = b.meal
          JOIN sitting s ON s.id = b.sitting_id
         WHERE o.id = ANY(:orders) AND b.booked_by = 'standing' AND b.status = 'booked'
           AND (o.weekdays >> (extract(isodow FROM b.service_on)::int - 1)) & 1 = 1
           AND b.service_on >= :since AND b.service_on < :until AND s.cutoff_at > :now
         ORDER BY b.sitting_id, b.id FOR UPDATE OF b
    )
    UPDATE booking SET status = 'cancelled', cancelled_at = :now, cancel_reason = :reason
      FROM held WHERE booking.id = held.id
    RETURNING booking.sitting_id
    """
)
OF_A_RESIDENT = text(
    """
    WITH held AS (
        SELECT b.id FROM booking b JOIN sitting s ON s.id = b.sitting_id
         WHERE b.resident_id = :resident AND b.status = 'booked'
           AND b.service_on >= :since AND s.cutoff_at > :now
         ORDER BY b.sitting_id, b.id FOR UPDATE OF b
    )
    UPDATE booking SET status = 'cancelled', cancelled_at = :now, cancel_reason = :reason
      FROM held WHERE booking.id = held.id
    RETURNING booking.sitting_id
    """
)


def call_off(
    session: Session,
    *,
    orders: Sequence[int],
    reason: str,
    since: date | None = None,
    until: date = NO_END,
) -> int:
    """Cancel what these orders booked from `since` until before `until`; returns how many.

    What is past its cut-off is being cooked, and stays.
    """
    values = {"orders": list(orders), "since": since or clock.today(), "until": until}
    values |= {"now": clock.now(), "reason": reason}
    sittings = session.connection().execute(OF_ORDERS, values).scalars().all()
    offer_places(session, sittings)
    return len(sittings)


def call_off_all(session: Session, resident_id: int, *, since: date, reason: str) -> int:
    """Cancel whatever a resident has booked from `since` on, however it was booked."""
    values = {"resident": resident_id, "since": since, "now": clock.now(), "reason": reason}
    sittings = session.connection().execute(OF_A_RESIDENT, values).scalars().all()
    offer_places(session, sittings)
    return len(sittings)
