"""A death, a move or an admission calls open orders off; what pays for them ends or rests."""

from typing import Any

from sqlalchemy import TextClause, text
from sqlmodel import Session

from server import clock
from server.db.sessions import reaching_everywhere
from server.facilities.events import StayBegan, StayEnded
from server.facilities.models import AT_PEOPLES_HOMES
from server.homecare.vouchers.granting import suspend_all
from server.residents.departures.effects import GONE, as_rows, note_ended, restored
from server.residents.departures.events import DepartureReversed, ResidentsDeparted

TABLE = "care_entitlement"
DEPARTED, ADMITTED = "老人离世或迁出", "老人已入住机构"
END_ENTITLEMENTS = text(
    f"""
    WITH gone AS ({GONE})
    UPDATE care_entitlement e SET state = 'ended', end_reason = gone.kind,
           ended_on = gone.day_after, decided_at = coalesce(e.decided_at, :at)
      FROM gone JOIN care_entitlement AS old USING (resident_id)
     WHERE e.id = old.id AND old.state IN ('applied', 'granted', 'suspended')
    RETURNING gone.departure_id, e.id AS key, old.state AS before, e.state AS after
    """
)
# A visit called off here does not come back, and neither does its order: it is ordered anew.
_CALL_OFF = """
    , off AS (
        UPDATE care_order o SET state = 'cancelled', closed_at = :at, cancel_reason = :reason
          FROM gone JOIN care_order old ON old.resident_id = gone.resident_id
          LEFT JOIN care_visit v ON v.id = old.visit_id
         WHERE o.id = old.id AND old.state IN ('ordered', 'assigned')
           AND coalesce(v.service_on, old.service_on) >= gone.day_after
           AND coalesce(v.state, 'planned') NOT IN ('under_way', 'done')
        RETURNING o.visit_id
    )
    UPDATE care_visit v SET state = 'cancelled', cancel_reason = :reason
      FROM off WHERE v.id = off.visit_id AND v.state = 'planned'
       AND NOT is_month_closed(v.site_id, v.service_on)
"""
CALL_OFF_DEPARTED = text(f"WITH gone AS ({GONE}) {_CALL_OFF}")
CALL_OFF_ADMITTED = text(
    "WITH gone AS (SELECT CAST(:resident AS bigint) AS resident_id,"
    f" CAST(:day AS date) AS day_after) {_CALL_OFF}"
)
RESTORE_ENTITLEMENTS = text(
    """
    UPDATE care_entitlement held SET state = e.before, end_reason = NULL, ended_on = NULL,
           decided_at = CASE WHEN e.before = 'applied' THEN NULL ELSE held.decided_at END
      FROM jsonb_to_recordset(CAST(:entries AS jsonb)) AS e(key bigint, before text)
     WHERE held.id = e.key AND held.state = 'ended'
       AND held.end_reason IN ('died', 'moved_away')
       AND NOT EXISTS (SELECT 1 FROM care_entitlement o
                        WHERE o.resident_id = held.resident_id AND o.programme = held.programme
                          AND o.state IN ('applied', 'granted', 'suspended'))
    RETURNING held.id AS key
    """
)


def end_orders(session: Session, event: ResidentsDeparted) -> None:
    """End entitlements of whoever is gone, and call off what was ordered from the day after on."""
    gone = {"gone": as_rows(event.departed), "at": event.reported_at}
    _call_off(session, CALL_OFF_DEPARTED, {**gone, "reason": DEPARTED})
    note_ended(event, TABLE, session.connection().execute(END_ENTITLEMENTS, gone).all())


def bring_entitlements_back(session: Session, event: DepartureReversed) -> None:
    """Let entitlements go on as they stood; what was ordered is ordered anew."""
    restored(session, event, TABLE, RESTORE_ENTITLEMENTS)


def follow_admission(session: Session, event: StayBegan) -> None:
    """Whoever lives in a house needs nobody at the flat: orders are off, entitlements rest."""
    if event.kind in AT_PEOPLES_HOMES:
        return
    values = {"resident": event.resident_id, "day": event.on, "at": clock.now()}
    with reaching_everywhere(session):
        _call_off(session, CALL_OFF_ADMITTED, {**values, "reason": ADMITTED})
    suspend_all(session, event.resident_id, is_suspended=True)


def follow_discharge(session: Session, event: StayEnded) -> None:
    """Whoever has left a house has what they had, from the next issue on."""
    if event.kind not in AT_PEOPLES_HOMES:
        suspend_all(session, event.resident_id, is_suspended=False)


def _call_off(session: Session, statement: TextClause, values: dict[str, Any]) -> None:
    session.connection().execute(statement, values)
