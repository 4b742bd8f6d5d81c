"""A death or a move ends a bed at home; a mistaken report brings it back."""

from sqlalchemy import text
from sqlmodel import Session

from server import clock
from server.homecare.stepping import who_and_today
from server.residents.departures.effects import GONE, as_entries, as_rows, note_ended
from server.residents.departures.events import DepartureReversed, ResidentsDeparted

TABLE = "home_bed"
END_HOME_BEDS = text(
    f"""
    WITH gone AS ({GONE}), ended AS (
        UPDATE home_bed h SET state = 'ended', since = :today, due_on = NULL, pause_reason = NULL,
               ended_on = gone.day_after, end_reason = gone.kind
          FROM gone JOIN home_bed AS old USING (resident_id)
         WHERE h.id = old.id AND old.state <> 'ended'
        RETURNING gone.departure_id, h.id, h.resident_id, old.state AS before, gone.kind
    ), moved AS (
        INSERT INTO home_bed_move (home_bed_id, resident_id, step, from_state, to_state, at,
                                   staff_id, account_id, note)
        SELECT id, resident_id, 'end', before, 'ended', :at, :staff, :account, kind FROM ended
    )
    SELECT departure_id, id AS key, before, 'ended' AS after FROM ended ORDER BY id
    """
)
# Whose stay has come back is served; who was served and lost the stay meanwhile waits for it.
RESTORE_HOME_BEDS = text(
    """
    WITH back AS (
        SELECT h.id, h.resident_id,
               CASE WHEN e.before <> 'serving' THEN e.before
                    WHEN s.status = 'staying' THEN 'serving' ELSE 'paused' END AS state
          FROM jsonb_to_recordset(CAST(:entries AS jsonb)) AS e(key bigint, before text)
          JOIN home_bed h ON h.id = e.key AND h.state = 'ended'
          LEFT JOIN stay s ON s.id = h.stay_id
         WHERE NOT EXISTS (SELECT 1 FROM home_bed o
                            WHERE o.resident_id = h.resident_id AND o.state <> 'ended')
    ), held AS (
        UPDATE home_bed h SET state = back.state, since = :today, ended_on = NULL,
               end_reason = NULL, end_note = '',
               pause_reason = CASE WHEN back.state = 'paused' THEN 'other' END
          FROM back WHERE h.id = back.id
        RETURNING h.id, h.resident_id, h.state
    ), moved AS (
        INSERT INTO home_bed_move (home_bed_id, resident_id, step, from_state, to_state, at,
                                   staff_id, account_id, note)
        SELECT id, resident_id, 'resume', 'ended', state, :at, :staff, :account, '' FROM held
    )
    SELECT id AS key FROM held ORDER BY id
    """
)


def end_home_beds(session: Session, event: ResidentsDeparted) -> None:
    """End the beds at home of whoever is gone, applications too; the stays end with the beds."""
    values = {"gone": as_rows(event.departed), "at": event.reported_at, **who_and_today(session)}
    note_ended(event, TABLE, session.connection().execute(END_HOME_BEDS, values).all())


def bring_home_beds_back(session: Session, event: DepartureReversed) -> None:
    """Let beds at home go on where they stood, after the stays have come back."""
    entries = event.of(TABLE)
    values = {"entries": as_entries(entries), "at": clock.now(), **who_and_today(session)}
    rows = session.connection().execute(RESTORE_HOME_BEDS, values).scalars().all()
    event.came_back.update(entry for entry in entries if entry.key in set(rows))
