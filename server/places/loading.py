"""Writes divisions by the thousand, and reads the names by which addresses are understood."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import text
from sqlmodel import Session, col, select

from server.places import national
from server.places.models import Division, DivisionLevel
from server.places.national import DivisionRow
from server.places.rules import Gazetteer

STAGING = """
    CREATE TEMPORARY TABLE IF NOT EXISTS incoming_division (
        code text PRIMARY KEY, name text NOT NULL, level text NOT NULL, parent_code text
    ) ON COMMIT DROP
"""
UPSERT = """
    WITH written AS (
        INSERT INTO division (code, name, level, parent_code)
        SELECT code, name, level, parent_code FROM incoming_division ORDER BY code
        ON CONFLICT (code) DO UPDATE SET name = excluded.name
         WHERE division.name IS DISTINCT FROM excluded.name
        RETURNING (xmax = 0) AS is_new
    )
    SELECT count(*) FILTER (WHERE is_new) AS new,
           count(*) FILTER (WHERE NOT is_new) AS changed
      FROM written
"""


@dataclass(frozen=True)
class Written:
    """How many rows a load added, changed, and found as they already were."""

    new: int
    changed: int
    unchanged: int


def load_divisions(session: Session, divisions: Iterable[DivisionRow]) -> Written:
    """Add the divisions, and rename those whose name has changed; none is ever removed.

    A division's level and parent follow from its code, which is what it is found by.
    """
    rows = list(divisions)
    session.connection().execute(text(STAGING))
    session.connection().execute(text("TRUNCATE incoming_division"))
    _copy_in(session, rows)
    counts = session.connection().execute(text(UPSERT)).one()
    session.expire_all()
    return Written(counts.new, counts.changed, len(rows) - counts.new - counts.changed)


def load_counties(session: Session, city_code: str) -> Written:
    """Add the city and its counties as the national list has them."""
    return load_divisions(session, national.counties_of(city_code))


def known_codes(session: Session) -> set[str]:
    """Return the codes of all divisions of the city."""
    return set(session.exec(select(Division.code).order_by(Division.code)))


def gazetteer_of(session: Session, city_code: str) -> Gazetteer:
    """Return the names by which an address of the city is understood."""
    named = {
        level: {
            division.code: division.name
            for division in session.exec(
                select(Division).where(Division.level == level).order_by(col(Division.code))
            )
        }
        for level in (DivisionLevel.COUNTY, DivisionLevel.TOWN)
    }
    names = [name for name, codes in national.cities_by_name().items() if city_code in codes]
    return Gazetteer(
        city_code=city_code,
        city_names=names,
        counties=named[DivisionLevel.COUNTY],
        towns=named[DivisionLevel.TOWN],
        nicknames=national.nicknames_of(city_code),
    )


def _copy_in(session: Session, rows: Iterable[DivisionRow]) -> None:
    """Stream the rows into the staging table; the city row has no parent here."""
    driver = session.connection().connection.driver_connection
    assert driver is not None
    statement = "COPY incoming_division (code, name, level, parent_code) FROM STDIN"
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            parent = None if row.level == DivisionLevel.CITY else row.parent_code
            copy.write_row((row.code, row.name, row.level, parent))
