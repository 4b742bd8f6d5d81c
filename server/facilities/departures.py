"""What a death or a move ends in the beds, and what comes back after a mistake."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

from server import clock
from server.db.refusals import refusing
from server.db.sessions import TryAgain
from server.facilities.stays.dying import DROPPED, STAYS, TAKINGS, journal_of_deaths
from server.facilities.stays.knowing import KNOWN_AFTERWARDS, STILL_HERE
from server.findings.models import FindingKind
from server.findings.service import Suspicion, withdraw_of_residents
from server.residents.departures.effects import GONE, as_entries, as_rows, note_ended
from server.residents.departures.events import DepartureReversed, ResidentsDeparted
from server.residents.departures.models import DepartureKind
from server.residents.departures.suspicions import put_suspicions, suspicion

# The day itself still counts: the bed is free from the day after. A stay that had ended by the
# report stays as it was recorded, and its later nights are a finding.
END_TAKINGS = text(
    f"""
    WITH gone AS ({GONE}), held AS (
        SELECT o.id, o.bed_id, o.ends_on, o.state, gone.departure_id, gone.day_after
          FROM bed_occupancy o JOIN gone USING (resident_id) JOIN stay s ON s.id = o.stay_id
         WHERE o.superseded_at IS NULL AND o.starts_on < gone.day_after
           AND (o.ends_on IS NULL OR o.ends_on > gone.day_after)
           AND s.status IN ('held', 'staying', 'away')
         ORDER BY o.bed_id FOR UPDATE OF o
    ), left_behind AS (
        UPDATE bed SET left_uncleaned_at = :at FROM held
         WHERE bed.id = held.bed_id AND held.state <> 'held' AND bed.room_id IS NOT NULL
    )
    UPDATE bed_occupancy o SET ends_on = held.day_after, end_recorded_at = :at
      FROM held WHERE o.id = held.id
    RETURNING held.departure_id, o.id AS key, held.ends_on AS before, o.ends_on AS after
    """
)
DROP_TAKINGS = text(
    f"""
    WITH gone AS ({GONE})
    UPDATE bed_occupancy o SET superseded_at = :at FROM gone, stay s
     WHERE o.resident_id = gone.resident_id AND s.id = o.stay_id AND o.superseded_at IS NULL
       AND o.starts_on >= gone.day_after AND s.status IN ('held', 'staying', 'away')
    RETURNING gone.departure_id, o.id AS key, NULL AS before, NULL AS after
    """
)
END_STAYS = text(
    f"""
    WITH gone AS ({GONE})
    UPDATE stay SET
           status = CASE WHEN old.status = 'held' THEN 'cancelled' ELSE 'ended' END,
           ended_on = greatest(gone.day_after, old.admitted_on)
                      + CASE WHEN old.status = 'held' THEN NULL ELSE 0 END,
           end_reason = CASE WHEN old.status = 'held' THEN NULL ELSE gone.kind END
      FROM gone JOIN stay AS old USING (resident_id)
     WHERE stay.id = old.id AND old.status IN ('held', 'staying', 'away')
    RETURNING gone.departure_id, stay.id AS key, old.status AS before, stay.status AS after
    """
)
# A last bill and the deposit come later: the facility knows the person for some time.
SHORTEN_LINKS = text(
    f"""
    WITH gone AS ({GONE})
    UPDATE care_link AS held
       SET ends_on = greatest(gone.day_after + :afterwards, held.starts_on + 1)
      FROM gone JOIN care_link AS old USING (resident_id)
     WHERE old.resident_id = held.resident_id AND old.site_id = held.site_id
       AND EXISTS (SELECT 1 FROM stay s
                    WHERE s.resident_id = held.resident_id AND s.site_id = held.site_id)
       AND held.ends_on > greatest(gone.day_after + :afterwards, held.starts_on + 1)
    RETURNING gone.departure_id, held.site_id AS key, old.ends_on AS before, held.ends_on AS after
    """
)
# Nights that a facility recorded for somebody who was gone.
NIGHTS_AFTERWARDS = text(
    f"""
    WITH gone AS ({GONE})
    SELECT gone.departure_id, o.stay_id, o.site_id, count(*) AS records,
           sum(least(coalesce(o.ends_on, :today), :today)
               - greatest(o.starts_on, gone.day_after)) AS nights
      FROM bed_occupancy o JOIN gone USING (resident_id)
     WHERE o.superseded_at IS NULL AND o.state = 'occupied' AND o.starts_on < :today
       AND coalesce(o.ends_on, :today) > gone.day_after
     GROUP BY gone.departure_id, o.stay_id, o.site_id
     ORDER BY o.stay_id
    """
)
# Who else has the bed by now, or which other bed the person has: what the exclusion constraints of
# `bed_occupancy` refuse.
IN_ITS_WAY = """
    o.id <> held.id AND o.superseded_at IS NULL AND (
        o.bed_id = held.bed_id
        OR o.resident_id = held.resident_id AND o.state <> 'held' AND (
           (o.state = 'in_hospital') = (held.state = 'in_hospital')
           OR CASE o.state WHEN 'in_hospital' THEN held.kind ELSE o.kind END <> 'medical'))
