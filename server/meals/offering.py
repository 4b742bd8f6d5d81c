"""空位: a place that comes free is offered to who waits first, and held until an instant.

Whoever gives a place back calls `offer_places` in the same transaction: between the one who leaves
and the one who waits nobody finds it free.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

from server import clock
from server.db.sessions import reaching_everywhere
from server.meals.telling import Told, tell
from server.policies.queries import get_figures

OFFER_MINUTES = "meals.offer_minutes"
DOES_ANYBODY_WAIT = text(
    "SELECT EXISTS (SELECT 1 FROM meal_waiting"
    " WHERE sitting_id = ANY(:sittings) AND state = 'waiting')"
)
IS_ANY_DUE = text(
    "SELECT EXISTS (SELECT 1 FROM meal_waiting w JOIN sitting s ON s.id = w.sitting_id"
    " WHERE w.state = 'offered' AND w.expires_at <= :now"
    "    OR w.state = 'waiting' AND (s.cutoff_at <= :now OR s.booked + s.held < s.capacity))"
)
# The sittings are held still while their places are counted, in the order of their numbers. Whoever
# has that meal elsewhere by now, or is away, is passed over and keeps the place in the line.
OFFER = text(
    """
    WITH place AS (
        SELECT s.id, s.capacity - s.booked - s.held AS free, s.cutoff_at FROM sitting s
         WHERE s.id = ANY(:sittings) AND s.published_at IS NOT NULL AND s.closed_at IS NULL
           AND s.cutoff_at > :now AND s.booked + s.held < s.capacity
         ORDER BY s.id FOR UPDATE
    ), line AS (
        SELECT w.id, place.free, place.cutoff_at,
               row_number() OVER (PARTITION BY w.sitting_id ORDER BY w.joined_at, w.id) AS turn
          FROM meal_waiting w JOIN place ON place.id = w.sitting_id
         WHERE w.state = 'waiting'
           AND NOT EXISTS (SELECT 1 FROM booking b
                            WHERE b.resident_id = w.resident_id AND b.service_on = w.service_on
                              AND b.meal = w.meal AND b.status <> 'cancelled')
           AND NOT EXISTS (SELECT 1 FROM meal_pause p
                            WHERE p.resident_id = w.resident_id AND p.order_id IS NULL
                              AND p.lifted_at IS NULL AND p.starts_on <= w.service_on
                              AND (p.ends_on IS NULL OR p.ends_on > w.service_on))
    )
    UPDATE meal_waiting w
       SET state = 'offered', offered_at = :now,
           expires_at = least(CAST(:until AS timestamptz), line.cutoff_at)
      FROM line WHERE w.id = line.id AND line.turn <= line.free AND w.state = 'waiting'
    RETURNING w.id, w.resident_id, w.sitting_id, w.expires_at
    """
)
LAPSE = text(
    """
    UPDATE meal_waiting SET state = 'lapsed', ended_at = :now
     WHERE id IN (SELECT id FROM meal_waiting
                   WHERE state = 'offered' AND expires_at <= :now
                   ORDER BY sitting_id, id LIMIT :limit FOR UPDATE)
       AND state = 'offered'
    RETURNING sitting_id
    """
)
CLOSE = text(
    """
    UPDATE meal_waiting w SET state = 'unserved', ended_at = :now
      FROM sitting s WHERE s.id = w.sitting_id AND w.state = 'waiting' AND s.cutoff_at <= :now
    RETURNING w.id
    """
)
WAITED_FOR = text(
    """
    SELECT DISTINCT w.sitting_id FROM meal_waiting w JOIN sitting s ON s.id = w.sitting_id
     WHERE w.state = 'waiting' AND s.booked + s.held < s.capacity AND s.closed_at IS NULL
     ORDER BY w.sitting_id
    """
)
AT_ONCE = 500


def offer_places(session: Session, sitting_ids: Collection[int]) -> int:
    """Offer what is free at these sittings to who waits there, and tell them; returns how many.

    Where nobody waits this is one look.
    """
    if not sitting_ids:
        return 0
    sittings = {"sittings": sorted(set(sitting_ids))}
    with reaching_everywhere(session):
        waits = session.connection().execute(DOES_ANYBODY_WAIT, sittings).scalar_one()
        return len(_offer(session, sittings)) if waits else 0


def is_any_due(session: Session) -> bool:
    """True when an offer has run out, a place is free for somebody, or a line is over."""
    return bool(session.connection().execute(IS_ANY_DUE, {"now": clock.now()}).scalar_one())


def pass_on(session: Session) -> int:
    """Let offers lapse that nobody took, and offer what is free; returns how much was done.

    The platform acts. Two at once are harmless: each row is written by one of them.
    """
    now = clock.now()
    lapsed = session.connection().execute(LAPSE, {"now": now, "limit": AT_ONCE}).scalars().all()
    closed = session.connection().execute(CLOSE, {"now": now}).all()
    free = session.connection().execute(WAITED_FOR).scalars().all()
    return len(lapsed) + len(closed) + offer_places(session, {*lapsed, *free})


def _offer(session: Session, sittings: dict[str, Any]) -> Sequence[Row[Any]]:
    now = clock.now()
    minutes = get_figures(session, [OFFER_MINUTES], on=clock.today())[OFFER_MINUTES].value
    values = sittings | {"now": now, "until": now + timedelta(minutes=minutes)}
    offers = session.connection().execute(OFFER, values).all()
    tell(session, [_told(one) for one in offers])
    return offers


def _told(offer: Row[Any]) -> Told:
    return Told(
        kind="meals.place_offered",
        subject=f"meal_waiting:{offer.id}",
        resident_id=offer.resident_id,
        sitting_id=offer.sitting_id,
        facts={"until": _hour(offer.expires_at)},
        expires_at=offer.expires_at,
    )


def _hour(at: datetime) -> str:
    return f"{at.astimezone(clock.CITY):%H:%M}"
