"""Writes files of bed returns, by the million, beneath the trail as ever.

The whole file is copied into a staging table and checked there, set by set; what is good and not
yet filed so goes on in slices, each a transaction of its own. Broken off, a file is loaded again
from its beginning: what was written is found unchanged, and only the rest is written.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, text
from sqlmodel import Session

from server import clock
from server.db.sessions import actor_of
from server.facilities.returns.importing import Line
from server.facilities.returns.rules import MOST_BEDS

SLICE = 20_000
# Statements over the whole file are one each; the usual limits are for people who wait.
PATIENCE_S = 600
PATIENT = {"patience_s": PATIENCE_S}
PATIENCE = text(
    f"SELECT set_config('statement_timeout', '{PATIENCE_S}s', true),"
    " set_config('work_mem', '256MB', true)"
)
CLEAR = text(
    "DROP TABLE IF EXISTS pg_temp.incoming_return, pg_temp.incoming_site,"
    " pg_temp.checked_return, pg_temp.waiting_return"
)
STAGING = text(
    """
    CREATE TEMPORARY TABLE incoming_return (
        row bigint, site text, kind text, day date, licensed integer, usable integer,
        occupied integer, on_leave integer, nursing_occupied integer, complaint text
    )
    """
)
# Each facility that is named is looked for once: its number, its key in a list, or its name, where
# only one has it.
SITES = text(
    """
    CREATE TEMPORARY TABLE incoming_site AS
    SELECT n.site, coalesce(
               (SELECT s.id FROM site s WHERE s.id::text = n.site),
               (SELECT s.id FROM site s WHERE s.source_key = n.site),
               (SELECT CASE WHEN count(*) = 1 THEN min(s.id) END FROM site s
                 WHERE s.name = n.site)) AS site_id
      FROM (SELECT DISTINCT site FROM incoming_return) n
    """
)
CHECKED = text(
    """
    CREATE TEMPORARY TABLE checked_return AS
    SELECT i.row, s.site_id, coalesce(i.kind, 'institution') AS kind, i.day, i.licensed, i.usable,
           i.occupied, coalesce(i.on_leave, 0) AS on_leave, i.nursing_occupied,
           CASE
               WHEN i.complaint IS NOT NULL THEN i.complaint
               WHEN s.site_id IS NULL THEN 'facility-unknown'
               WHEN i.day > :today OR i.day < DATE '2000-01-01' THEN 'day-out-of-reach'
               WHEN i.licensed > :most OR i.usable > i.licensed
                    OR i.occupied + coalesce(i.on_leave, 0) > i.usable
                    OR i.nursing_occupied > i.occupied THEN 'figures-do-not-add-up'
               WHEN row_number() OVER (PARTITION BY s.site_id, coalesce(i.kind, 'institution'),
                                       i.day, i.complaint ORDER BY i.row) > 1
                    THEN 'return-repeated'
           END AS complaint
      FROM incoming_return i LEFT JOIN incoming_site s ON s.site = i.site
    """
)
# What a file says again needs no writing. A cell that is empty takes nothing away.
WAITING = text(
    """
    CREATE TEMPORARY TABLE waiting_return AS
    SELECT row_number() OVER (ORDER BY c.site_id, c.kind, c.day) AS place, c.*
      FROM checked_return c
      LEFT JOIN bed_return held
        ON held.site_id = c.site_id AND held.kind = c.kind AND held.day = c.day
     WHERE c.complaint IS NULL
       AND (held.id IS NULL
            OR (held.licensed, held.usable, held.occupied, held.on_leave, held.nursing_occupied)
               IS DISTINCT FROM
               (c.licensed, c.usable, c.occupied, c.on_leave,
                coalesce(c.nursing_occupied, held.nursing_occupied)))
    """
)
INDEX = text("CREATE INDEX ON waiting_return (place)")
KNOW = text("ANALYZE waiting_return")
REJECTED = text(
    "SELECT row, complaint FROM checked_return WHERE complaint IS NOT NULL ORDER BY row"
)
COUNT = text("SELECT count(*) FROM waiting_return")
WRITE = text(
    """
    WITH written AS (
        INSERT INTO bed_return AS held (site_id, kind, day, licensed, usable, occupied, on_leave,
                                        nursing_occupied, is_unchanged, source, filed_at, filed_by)
        SELECT site_id, kind, day, licensed, usable, occupied, on_leave, nursing_occupied, false,
               'file', :at, :filed_by
          FROM waiting_return WHERE place > :after AND place <= :until ORDER BY place
        ON CONFLICT (site_id, kind, day) DO UPDATE
           SET licensed = excluded.licensed, usable = excluded.usable,
               occupied = excluded.occupied, on_leave = excluded.on_leave,
               nursing_occupied = coalesce(excluded.nursing_occupied, held.nursing_occupied),
               is_unchanged = false, source = excluded.source, filed_at = excluded.filed_at,
               filed_by = excluded.filed_by
         WHERE (held.licensed, held.usable, held.occupied, held.on_leave,
                coalesce(excluded.nursing_occupied, held.nursing_occupied))
               IS DISTINCT FROM
               (excluded.licensed, excluded.usable, excluded.occupied, excluded.on_leave,
                held.nursing_occupied)
        RETURNING (xmax = 0) AS is_new
    )
    SELECT count(*) FILTER (WHERE is_new) AS new, count(*) FILTER (WHERE NOT is_new) AS changed
      FROM written
    """
)
COPYING = """COPY incoming_return (row, site, kind, day, licensed, usable, occupied, on_leave,
    nursing_occupied, complaint) FROM STDIN"""


@dataclass
class Loaded:
    """How many rows of a file were new, corrected what was filed, and were as they are.

    `rejected` are the rows that stay outside, each with the code of its reason; `to_write` were
    found to say something new, and `written` of them are dealt with.
    """

    rows: int = 0
    to_write: int = 0
    written: int = 0
    new: int = 0
    changed: int = 0
    rejected: Sequence[Row[Any]] = field(default_factory=list)

    @property
    def good(self) -> int:
        """How many rows can be taken in."""
        return self.rows - len(self.rejected)

    @property
    def unchanged(self) -> int:
        """How many good rows say what is there already."""
        return self.good - self.new - self.changed

    @property
    def is_done(self) -> bool:
        """True when nothing waits to be written."""
        return self.written >= self.to_write


def stage_returns(session: Session, lines: Iterable[Line]) -> Loaded:
    """Check every line, and set it beside what is filed; nothing is written yet.

    What is staged belongs to the connection, and to `write_slice` in its next transactions.
    """
    connection = session.connection()
    connection.execute(PATIENCE)
    connection.execute(CLEAR)
    connection.execute(STAGING)
    loaded = Loaded(rows=_copy_in(connection, lines))
    connection.execute(SITES, execution_options=PATIENT)
    connection.execute(
        CHECKED, {"today": clock.today(), "most": MOST_BEDS}, execution_options=PATIENT
    )
    loaded.rejected = connection.execute(REJECTED, execution_options=PATIENT).all()
    for statement in (WAITING, INDEX, KNOW):
        connection.execute(statement, execution_options=PATIENT)
    loaded.to_write = connection.execute(COUNT).scalar_one()
    return loaded


def write_slice(session: Session, loaded: Loaded) -> None:
    """Write the next of the staged rows, and count in `loaded` what became of them.

    Whoever filed the same facility, kind and day since they were staged is corrected.
    """
    until = min(loaded.written + SLICE, loaded.to_write)
    stamp = {"at": clock.now(), "filed_by": actor_of(session).staff_id}
    part = stamp | {"after": loaded.written, "until": until}
    connection = session.connection()
    connection.execute(PATIENCE)
    written = connection.execute(WRITE, part, execution_options=PATIENT).one()
    loaded.new += written.new
    loaded.changed += written.changed
    loaded.written = until
    session.expire_all()


def _copy_in(connection: Connection, lines: Iterable[Line]) -> int:
    driver = connection.connection.driver_connection
    assert driver is not None
    count = 0
    with driver.cursor() as cursor, cursor.copy(COPYING) as copy:
        for line in lines:
            copy.write_row(line)
            count += 1
    return count
