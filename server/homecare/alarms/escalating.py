"""Call the next in the order, for every alarm that nobody has in hand: one statement, once a step.

Several schedulers may do so at once: one holds the alarm and the others pass it over, and the
database knows a step of an alarm once.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

from server import clock
from server.db.sessions import reaching_everywhere
from server.homecare.alarms.rules import ANSWER
from server.homecare.alarms.telling import tell_called
from server.policies.queries import get_figures

AT_ONCE = 500
IS_ANY_DUE = text("SELECT EXISTS (SELECT 1 FROM home_alarm WHERE next_at <= :now)")
# Whoever has nobody left to call waits for no call any more.
CALL_NEXT = text(
    """
    WITH due AS (
        SELECT a.id, a.home_bed_id, a.calls FROM home_alarm a
         WHERE a.next_at <= :now ORDER BY a.next_at, a.id LIMIT :limit
           FOR UPDATE SKIP LOCKED
    ), turn AS (
        SELECT d.id, c.*
          FROM due d CROSS JOIN LATERAL (
              SELECT c.place, c.kind, c.name, c.phone,
                     lead(c.place) OVER (ORDER BY c.place) IS NULL AS is_last
                FROM alarm_callees(d.home_bed_id, :today) c
               WHERE c.place > d.calls ORDER BY c.place LIMIT 1) c
    ), called AS (
        INSERT INTO alarm_step (alarm_id, state, number, at, callee, name, phone, note)
        SELECT id, 'called', place, :now, kind, name, phone, '' FROM turn
            ON CONFLICT (alarm_id, state, number) DO NOTHING
        RETURNING alarm_id, callee, name, phone
    ), moved AS (
        UPDATE home_alarm a
           SET state = CASE WHEN turn.id IS NULL THEN a.state ELSE 'called' END,
               calls = coalesce(turn.place, a.calls),
               next_at = CASE WHEN turn.id IS NULL OR turn.is_last THEN NULL
                              ELSE CAST(:now AS timestamptz) + :wait * interval '1 second' END
          FROM due LEFT JOIN turn ON turn.id = due.id
         WHERE a.id = due.id
        RETURNING a.id, a.kind, a.raised_at, a.resident_id, a.site_id
    )
    SELECT m.*, c.callee, c.name, c.phone FROM moved m JOIN called c ON c.alarm_id = m.id
     ORDER BY m.id
    """
)


def is_any_due(session: Session) -> bool:
    """True when somebody is to be called now; writes nothing."""
    found = session.connection().execute(IS_ANY_DUE, {"now": clock.now()})
    return bool(found.scalar_one())


def call_next(session: Session, *, limit: int = AT_ONCE) -> int:
    """Call whoever is next for every alarm that waited long enough; returns how many were called.

    Harmless twice and side by side. Raises `RuleMissing`.
    """
    now, today = clock.now(), clock.today()
    wait = get_figures(session, [ANSWER], on=today)[ANSWER].value
    values = {"now": now, "today": today, "wait": wait, "limit": limit}
    with reaching_everywhere(session):
        called: Sequence[Row[Any]] = session.connection().execute(CALL_NEXT, values).all()
        tell_called(session, called, at=now)
    return len(called)
