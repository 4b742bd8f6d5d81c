"""Puts the demo's people into the register by the ten thousand, beneath the trail as ever.

Row security forbids COPY into a table of people: each slice is copied into a staging table and
inserted from there, in a transaction of its own, so that a load that was cut off goes on where it
stopped.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from sqlalchemy import text
from sqlmodel import Session

from infra.demo.residents import Person, Population
from server.db.sessions import transaction
from server.residents.models import ID_NUMBER_FIELD
from server.secrets.fields import Keyring, keyring

SLICE = 50_000
NULL = r"\N"

STAGING = """
    CREATE TEMPORARY TABLE IF NOT EXISTS incoming_resident (
        name text, pinyin text, initials text, sex text, born_on date,
        id_number_cipher bytea, id_number_digest bytea, village_code text, address text,
        phone text, usual_canteen_id bigint, tier text, tier_from date, tier_until date
    ) ON COMMIT DROP
"""
COPY = "COPY incoming_resident FROM STDIN"
# A slice is one statement with a trigger for each row; the usual limit is for people who wait.
PATIENCE = "SET LOCAL statement_timeout = '10min'"
INSERT = """
    WITH entered AS (
        INSERT INTO resident (name, pinyin, initials, sex, born_on, id_number_cipher,
                              id_number_digest, village_code, address, phone, usual_canteen_id)
        SELECT name, pinyin, initials, sex, born_on, id_number_cipher,
               id_number_digest, village_code, address, phone, usual_canteen_id
          FROM incoming_resident
        ON CONFLICT (id_number_digest) DO NOTHING
        RETURNING id, id_number_digest
    ), in_hardship AS (
        INSERT INTO hardship_period (resident_id, tier, starts_on, ends_on)
        SELECT entered.id, i.tier, i.tier_from, i.tier_until
          FROM entered JOIN incoming_resident i USING (id_number_digest)
         WHERE i.tier IS NOT NULL
    )
    SELECT count(*) FROM entered
"""
IS_THERE = text("SELECT EXISTS (SELECT 1 FROM resident WHERE id_number_digest = :digest)")

Counted = Callable[[int], None]


def count_registered(session: Session, population: Population, *, wanted: int) -> int:
    """Return how many of the first `wanted` are there: slices go in whole and in order."""
    low, high = 0, wanted
    while low < high:
        middle = (low + high) // 2
        digest = keyring().digest(population.id_number(middle), ID_NUMBER_FIELD)
        if session.connection().execute(IS_THERE, {"digest": digest}).scalar():
            low = middle + 1
        else:
            high = middle
    return low


def register(population: Population, *, start: int, stop: int, counted: Counted) -> int:
    """Register the residents from one ordinal until before another; returns how many were new.

    The next slice is made while the database takes the present one.
    """
    new = 0
    with ThreadPoolExecutor(max_workers=1) as maker:
        for first, last, coming in _slices(maker, population, start, stop):
            with transaction() as session:
                new += _take_in(session, coming.result())
            counted(last - first)
    return new


def _slices(
    maker: ThreadPoolExecutor, population: Population, start: int, stop: int
) -> Iterator[tuple[int, int, Future[bytes]]]:
    """Yield each slice with its lines under way, one slice ahead of the reader."""
    bounds = [(first, min(first + SLICE, stop)) for first in range(start, stop, SLICE)]
    held = keyring()
    coming = maker.submit(_lines, population, held, *bounds[0])
    for number, (first, last) in enumerate(bounds):
        present = coming
        if number + 1 < len(bounds):
            coming = maker.submit(_lines, population, held, *bounds[number + 1])
        yield first, last, present


def _lines(population: Population, held: Keyring, first: int, last: int) -> bytes:
    return "".join(_line(person, held) for person in population.people(first, last)).encode()


def _line(person: Person, held: Keyring) -> str:
    """One row for COPY; nothing that is made up here holds a tab, a newline or a backslash."""
    cipher = held.encrypt(person.id_number, ID_NUMBER_FIELD)
    digest = held.digest(person.id_number, ID_NUMBER_FIELD)
    return (
        f"{person.name}\t{person.pinyin}\t{person.initials}\t{person.sex.value}\t{person.born_on}"
        f"\t\\\\x{cipher.hex()}\t\\\\x{digest.hex()}\t{person.village_code}\t{person.address}"
        f"\t{person.phone or NULL}\t{person.usual_canteen_id or NULL}"
        f"\t{person.tier.value if person.tier else NULL}"
        f"\t{person.tier_from or NULL}\t{person.tier_until or NULL}\n"
    )


def _take_in(session: Session, lines: bytes) -> int:
    connection = session.connection()
    connection.execute(text(PATIENCE))
    connection.execute(text(STAGING))
    connection.execute(text("TRUNCATE incoming_resident"))
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor, cursor.copy(COPY) as copy:
        copy.write(lines)
    return int(connection.execute(text(INSERT)).scalar_one())
