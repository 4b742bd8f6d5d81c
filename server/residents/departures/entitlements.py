"""What a departure ends of levels, drafts and facts of a person, and how a mistake is undone.

A death ends what depends on the person: certificate and guardianship (民法典 第39条). Whoever moves
away keeps those, and loses what the city gives: level and long-term-care insurance. The payee
account stays open for what is still owed until the day itself, and hukou is not the city's to end.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from server.residents.departures.effects import END_DATED, GONE, as_rows, note_ended, restored
from server.residents.departures.events import DepartureReversed, ResidentsDeparted

DRAFT = "assessment.status"
OF_THE_DEAD = GONE.replace("ORDER BY", "WHERE kind = 'died' ORDER BY")
END_FACTS: Mapping[str, Any] = {
    "care_insurance": text(END_DATED.format(gone=GONE, table="care_insurance")),
    "disability_certificate": text(
        END_DATED.format(gone=OF_THE_DEAD, table="disability_certificate")
    ),
    "guardianship": text(END_DATED.format(gone=OF_THE_DEAD, table="guardianship")),
}
# A level holds for a day at least.
END_LEVELS = text(
    f"""
    WITH gone AS ({GONE})
    UPDATE assessment AS held SET ends_on = greatest(gone.day_after, held.starts_on + 1)
      FROM gone JOIN assessment AS old USING (resident_id)
     WHERE old.id = held.id AND held.status = 'confirmed'
       AND held.ends_on > greatest(gone.day_after, held.starts_on + 1)
    RETURNING gone.departure_id, held.id AS key, old.ends_on AS before, held.ends_on AS after
    """
)
WITHDRAW_DRAFTS = text(
    f"""
    WITH gone AS ({GONE})
    UPDATE assessment AS held SET status = 'withdrawn'
      FROM gone JOIN assessment AS old USING (resident_id)
     WHERE old.id = held.id AND held.status IN ('draft', 'submitted', 'returned')
    RETURNING gone.departure_id, held.id AS key, old.status AS before, held.status AS after
    """
)
# Where something else has been noted for that time meanwhile, that stays.
RESTORE_DATED = """
    UPDATE {table} AS held SET ends_on = e.before
      FROM jsonb_to_recordset(CAST(:entries AS jsonb)) AS e(key bigint, before date, after date)
     WHERE held.id = e.key AND held.ends_on = e.after
       AND NOT EXISTS (SELECT 1 FROM {table} o
                        WHERE o.resident_id = held.resident_id AND o.id <> held.id
                          AND o.starts_on < coalesce(e.before, DATE '2170-01-01')
                          AND coalesce(o.ends_on, DATE '2170-01-01') > e.after)
    RETURNING held.id AS key
"""
RESTORE_FACTS: Mapping[str, Any] = {
    table: text(RESTORE_DATED.format(table=table)) for table in END_FACTS
}
RESTORE_LEVELS = text(RESTORE_DATED.format(table="assessment"))
RESTORE_DRAFTS = text(
    """
    UPDATE assessment AS held SET status = e.before
      FROM jsonb_to_recordset(CAST(:entries AS jsonb)) AS e(key bigint, before text)
     WHERE held.id = e.key AND held.status = 'withdrawn'
       AND NOT EXISTS (SELECT 1 FROM assessment o
                        WHERE o.resident_id = held.resident_id AND o.id <> held.id
                          AND o.status IN ('draft', 'submitted', 'returned'))
    RETURNING held.id AS key
    """
)


def end_entitlements(session: Session, event: ResidentsDeparted) -> None:
    """End levels and facts from the day after, and withdraw what was not confirmed."""
    gone = {"gone": as_rows(event.departed)}
    for table, statement in END_FACTS.items():
        note_ended(event, table, session.connection().execute(statement, gone).all())
    levels = session.connection().execute(END_LEVELS, gone).all()
    drafts = session.connection().execute(WITHDRAW_DRAFTS, gone).all()
    note_ended(event, "assessment", levels)
    note_ended(event, DRAFT, drafts)


def bring_entitlements_back(session: Session, event: DepartureReversed) -> None:
    """Bring back what `end_entitlements` ended, as far as nobody has changed it since."""
    for table, statement in RESTORE_FACTS.items():
        restored(session, event, table, statement)
    restored(session, event, "assessment", RESTORE_LEVELS)
    restored(session, event, DRAFT, RESTORE_DRAFTS)
