"""Who has filed, and what is known for any day: the newest return at or before it, and its age.

Nothing is stored for a day on which nobody filed. Every query is one statement over all its
facilities.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, Row, Text, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Session

from server.facilities.models import BedKind

# Kinds of facilities in which people live, and which therefore file.
FILING_KINDS = ("care_home", "township_home")

WITHIN = """(s.id = ANY(CAST(:site_ids AS bigint[])) OR EXISTS (
    SELECT 1 FROM unnest(CAST(:prefixes AS text[])) p WHERE starts_with(s.division_code, p)))"""
NEWEST = """
    SELECT s.id AS site_id, k.kind, r.id, r.day, r.licensed, r.usable, r.occupied, r.on_leave,
           r.nursing_occupied, r.is_unchanged, r.source, r.filed_at, r.filed_by
      FROM site s CROSS JOIN unnest(CAST(:kinds AS text[])) AS k(kind)
      JOIN LATERAL (SELECT * FROM bed_return r
                     WHERE r.site_id = s.id AND r.kind = k.kind AND r.day <= :on
                     ORDER BY r.day DESC LIMIT 1) r ON true
"""
AS_OF = text(
    f"""
    SELECT s.name, s.division_code, n.*, CAST(:on AS date) - n.day AS age
      FROM ({NEWEST} WHERE {WITHIN}) n JOIN site s ON s.id = n.site_id
     ORDER BY s.name, s.id, n.kind
    """
).bindparams(bindparam("on", type_=Date))
STANDING = text(
    f"""
    WITH newest AS ({NEWEST} WHERE {WITHIN})
    SELECT s.id, s.name, s.phone, left(s.division_code, 6) AS county_code,
           d.name AS county_name, max(n.day) AS last_day,
           EXISTS (SELECT 1 FROM bed b WHERE b.site_id = s.id) AS keeps_beds,
           sum(n.licensed) AS licensed, sum(n.usable) AS usable, sum(n.occupied) AS occupied,
           sum(n.on_leave) AS on_leave, max(n.filed_at) AS filed_at,
           coalesce(bool_and(n.is_unchanged), false) AS is_unchanged,
           (array_agg(n.source ORDER BY n.filed_at DESC))[1] AS source
      FROM site s
      LEFT JOIN division d ON d.code = left(s.division_code, 6)
      LEFT JOIN newest n ON n.site_id = s.id
     WHERE {WITHIN} AND s.kind = ANY(:filing) AND s.opening_state = 'open'
     GROUP BY s.id, d.name ORDER BY county_code, s.name, s.id
    """
).bindparams(bindparam("on", type_=Date), bindparam("filing", type_=ARRAY(Text)))
# A return holds from its day until the next: each adds what it differs by from the one before.
SERIES = text(
    f"""
    WITH known AS (
        SELECT n.site_id, n.kind, CAST(:since AS date) AS day, n.usable, n.occupied, n.on_leave,
               n.day = :on AS is_filed
          FROM ({NEWEST} WHERE {WITHIN}) n
        UNION ALL
        SELECT r.site_id, r.kind, r.day, r.usable, r.occupied, r.on_leave, true
          FROM bed_return r JOIN site s ON s.id = r.site_id
         WHERE r.day > :since AND r.day <= :until AND r.kind = ANY(CAST(:kinds AS text[]))
           AND {WITHIN}
    ), change AS (
        SELECT day, site_id, is_filed,
               usable - lag(usable, 1, 0) OVER of_one AS usable,
               occupied - lag(occupied, 1, 0) OVER of_one AS occupied,
               on_leave - lag(on_leave, 1, 0) OVER of_one AS on_leave
          FROM known WINDOW of_one AS (PARTITION BY site_id, kind ORDER BY day)
    ), of_day AS (
        SELECT day, sum(usable) AS usable, sum(occupied) AS occupied, sum(on_leave) AS on_leave,
               count(DISTINCT site_id) FILTER (WHERE is_filed) AS filed
          FROM change GROUP BY day
    )
    SELECT CAST(days.day AS date) AS day, coalesce(c.filed, 0) AS filed,
           CAST(sum(c.usable) OVER until_then AS bigint) AS usable,
           CAST(sum(c.occupied) OVER until_then AS bigint) AS occupied,
           CAST(sum(c.on_leave) OVER until_then AS bigint) AS on_leave
      FROM generate_series(CAST(:since AS date), CAST(:until AS date), '1 day') AS days(day)
      LEFT JOIN of_day c ON c.day = CAST(days.day AS date)
    WINDOW until_then AS (ORDER BY days.day)
     ORDER BY days.day
    """
).bindparams(*(bindparam(name, type_=Date) for name in ("since", "until", "on")))
VERSION = text(
    "SELECT count(*) AS filed, max(filed_at) AS last_at FROM bed_return WHERE day = :on"
).bindparams(bindparam("on", type_=Date))
KINDS_OF = text(
    """
    SELECT kind FROM bed_return WHERE site_id = :site_id
     UNION SELECT kind FROM bed WHERE site_id = :site_id
     UNION SELECT kind FROM bed_licence WHERE site_id = :site_id
     ORDER BY kind
    """
)


@dataclass(frozen=True)
class Scope:
    """Facilities under these division prefixes, or of these keys; and their beds of these kinds."""

    prefixes: Sequence[str] = ()
    site_ids: Sequence[int] = ()
    kinds: Sequence[BedKind] = tuple(BedKind)

    @property
    def values(self) -> dict[str, Any]:
        """How the statements know it."""
        return {
            "prefixes": list(self.prefixes),
            "site_ids": list(self.site_ids),
            "kinds": [kind.value for kind in self.kinds],
        }


def list_as_of(session: Session, scope: Scope, *, on: date) -> Sequence[Row[Any]]:
    """Return by facility and kind the newest return at or before the day, and its `age` in days."""
    return session.connection().execute(AS_OF, scope.values | {"on": on}).all()


def list_standing(session: Session, scope: Scope, *, on: date) -> Sequence[Row[Any]]:
    """Return every open home in scope with its newest return, all its kinds together, by county.

    `last_day` is None for a home that never filed; `keeps_beds` where its stays are kept here, so
    that nothing need be filed.
    """
    values = scope.values | {"on": on, "filing": list(FILING_KINDS)}
    return session.connection().execute(STANDING, values).all()


def list_series(session: Session, scope: Scope, *, since: date, until: date) -> Sequence[Row[Any]]:
    """Return (day, filed, usable, occupied, on_leave) for each day, for charts.

    Each day's figures are those of the newest returns at that day, summed; `filed` counts the
    facilities that filed for it. Before the first return they are None.
    """
    values = scope.values | {"since": since, "until": until, "on": since}
    return session.connection().execute(SERIES, values).all()


def returns_version(session: Session, *, on: date) -> tuple[int, datetime | None]:
    """Return what changes whenever a return for the day is filed or corrected."""
    row = session.connection().execute(VERSION, {"on": on}).one()
    return row.filed, row.last_at


def list_kinds(session: Session, site_id: int) -> Sequence[BedKind]:
    """Return the kinds of beds a facility files for; a home that said nothing yet has its own."""
    found = session.connection().execute(KINDS_OF, {"site_id": site_id}).scalars()
    return [BedKind(kind) for kind in found] or [BedKind.INSTITUTION]


def newest_of(session: Session, site_id: int, *, on: date) -> Mapping[BedKind, Row[Any]]:
    """Return the newest return of each kind at or before the day."""
    rows = list_as_of(session, Scope(site_ids=[site_id]), on=on)
    return {BedKind(row.kind): row for row in rows}
