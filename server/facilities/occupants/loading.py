"""Writes a list of the people in beds, by the ten thousand, beneath guards and trail as ever.

The list is copied into a staging table, and each row is given its bed and its person there; then
persons, beds and facilities are held, in the order in which an admission holds them, and every
guard is asked set by set. Whom a row means is looked for only where its bed stands and nobody has
it: a list is no way to leaf through the register.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, text
from sqlmodel import Session

from server import clock
from server.db.refusals import all_or_nothing, refusing
from server.db.sessions import TryAgain, reaching_everywhere
from server.facilities.occupants.importing import Occupant
from server.facilities.stays.knowing import STILL_HERE

PATIENCE_S = 600
PATIENT = {"patience_s": PATIENCE_S}
# Statements over the whole list are one each; the usual limits are for people who wait.
PATIENCE = text(
    f"SELECT set_config('statement_timeout', '{PATIENCE_S}s', true),"
    " set_config('work_mem', '64MB', true)"
)
STAGING = text(
    """
    CREATE TEMPORARY TABLE IF NOT EXISTS incoming_occupant (
        row bigint, site text, name text, digest bytea, room text, label text, kind text,
        admitted_on date, note text, site_id bigint, bed_id bigint, bed_kind text,
        starts_on date, resident_id bigint, complaint text, is_here boolean
    ) ON COMMIT DROP
    """
)
EMPTY = text("TRUNCATE incoming_occupant")
COLUMNS = "row, site, name, digest, room, label, kind, admitted_on, note"
KNOW = text("ANALYZE incoming_occupant")
# Of stays and beds that another list has just brought nobody has statistics yet: row by row through
# ten thousand of them would never end.
MANY = 500
BY_SETS = text("SELECT set_config('enable_nestloop', 'off', true)")
AS_EVER = text("SELECT set_config('enable_nestloop', 'on', true)")
# Among the facilities of whoever sends the list: by number, key or a name that only one has. A row
# that names none means the only one. What is not there and what is another's are told alike.
FIND_SITES = text(
    """
    WITH own AS (
        SELECT s.id, s.name, s.source_key FROM site s
         WHERE CAST(:site_ids AS bigint[]) IS NULL OR s.id = ANY(:site_ids)
    ), named AS (
        SELECT n.site, coalesce(
                   (SELECT o.id FROM own o WHERE o.id::text = n.site),
                   (SELECT o.id FROM own o WHERE o.source_key = n.site),
                   (SELECT CASE WHEN count(*) = 1 THEN min(o.id) END FROM own o
                     WHERE o.name = n.site OR n.site IS NULL)) AS site_id
          FROM (SELECT DISTINCT site FROM incoming_occupant) n
    )
    UPDATE incoming_occupant i SET site_id = named.site_id
      FROM named WHERE named.site IS NOT DISTINCT FROM i.site
    """
)
# A bed is found by its label, or, as people write, by its number within a room. In which bed
# somebody was before the bed was put up here, nobody says.
FIND_BEDS = text(
    """
    UPDATE incoming_occupant i
       SET bed_id = b.id, bed_kind = b.kind, starts_on = greatest(i.admitted_on, b.opened_on),
           complaint = CASE
               WHEN i.room IS NOT NULL AND r.name IS DISTINCT FROM i.room THEN 'bed-in-other-room'
               WHEN i.kind <> b.kind THEN 'bed-of-other-kind'
               WHEN b.opened_on > :today THEN 'bed-not-open'
           END
      FROM bed b LEFT JOIN room r ON r.id = b.room_id
     WHERE b.site_id = i.site_id
       AND b.label = coalesce(
           (SELECT exact.label FROM bed exact
             WHERE exact.site_id = i.site_id AND exact.label = i.label),
           i.room || '-' || i.label)
    """
)
COMPLAIN_OF_PLACES = text(
    """
    UPDATE incoming_occupant i SET complaint = CASE
               WHEN i.site_id IS NULL THEN 'facility-not-yours'
               WHEN s.opening_state <> 'open' THEN 'facility-not-open'
               WHEN i.bed_id IS NULL THEN 'bed-unknown'
               WHEN i_of.times > 1 THEN 'bed-on-two-rows' END
      FROM (SELECT row, site_id, bed_id, count(*) OVER (PARTITION BY bed_id) AS times
              FROM incoming_occupant) AS i_of
      LEFT JOIN site s ON s.id = i_of.site_id
     WHERE i_of.row = i.row AND i.complaint IS NULL
    """
)
# Somebody else's bed, or one held or out of use, on a day of this stay. Whose it is, is not told.
COMPLAIN_OF_TAKEN = text(
    """
    UPDATE incoming_occupant i SET complaint = 'bed-taken'
     WHERE i.complaint IS NULL
       AND EXISTS (SELECT 1 FROM bed_occupancy o
                    WHERE o.bed_id = i.bed_id AND o.superseded_at IS NULL
                      AND (o.ends_on IS NULL OR o.ends_on > i.starts_on)
                      AND (o.state = 'held' OR o.resident_id IS DISTINCT FROM
                           (SELECT kept_of(r.id) FROM resident r
                             WHERE r.id_number_digest = i.digest)))
    """
)
COMPLAIN_OF_UNCLEANED = text(
    """
    UPDATE incoming_occupant i SET complaint = 'bed-not-ready'
      FROM bed b WHERE b.id = i.bed_id AND i.complaint IS NULL AND b.left_uncleaned_at IS NOT NULL
    """
)
# Name and number both, or nobody; whoever was merged is meant under the number that was kept.
FIND_PEOPLE = text(
    """
    UPDATE incoming_occupant i SET resident_id = kept.id
      FROM resident r JOIN resident kept ON kept.id = kept_of(r.id)
     WHERE r.id_number_digest = i.digest AND i.complaint IS NULL
       AND i.name IN (r.name, kept.name)
    """
)
HOLD_PEOPLE = text(
    "SELECT 1 FROM resident WHERE id IN (SELECT resident_id FROM incoming_occupant)"
    " ORDER BY id FOR NO KEY UPDATE"
)
HOLD_BEDS = text(
    "SELECT 1 FROM bed WHERE id IN (SELECT bed_id FROM incoming_occupant)"
    " ORDER BY id FOR NO KEY UPDATE"
)
HOLD_SITES = text(
    "SELECT 1 FROM site WHERE id IN (SELECT site_id FROM incoming_occupant) ORDER BY id FOR SHARE"
)
COMPLAIN_OF_PEOPLE = text(
    """
    UPDATE incoming_occupant i SET complaint = CASE
               WHEN r.id IS NULL THEN 'person-not-confirmed'
               WHEN r.died_on IS NOT NULL OR r.moved_away_on IS NOT NULL THEN 'person-gone'
               WHEN i_of.times > 1 THEN 'person-on-two-rows' END
      FROM (SELECT row, resident_id, count(*) OVER (PARTITION BY resident_id) AS times
              FROM incoming_occupant) AS i_of
      LEFT JOIN resident r ON r.id = i_of.resident_id
     WHERE i_of.row = i.row AND i.complaint IS NULL
    """
)
# Who is here as the list says needs no writing: a second time changes nothing.
FIND_HERE = text(
    """
    UPDATE incoming_occupant i
       SET is_here = true,
           complaint = CASE WHEN s.admitted_on <> i.admitted_on THEN 'here-since-other-day'
                            WHEN o.bed_id <> i.bed_id THEN 'here-in-other-bed' END
      FROM stay s
      LEFT JOIN bed_occupancy o ON o.stay_id = s.id AND o.superseded_at IS NULL
                               AND o.ends_on IS NULL
     WHERE s.resident_id = i.resident_id AND s.site_id = i.site_id
       AND s.status IN ('staying', 'away') AND i.complaint IS NULL
    """
)
# One person, one bed: what `ex_bed_occupancy_one_bed_each` and `_one_bed_kept` refuse.
COMPLAIN_OF_TWO_BEDS = text(
    """
    UPDATE incoming_occupant i SET complaint = 'has-a-bed'
     WHERE i.complaint IS NULL AND i.is_here IS NULL
       AND EXISTS (SELECT 1 FROM bed_occupancy o
                    WHERE o.resident_id = i.resident_id AND o.superseded_at IS NULL
                      AND (o.ends_on IS NULL OR o.ends_on > i.starts_on)
                      AND (o.state IN ('occupied', 'on_leave')
                           OR o.state = 'in_hospital' AND i.bed_kind <> 'medical'))
    """
)
COMPLAINTS = text(
    "SELECT row, complaint, starts_on FROM incoming_occupant"
    " WHERE complaint IS NOT NULL ORDER BY row"
)
LATER_BEDS = text(
    "SELECT row, starts_on FROM incoming_occupant"
    " WHERE complaint IS NULL AND is_here IS NULL AND starts_on > admitted_on ORDER BY row"
)
COUNTS = text(
    """
    SELECT count(*) FILTER (WHERE complaint IS NULL AND is_here IS NULL) AS new,
           count(*) FILTER (WHERE complaint IS NULL AND is_here) AS unchanged
      FROM incoming_occupant
    """
)
ENTER = text(
    """
    WITH entered AS (
        INSERT INTO stay (resident_id, site_id, kind, status, planned_on, hold_until,
                          admitted_on, note)
        SELECT resident_id, site_id, bed_kind, 'staying', admitted_on, admitted_on + 1,
               admitted_on, note
          FROM incoming_occupant WHERE complaint IS NULL AND is_here IS NULL ORDER BY row
        RETURNING id, resident_id, site_id
    )
    INSERT INTO bed_occupancy (bed_id, site_id, kind, state, stay_id, resident_id, starts_on,
                               reason, recorded_at)
    SELECT i.bed_id, i.site_id, i.bed_kind, 'occupied', entered.id, i.resident_id, i.starts_on,
           '', :at
      FROM entered JOIN incoming_occupant i USING (resident_id, site_id)
     ORDER BY i.bed_id
    """
)
LET_KNOW = text(
    """
    INSERT INTO care_link AS held (resident_id, site_id, starts_on, ends_on)
    SELECT resident_id, site_id, :today, :still_here FROM incoming_occupant
     WHERE complaint IS NULL AND is_here IS NULL ORDER BY resident_id
    ON CONFLICT (resident_id, site_id)
    DO UPDATE SET ends_on = greatest(held.ends_on, excluded.ends_on)
    """
)
LOST_TO_OTHERS = (
    "ex_bed_occupancy_one_in_a_bed",
    "ex_bed_occupancy_one_bed_each",
    "ex_bed_occupancy_one_bed_kept",
    "uq_stay_one_at_a_site",
)


@dataclass
class Loaded:
    """How many people a list takes in, and how many are here as it says.

    `refused` are the rows (row, complaint, starts_on) that stay outside; `later_beds` those (row,
    starts_on) whose bed was put up only after the person came. `was_written` tells a list that was
    taken in from one that was only looked at.
    """

    new: int = 0
    unchanged: int = 0
    changed: int = 0
    refused: Sequence[Row[Any]] = field(default_factory=list)
    later_beds: Sequence[Row[Any]] = field(default_factory=list)
    was_written: bool = False


@all_or_nothing
def look_at(
    session: Session, people: Sequence[Occupant], *, site_ids: Collection[int] | None
) -> Loaded:
    """Set every row beside beds and register, and say what would become of it; nothing is written.

    `site_ids` are the facilities that the list may speak of, None for all of the city.
    """
    connection = session.connection()
    _stage(connection, people, site_ids)
    with reaching_everywhere(session):
        _find_people(connection)
        _complain(connection)
    return _told(connection)


@all_or_nothing
def take_in(
    session: Session,
    people: Sequence[Occupant],
    *,
    site_ids: Collection[int] | None,
    is_whole: bool = False,
) -> Loaded:
    """Let everybody whose row stands be in their bed since the day it says, as known from now on.

    With `is_whole` all of them or, where one row is refused, nobody. The second time the same list
    changes nothing. Raises `TryAgain` where somebody else takes one of the beds at the same time.
    """
    connection = session.connection()
    _stage(connection, people, site_ids)
    with reaching_everywhere(session):
        _find_people(connection)
        for statement in (HOLD_PEOPLE, HOLD_BEDS, HOLD_SITES):
            connection.execute(statement)
        _complain(connection)
    loaded = _told(connection)
    if not is_whole or not loaded.refused:
        _write(session, connection)
        loaded.was_written = True
    return loaded


def _stage(
    connection: Connection, people: Sequence[Occupant], site_ids: Collection[int] | None
) -> None:
    connection.execute(PATIENCE)
    connection.execute(STAGING)
    connection.execute(EMPTY)
    _copy_in(connection, people)
    connection.execute(KNOW)
    if len(people) > MANY:
        connection.execute(BY_SETS)
    own = {"site_ids": None if site_ids is None else sorted(site_ids)}
    connection.execute(FIND_SITES, own, execution_options=PATIENT)
    connection.execute(FIND_BEDS, {"today": clock.today()}, execution_options=PATIENT)


def _find_people(connection: Connection) -> None:
    """Only for rows whose bed stands and is nobody else's."""
    places = (COMPLAIN_OF_PLACES, COMPLAIN_OF_TAKEN, COMPLAIN_OF_UNCLEANED)
    for statement in (*places, FIND_PEOPLE, KNOW):
        connection.execute(statement, execution_options=PATIENT)


