"""Writes files of bed returns, by the million, beneath the trail as ever.

The whole file is copied into a staging table and checked there, set by set; what is good goes on
in slices. All of it is one transaction.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, text
from sqlmodel import Session

from server import clock
from server.db.sessions import actor_of
from server.facilities.returns.importing import Line

SLICE = 20_000
# A slice is one statement; the usual limit is for people who wait.
PATIENCE = text("SET LOCAL statement_timeout = '10min'")
CLEAR = text(
    "DROP TABLE IF EXISTS pg_temp.incoming_return, pg_temp.incoming_site,"
    " pg_temp.checked_return, pg_temp.good_return"
)
STAGING = text(
    """
    CREATE TEMPORARY TABLE incoming_return (
        row bigint, site text, kind text, day date, licensed integer, usable integer,
        occupied integer, on_leave integer, nursing_occupied integer, complaint text
    ) ON COMMIT DROP
    """
)
# Each facility that is named is looked for once: its number, its key in a list, or its name, where
# only one has it.
SITES = text(
    """
    CREATE TEMPORARY TABLE incoming_site ON COMMIT DROP AS
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
    CREATE TEMPORARY TABLE checked_return ON COMMIT DROP AS
    SELECT i.row, s.site_id, coalesce(i.kind, 'institution') AS kind, i.day, i.licensed, i.usable,
           i.occupied, coalesce(i.on_leave, 0) AS on_leave, i.nursing_occupied,
           CASE
               WHEN i.complaint IS NOT NULL THEN i.complaint
               WHEN s.site_id IS NULL THEN 'facility-unknown'
               WHEN i.day > :today OR i.day < DATE '2000-01-01' THEN 'day-out-of-reach'
               WHEN i.usable > i.licensed OR i.occupied + coalesce(i.on_leave, 0) > i.usable
                    OR i.nursing_occupied > i.occupied THEN 'figures-do-not-add-up'
               WHEN row_number() OVER (PARTITION BY s.site_id, coalesce(i.kind, 'institution'),
                                       i.day, i.complaint ORDER BY i.row) > 1
                    THEN 'return-repeated'
           END AS complaint
      FROM incoming_return i LEFT JOIN incoming_site s ON s.site = i.site
    """
)
BY_PLACE = text(
    """
    CREATE TEMPORARY TABLE good_return ON COMMIT DROP AS
    SELECT row_number() OVER (ORDER BY site_id, kind, day) AS place, *
      FROM checked_return WHERE complaint IS NULL
    """
)
INDEX = text("CREATE INDEX ON good_return (place)")
KNOW = text("ANALYZE good_return")
REJECTED = text(
    "SELECT row, complaint FROM checked_return WHERE complaint IS NOT NULL ORDER BY row"
)
COUNT = text("SELECT count(*) FROM good_return")
WRITE = text(
    """
    WITH written AS (
        INSERT INTO bed_return AS held (site_id, kind, day, licensed, usable, occupied, on_leave,
                                        nursing_occupied, is_unchanged, source, filed_at, filed_by)
        SELECT site_id, kind, day, licensed, usable, occupied, on_leave, nursing_occupied, false,
               'file', :at, :filed_by
          FROM good_return WHERE place > :after AND place <= :until ORDER BY place
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

Progress = Callable[[int, int], None]


@dataclass
class Loaded:
    """How many rows of a file were new, corrected what was filed, and were as they are.

    `rejected` are the rows that stay outside, each with the code of its reason.
    """

    rows: int = 0
    good: int = 0
    new: int = 0
    changed: int = 0
    rejected: Sequence[Row[Any]] = field(default_factory=list)
    is_dry: bool = False

    @property
    def unchanged(self) -> int:
        """How many good rows say what is there already."""
        return self.good - self.new - self.changed


def load_returns(
    session: Session,
    lines: Iterable[Line],
    *,
    is_dry: bool = False,
    progress: Progress = lambda done, of: None,
) -> Loaded:
    """Check every line and, unless `is_dry`, write the good ones; known ones are corrected.

    `progress` is told after each slice how many are done, of how many. Loaded again, a file
    changes nothing. A cell that is empty takes nothing away.
    """
    connection = session.connection()
    connection.execute(PATIENCE)
    connection.execute(CLEAR)
    connection.execute(STAGING)
    loaded = Loaded(rows=_copy_in(connection, lines), is_dry=is_dry)
    connection.execute(SITES)
    connection.execute(CHECKED, {"today": clock.today()})
    loaded.rejected = connection.execute(REJECTED).all()
    connection.execute(BY_PLACE)
    loaded.good = connection.execute(COUNT).scalar_one()
    if not is_dry:
        connection.execute(INDEX)
        connection.execute(KNOW)
        _write(session, connection, loaded, progress)
    return loaded


def _write(session: Session, connection: Connection, loaded: Loaded, progress: Progress) -> None:
    stamp = {"at": clock.now(), "filed_by": actor_of(session).staff_id}
    for after in range(0, loaded.good, SLICE):
        until = min(after + SLICE, loaded.good)
        written = connection.execute(WRITE, stamp | {"after": after, "until": until}).one()
        loaded.new += written.new
        loaded.changed += written.changed
        progress(until, loaded.good)
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
