"""What ends with a departure in the register itself, and how it comes back.

Each statement works on all departures at once and answers with what it found before.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

from server import clock
from server.findings.models import FindingKind
from server.findings.service import Suspicion, withdraw_findings
from server.identity.closing import close_accounts, reopen_accounts
from server.residents.departures.events import Departed, DepartureReversed, Entry, ResidentsDeparted
from server.residents.departures.suspicions import put_suspicions, suspicion

USUAL_CANTEEN = "resident.usual_canteen_id"
# A resident with two reports at once is gone since the earlier day.
GONE = """
    SELECT DISTINCT ON (resident_id) *
      FROM jsonb_to_recordset(CAST(:gone AS jsonb))
        AS g(departure_id bigint, resident_id bigint, kind text, happened_on date, day_after date)
     ORDER BY resident_id, day_after, departure_id
"""
# What begins later than the day after never held: it ends on the day it begins.
END_DATED = """
    WITH gone AS ({gone})
    UPDATE {table} AS held SET ends_on = greatest(gone.day_after, held.starts_on)
      FROM gone JOIN {table} AS old USING (resident_id)
     WHERE old.id = held.id
       AND (held.ends_on IS NULL OR held.ends_on > greatest(gone.day_after, held.starts_on))
    RETURNING gone.departure_id, gone.resident_id, held.id AS key, held.starts_on,
              old.ends_on AS before, held.ends_on AS after, to_jsonb(held) AS held
"""
END_GRANTS = text(END_DATED.format(gone=GONE, table="resident_grant"))
END_HARDSHIP = text(END_DATED.format(gone=GONE, table="hardship_period"))
END_SPECIAL_CARE = text(END_DATED.format(gone=GONE, table="special_care_period"))
END_USUAL_CANTEEN = text(
    f"""
    WITH gone AS ({GONE})
    UPDATE resident SET usual_canteen_id = NULL
      FROM gone JOIN resident AS old ON old.id = gone.resident_id
     WHERE resident.id = old.id AND old.usual_canteen_id IS NOT NULL
    RETURNING gone.departure_id, resident.id AS key, old.usual_canteen_id AS before, NULL AS after
    """
)
# Somebody who is gone leaves nobody to act for.
ACTING_FOR_NOBODY = text(
    """
    SELECT account.id FROM account
     WHERE account.id = ANY(:accounts)
       AND NOT EXISTS (SELECT 1 FROM resident_grant g JOIN resident r ON r.id = g.resident_id
                        WHERE g.account_id = account.id
                          AND (g.ends_on IS NULL OR g.ends_on > :today)
                          AND r.died_on IS NULL AND r.moved_away_on IS NULL)
     ORDER BY account.id
    """
)
ENTRIES = "jsonb_to_recordset(CAST(:entries AS jsonb)) AS e(key bigint, before date, after date)"
RESTORE_GRANTS = text(
    f"""
    UPDATE resident_grant AS held SET ends_on = e.before FROM {ENTRIES}
     WHERE held.id = e.key AND held.ends_on = e.after
    RETURNING held.id AS key, held.account_id, held.kind
    """
)
# Where somebody has entered another tier for that time meanwhile, theirs stays.
RESTORE_HARDSHIP = text(
    f"""
    UPDATE hardship_period AS held SET ends_on = e.before FROM {ENTRIES}
     WHERE held.id = e.key AND held.ends_on = e.after
       AND NOT EXISTS (SELECT 1 FROM hardship_period o
                        WHERE o.resident_id = held.resident_id AND o.id <> held.id
                          AND o.starts_on < coalesce(e.before, DATE '2170-01-01')
                          AND coalesce(o.ends_on, DATE '2170-01-01') > e.after)
    RETURNING held.id AS key
    """
)
RESTORE_SPECIAL_CARE = text(
    f"""
    UPDATE special_care_period AS held SET ends_on = e.before FROM {ENTRIES}
     WHERE held.id = e.key AND held.ends_on = e.after
       AND NOT EXISTS (SELECT 1 FROM special_care_period o
                        WHERE o.resident_id = held.resident_id AND o.care = held.care
                          AND o.id <> held.id AND o.ends_on IS NULL)
    RETURNING held.id AS key
    """
)
RESTORE_USUAL_CANTEEN = text(
    """
    UPDATE resident SET usual_canteen_id = e.before
      FROM jsonb_to_recordset(CAST(:entries AS jsonb)) AS e(key bigint, before bigint)
     WHERE id = e.key AND usual_canteen_id IS NULL
    RETURNING id AS key
    """
)
# A shared phone may have been closed by the other's departure: the instant tells that it was one.
CLOSED_BY_A_DEPARTURE = text(
    """
    SELECT DISTINCT a.id FROM account a
      JOIN resident_grant g ON g.account_id = a.id AND g.kind = 'self'
      JOIN departure d ON d.resident_id = g.resident_id AND d.reported_at = a.closed_at
     WHERE a.id = ANY(:accounts) ORDER BY a.id
    """
)

OPEN_ACCOUNTS = text(
    "SELECT id FROM account WHERE id = ANY(:accounts) AND closed_at IS NULL ORDER BY id"
)


def as_rows(departed: Iterable[Departed]) -> str:
    """Return the departures as the parameter `gone` of `GONE`."""
    return json.dumps([{**vars(one), "day_after": one.day_after} for one in departed], default=str)


def as_entries(entries: Iterable[Entry]) -> str:
    """Return journal entries as the parameter `entries` of `ENTRIES`."""
    return json.dumps([vars(entry) for entry in entries], default=str)


def end_all(session: Session, event: ResidentsDeparted) -> None:
    """End grants, hardship, visits, the usual canteen and lonely accounts from the day after."""
    gone = {"gone": as_rows(event.departed)}
    grants = session.connection().execute(END_GRANTS, gone).all()
    hardship = session.connection().execute(END_HARDSHIP, gone).all()
    special_care = session.connection().execute(END_SPECIAL_CARE, gone).all()
    canteens = session.connection().execute(END_USUAL_CANTEEN, gone).all()

    note_ended(event, "resident_grant", grants)
    note_ended(event, "hardship_period", hardship)
    note_ended(event, "special_care_period", special_care)
    note_ended(event, USUAL_CANTEEN, canteens)
    _close_accounts(session, event, grants)
    _find_late_hardship(session, event, hardship)


def bring_back(session: Session, event: DepartureReversed) -> None:
    """Bring back what `end_all` ended, as far as nobody has changed it since."""
    grants = restored(session, event, "resident_grant", RESTORE_GRANTS)
    restored(session, event, "hardship_period", RESTORE_HARDSHIP)
    restored(session, event, "special_care_period", RESTORE_SPECIAL_CARE)
    _reopen_accounts(session, event, [row.account_id for row in grants if row.kind == "self"])
    restored(session, event, USUAL_CANTEEN, RESTORE_USUAL_CANTEEN)
    findings = event.of("finding")
    withdrawn = set(withdraw_findings(session, [entry.key for entry in findings]))
    event.came_back.update(entry for entry in findings if entry.key in withdrawn)


def note_ended(event: ResidentsDeparted, table: str, rows: Sequence[Row[Any]]) -> None:
    """Journal rows of (departure_id, key, before, after)."""
    for row in rows:
        event.journal.note(
            row.departure_id,
            Entry(table, row.key, before=_plain(row.before), after=_plain(row.after)),
        )


def _plain(value: Any) -> Any:
    """A day as the journal, which is JSON, holds it."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def _close_accounts(session: Session, event: ResidentsDeparted, grants: Sequence[Row[Any]]) -> None:
    departure_of = {
        row.held["account_id"]: row.departure_id for row in grants if row.held["kind"] == "self"
    }
    lonely = session.connection().execute(
        ACTING_FOR_NOBODY, {"accounts": list(departure_of), "today": clock.today()}
    )
    for account_id in close_accounts(session, lonely.scalars().all(), at=event.reported_at):
        event.journal.note(departure_of[account_id], Entry("account", account_id))