"""
RESTORE_TAKINGS = text(
    f"""
    UPDATE bed_occupancy AS held SET ends_on = e.before,
           end_recorded_at = CASE WHEN e.before IS NOT NULL THEN held.end_recorded_at END
      FROM jsonb_to_recordset(CAST(:entries AS jsonb)) AS e(key bigint, before date, after date)
     WHERE held.id = e.key AND held.ends_on = e.after
       AND held.superseded_at IS NULL AND held.state <> 'held'
       AND NOT EXISTS (SELECT 1 FROM bed_occupancy o
                        WHERE {IN_ITS_WAY}
                          AND daterange(o.starts_on, o.ends_on) && daterange(e.after, e.before))
    RETURNING held.id AS key, held.stay_id, held.bed_id, held.ends_on
    """
)
RESTORE_DROPPED = text(
    f"""
    UPDATE bed_occupancy AS held SET superseded_at = NULL
      FROM jsonb_to_recordset(CAST(:entries AS jsonb)) AS e(key bigint)
     WHERE held.id = e.key AND held.state <> 'held'
       AND NOT EXISTS (SELECT 1 FROM bed_occupancy o
                        WHERE {IN_ITS_WAY}
                          AND daterange(o.starts_on, o.ends_on)
                              && daterange(held.starts_on, held.ends_on))
    RETURNING held.id AS key, held.stay_id, held.bed_id, held.ends_on
    """
)
# Whoever has lost the bed to another meanwhile is away, until the home finds a bed again; whoever
# has come to the same home anew goes on there.
RESTORE_STAYS = text(
    """
    UPDATE stay AS held SET ended_on = NULL, end_reason = NULL,
           status = CASE WHEN held.id = ANY(:in_a_bed) THEN e.before ELSE 'away' END
      FROM jsonb_to_recordset(CAST(:entries AS jsonb)) AS e(key bigint, before text, after text)
     WHERE held.id = e.key AND held.status = 'ended' AND e.after = 'ended'
       AND NOT EXISTS (SELECT 1 FROM stay s
                        WHERE s.resident_id = held.resident_id AND s.site_id = held.site_id
                          AND s.id <> held.id AND s.status IN ('staying', 'away'))
    RETURNING held.id AS key
    """
)
KNOWN_AGAIN = text(
    """
    UPDATE care_link AS held SET ends_on = :still_here
      FROM stay s WHERE s.id = ANY(:stays)
       AND held.resident_id = s.resident_id AND held.site_id = s.site_id
    """
)
ONE_EACH = (
    "ex_bed_occupancy_one_in_a_bed",
    "ex_bed_occupancy_one_bed_each",
    "ex_bed_occupancy_one_bed_kept",
)
IN_USE_AGAIN = text("UPDATE bed SET left_uncleaned_at = NULL WHERE id = ANY(:beds)")


def end_stays(session: Session, event: ResidentsDeparted) -> None:
    """End stays and holds from the day after, free their beds, and put down later nights.

    What homes ended already because of a death becomes part of the departure, and their word of it
    waits no longer to be confirmed.
    """
    _take_over_deaths(session, event)
    gone = {"gone": as_rows(event.departed)}
    at = {**gone, "at": event.reported_at}
    connection = session.connection()
    _find_nights(session, event, _nights(session, gone))
    note_ended(event, TAKINGS, connection.execute(END_TAKINGS, at).all())
    note_ended(event, DROPPED, connection.execute(DROP_TAKINGS, at).all())
    note_ended(event, STAYS, connection.execute(END_STAYS, gone).all())
    links = connection.execute(SHORTEN_LINKS, {**gone, "afterwards": KNOWN_AFTERWARDS.days})
    note_ended(event, "care_link", links.all())


def bring_stays_back(session: Session, event: DepartureReversed) -> None:
    """Let stays go on, in their beds where nobody else has them by now. Holds do not come back."""
    takings, stays = [*event.of(TAKINGS), *event.of(DROPPED)], event.of(STAYS)
    rows = _restore_takings(session, event)
    here = [row for row in rows if row.ends_on is None]
    session.connection().execute(IN_USE_AGAIN, {"beds": [row.bed_id for row in here]})
    values = {"entries": as_entries(stays), "in_a_bed": [row.stay_id for row in here]}
    restored = set(session.connection().execute(RESTORE_STAYS, values).scalars())
    known = {"stays": sorted(restored), "still_here": STILL_HERE}
    session.connection().execute(KNOWN_AGAIN, known)

    back = {row.key for row in rows}
    event.came_back.update(entry for entry in takings if entry.key in back)
    event.came_back.update(entry for entry in stays if entry.key in restored)


def _restore_takings(session: Session, event: DepartureReversed) -> list[Row[Any]]:
    """What was cut short first, then what came after it, as far as nobody is in its way."""
    rows: list[Row[Any]] = []
    with refusing(session, dict.fromkeys(ONE_EACH, TryAgain())):
        for statement, table in ((RESTORE_TAKINGS, TAKINGS), (RESTORE_DROPPED, DROPPED)):
            entries = {"entries": as_entries(event.of(table))}
            rows += session.connection().execute(statement, entries).all()
    return rows


def _take_over_deaths(session: Session, event: ResidentsDeparted) -> None:
    died = [one for one in event.departed if one.kind is DepartureKind.DIED]
    departure_of = {one.resident_id: one.departure_id for one in died}
    for resident_id, _, entry in journal_of_deaths(session, list(departure_of)):
        event.journal.note(departure_of[resident_id], entry)
    withdraw_of_residents(session, FindingKind.DEATH_IN_A_STAY, list(departure_of))


def _nights(session: Session, gone: dict[str, str]) -> Sequence[Row[Any]]:
    values = {**gone, "today": clock.today()}
    return session.connection().execute(NIGHTS_AFTERWARDS, values).all()


def _find_nights(session: Session, event: ResidentsDeparted, nights: Sequence[Row[Any]]) -> None:
    departed = {one.departure_id: one for one in event.departed}
    late: dict[str, tuple[int, Suspicion]] = {}
    for row in nights:
        one = departed[row.departure_id]
        subject = f"stay:{row.stay_id}"
        evidence = {"stay_id": row.stay_id, "site_id": row.site_id, "nights": int(row.nights)}
        kind = FindingKind.NIGHT_AFTER_DEPARTURE
        late[subject] = (one.departure_id, suspicion(one, kind, subject, evidence))
    put_suspicions(session, event, late)
