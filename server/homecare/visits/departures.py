"""A death or a move calls off what is planned; a mistaken report brings back what is ahead."""

from sqlalchemy import text
from sqlmodel import Session

from server import clock
from server.homecare.visits.models import minutes_of
from server.residents.departures.effects import GONE, as_entries, as_rows, note_ended
from server.residents.departures.events import DepartureReversed, ResidentsDeparted


def _minutes(column: str, visit: str) -> str:
    """The minutes as the constraints fold them, of one of two visits."""
    folded = minutes_of(f"{visit}.{column}").replace("starts_at", f"{visit}.starts_at")
    return folded.replace(" minutes)", f" {visit}.minutes)")


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
# Where worker or elder has been given something else for that time meanwhile, theirs stays; a bed
# that is not served again has nobody sent to it.
RESTORE_VISITS = text(
    f"""
    UPDATE care_visit AS held SET state = 'planned', cancel_reason = ''
      FROM jsonb_to_recordset(CAST(:entries AS jsonb)) AS e(key bigint)
     WHERE held.id = e.key AND held.state = 'cancelled' AND held.cancel_reason = '{REASON}'
       AND held.starts_at > :now AND NOT is_month_closed(held.site_id, held.service_on)
       AND NOT EXISTS (SELECT 1 FROM home_bed b
                        WHERE b.id = held.home_bed_id AND b.state <> 'serving')
       AND NOT EXISTS (SELECT 1 FROM care_visit o
                        WHERE o.state <> 'cancelled'
                          AND ({_minutes("worker_id", "o")} && {_minutes("worker_id", "held")}
                               OR {_minutes("resident_id", "o")}
                                  && {_minutes("resident_id", "held")}))
    RETURNING held.id AS key
    """
)


def end_visits(session: Session, event: ResidentsDeparted) -> None:
    """Call off what is planned from the day after on."""
    values = {"gone": as_rows(event.departed)}
    note_ended(event, "care_visit", session.connection().execute(CANCEL_VISITS, values).all())


def bring_visits_back(session: Session, event: DepartureReversed) -> None:
    """Plan again what is still ahead, after the beds have come back."""
    entries = event.of("care_visit")
    values = {"entries": as_entries(entries), "now": clock.now()}
    rows = session.connection().execute(RESTORE_VISITS, values).scalars().all()
    event.came_back.update(entry for entry in entries if entry.key in set(rows))