def _reopen_accounts(
    session: Session, event: DepartureReversed, account_ids: Sequence[int]
) -> None:
    entries = event.of("account")
    accounts = {"accounts": [*account_ids, *(entry.key for entry in entries)]}
    closed = session.connection().execute(CLOSED_BY_A_DEPARTURE, accounts)
    reopen_accounts(session, closed.scalars().all())
    still_open = set(session.connection().execute(OPEN_ACCOUNTS, accounts).scalars())
    event.came_back.update(entry for entry in entries if entry.key in still_open)


def _find_late_hardship(
    session: Session, event: ResidentsDeparted, hardship: Sequence[Row[Any]]
) -> None:
    departed = {one.departure_id: one for one in event.departed}
    kind = FindingKind.HARDSHIP_AFTER_DEPARTURE
    late: dict[str, tuple[int, Suspicion]] = {}
    for row in hardship:
        one = departed[row.departure_id]
        if row.starts_on > one.happened_on:
            subject = f"hardship_period:{row.key}"
            evidence = {"starts_on": row.starts_on.isoformat()}
            late[subject] = (one.departure_id, suspicion(one, kind, subject, evidence))
    put_suspicions(session, event, late)


def restored(
    session: Session, event: DepartureReversed, table: str, statement: Any
) -> Sequence[Row[Any]]:
    """Bring back what the journal has of the table, and note what came; returns those rows."""
    entries = event.of(table)
    rows = session.connection().execute(statement, {"entries": as_entries(entries)}).all()
    keys = {row.key for row in rows}
    event.came_back.update(entry for entry in entries if entry.key in keys)
    return rows
