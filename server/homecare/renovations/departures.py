"""A death or a move ends a renovation that is not built yet; a mistaken report brings it back."""

from sqlalchemy import text
from sqlmodel import Session

from server import clock
from server.homecare.stepping import who_and_today
from server.residents.departures.effects import GONE, as_entries, as_rows, note_ended
from server.residents.departures.events import DepartureReversed, ResidentsDeparted

TABLE = "renovation"
# What is built is looked at and settled: whoever built it is owed, whatever came after.
END_RENOVATIONS = text(
    f"""
    WITH gone AS ({GONE}), ended AS (
        UPDATE renovation n SET state = 'ended', since = :today, due_on = NULL, holds = false,
               ended_on = gone.day_after, end_reason = gone.kind
          FROM gone JOIN renovation AS old USING (resident_id)
         WHERE n.id = old.id
           AND old.state IN ('applied', 'survey', 'quoting', 'consent', 'building')
        RETURNING gone.departure_id, n.id, old.state AS before, gone.kind
    ), moved AS (
        INSERT INTO renovation_move (renovation_id, step, from_state, to_state, at,
                                     staff_id, account_id, note)
        SELECT id, 'end', before, 'ended', :at, :staff, :account, kind FROM ended
    )
    SELECT departure_id, id AS key, before, 'ended' AS after FROM ended ORDER BY id
    """
)
# It goes on where it stood, unless the home or the person has begun another meanwhile.
RESTORE_RENOVATIONS = text(
    """
    WITH held AS (
        UPDATE renovation n SET state = e.before, since = :today, holds = true,
               ended_on = NULL, end_reason = NULL, end_note = ''
          FROM jsonb_to_recordset(CAST(:entries AS jsonb)) AS e(key bigint, before text)
         WHERE n.id = e.key AND n.state = 'ended'
           AND NOT EXISTS (SELECT 1 FROM renovation o
                            WHERE o.holds AND (o.home_key = n.home_key
                                               OR o.resident_id = n.resident_id))
        RETURNING n.id, n.state
    ), moved AS (
        INSERT INTO renovation_move (renovation_id, step, from_state, to_state, at,
                                     staff_id, account_id, note)
        SELECT id, 'apply', 'ended', state, :at, :staff, :account, '' FROM held
    )
    SELECT id AS key FROM held ORDER BY id
    """
)


def end_renovations(session: Session, event: ResidentsDeparted) -> None:
    """End the renovations of whoever is gone, before they are built."""
    values = {"gone": as_rows(event.departed), "at": event.reported_at, **who_and_today(session)}
    note_ended(event, TABLE, session.connection().execute(END_RENOVATIONS, values).all())


def bring_renovations_back(session: Session, event: DepartureReversed) -> None:
    """Let renovations go on where they stood."""
    entries = event.of(TABLE)
    values = {"entries": as_entries(entries), "at": clock.now(), **who_and_today(session)}
    rows = session.connection().execute(RESTORE_RENOVATIONS, values).scalars().all()
    event.came_back.update(entry for entry in entries if entry.key in set(rows))
