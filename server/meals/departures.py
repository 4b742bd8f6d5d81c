"""What a death or a move ends at the canteen, and what comes back after a mistake."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

from server import clock
from server.db.refusals import refusing
from server.db.sessions import TryAgain
from server.findings.models import FindingKind
from server.findings.service import Suspicion
from server.meals import rules
from server.meals.offering import offer_places
from server.residents.departures.effects import GONE, as_entries, as_rows, note_ended
from server.residents.departures.events import DepartureReversed, ResidentsDeparted
from server.residents.departures.suspicions import put_suspicions, suspicion

# What stands as the booking's reason: `resident-died`, `resident-moved-away`.
CANCEL = text(
    f"""
    WITH gone AS ({GONE}), held AS (
        SELECT b.id, gone.departure_id, 'resident-' || replace(gone.kind, '_', '-') AS reason
          FROM booking b JOIN gone USING (resident_id)
         WHERE b.service_on >= gone.day_after AND b.status = 'booked'
         ORDER BY b.sitting_id, b.id FOR UPDATE OF b
    )
    UPDATE booking SET status = 'cancelled', cancelled_at = :at, cancel_reason = held.reason
      FROM held WHERE booking.id = held.id
    RETURNING held.departure_id, booking.id AS key, 'booked' AS before, 'cancelled' AS after,
              booking.sitting_id
    """
)
COLLECTED = text(
    f"""
    WITH gone AS ({GONE})
    SELECT gone.departure_id, b.id, b.service_on, b.canteen_id, b.subsidy_fen
      FROM booking b JOIN gone USING (resident_id)
     WHERE b.service_on >= gone.day_after AND b.status = 'collected'
     ORDER BY b.id
    """
)
# Settlement still looks back at the meals until the day itself; later bookings count no more. Who
# still has money at a canteen stays known there, so that it can be given back.
SHORTEN_LINKS = text(
    f"""
    WITH gone AS ({GONE}), settled AS (
        SELECT gone.departure_id, gone.resident_id, s.settled_on
          FROM gone
          JOIN jsonb_to_recordset(CAST(:settled AS jsonb))
            AS s(departure_id bigint, settled_on date) USING (departure_id)
    )
    UPDATE care_link AS held SET ends_on = greatest(settled.settled_on, held.starts_on + 1)
      FROM settled JOIN care_link AS old USING (resident_id)
     WHERE old.resident_id = held.resident_id AND old.site_id = held.site_id
       AND EXISTS (SELECT 1 FROM canteen c WHERE c.site_id = held.site_id)
       AND held.ends_on > greatest(settled.settled_on, held.starts_on + 1)
       AND NOT EXISTS (SELECT 1 FROM wallet w WHERE w.site_id = held.site_id
                          AND w.resident_id = held.resident_id AND w.balance_fen > 0)
    RETURNING settled.departure_id, held.site_id AS key,
              old.ends_on AS before, held.ends_on AS after
    """
)
# The sittings are held still while their places are looked at, in the order of their numbers.
RESTORE_BOOKINGS = text(
    """
    WITH entry AS (
        SELECT e.key FROM jsonb_to_recordset(CAST(:entries AS jsonb)) AS e(key bigint)
    ), free AS (
        SELECT s.id FROM sitting s
         WHERE s.id IN (SELECT b.sitting_id FROM booking b JOIN entry ON entry.key = b.id)
           AND s.booked + s.held < s.capacity AND s.cutoff_at > :now
           AND s.published_at IS NOT NULL AND s.closed_at IS NULL
         ORDER BY s.id FOR UPDATE
    )
    UPDATE booking AS held SET status = 'booked', cancelled_at = NULL, cancel_reason = NULL
      FROM entry, free
     WHERE held.id = entry.key AND held.sitting_id = free.id AND held.status = 'cancelled'
       AND held.cancel_reason LIKE 'resident-%'
       AND NOT EXISTS (SELECT 1 FROM booking o
                        WHERE o.canteen_id = held.canteen_id AND o.service_on = held.service_on
                          AND o.code = held.code AND o.status <> 'cancelled')
    RETURNING held.id AS key
    """
)
RESTORE_LINKS = text(
    """
    UPDATE care_link AS held SET ends_on = e.before
      FROM jsonb_to_recordset(CAST(:entries AS jsonb)) AS e(key bigint, before date, after date)
     WHERE held.resident_id = :resident AND held.site_id = e.key AND held.ends_on = e.after
    RETURNING held.site_id AS key
    """
)


def end_meals(session: Session, event: ResidentsDeparted) -> None:
    """Cancel what is booked from the day after, shorten links, and put down what was eaten then."""
    gone = {"gone": as_rows(event.departed)}
    cancelled = session.connection().execute(CANCEL, {**gone, "at": event.reported_at}).all()
    note_ended(event, "booking", cancelled)
    offer_places(session, [row.sitting_id for row in cancelled])

    settled = [
        {"departure_id": one.departure_id, "settled_on": rules.care_link_ends_on(one.happened_on)}
        for one in event.departed
    ]
    links = (
        session.connection()
        .execute(SHORTEN_LINKS, {**gone, "settled": json.dumps(settled, default=str)})
        .all()
    )
    note_ended(event, "care_link", links)
    _find_eaten(session, event, session.connection().execute(COLLECTED, gone).all())


def bring_meals_back(session: Session, event: DepartureReversed) -> None:
    """Book again what still has a place and time, and let canteens know the diner as before."""
    bookings, links = event.of("booking"), event.of("care_link")
    values = {"entries": as_entries(bookings), "now": clock.now()}
    taken = {"uq_booking_one_meal": TryAgain(), "uq_booking_code": TryAgain()}
    with refusing(session, taken):
        booked = session.connection().execute(RESTORE_BOOKINGS, values).scalars().all()
    values = {"entries": as_entries(links), "resident": event.resident_id}
    linked = session.connection().execute(RESTORE_LINKS, values).scalars().all()

    event.came_back.update(entry for entry in bookings if entry.key in booked)
    event.came_back.update(entry for entry in links if entry.key in linked)


def _find_eaten(session: Session, event: ResidentsDeparted, eaten: Sequence[Row[Any]]) -> None:
    departed = {one.departure_id: one for one in event.departed}
    late: dict[str, tuple[int, Suspicion]] = {}
    for row in eaten:
        one = departed[row.departure_id]
        subject = f"booking:{row.id}"
        evidence = {
            "booking_id": row.id,
            "canteen_id": row.canteen_id,
            "service_on": row.service_on.isoformat(),
            "subsidy_fen": row.subsidy_fen,
        }
        late[subject] = (
            one.departure_id,
            suspicion(one, FindingKind.MEAL_AFTER_DEPARTURE, subject, evidence),
        )
    put_suspicions(session, event, late)