def _complain(connection: Connection) -> None:
    """What was asked before the rows were held is asked again: somebody may have come between."""
    of_places = (COMPLAIN_OF_PLACES, COMPLAIN_OF_TAKEN)
    for statement in (*of_places, COMPLAIN_OF_PEOPLE, FIND_HERE, COMPLAIN_OF_TWO_BEDS):
        connection.execute(statement, execution_options=PATIENT)


def _told(connection: Connection) -> Loaded:
    connection.execute(AS_EVER)
    counts = connection.execute(COUNTS).one()
    return Loaded(
        new=counts.new,
        unchanged=counts.unchanged,
        refused=connection.execute(COMPLAINTS).all(),
        later_beds=connection.execute(LATER_BEDS).all(),
    )


def _write(session: Session, connection: Connection) -> None:
    with refusing(session, dict.fromkeys(LOST_TO_OTHERS, TryAgain())):
        connection.execute(ENTER, {"at": clock.now()}, execution_options=PATIENT)
    known = {"today": clock.today(), "still_here": STILL_HERE}
    with reaching_everywhere(session):
        connection.execute(LET_KNOW, known, execution_options=PATIENT)
    session.expire_all()


def _copy_in(connection: Connection, people: Sequence[Occupant]) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None
    copying = f"COPY incoming_occupant ({COLUMNS}) FROM STDIN"
    with driver.cursor() as cursor, cursor.copy(copying) as copy:
        for one in people:
            copy.write_row(
                (
                    one.row.number,
                    one.site,
                    one.name,
                    one.identity.digest,
                    one.room,
                    one.label,
                    one.kind and one.kind.value,
                    one.admitted_on,
                    one.note,
                )
            )
