"""Puts the demo's people into the register by the ten thousand, beneath the trail as ever.

Row security forbids COPY into a table of people: each slice is copied into a staging table and
inserted from there, in a transaction of its own, so that a load that was cut off goes on where it
stopped.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextvars import copy_context

from sqlalchemy import text
from sqlmodel import Session

from infra.demo.assessments import find_crew, put_assessments
from infra.demo.residents import Person, Population
from server.db.sessions import transaction
from server.residents.models import ID_NUMBER_FIELD
from server.secrets.fields import Keyring, keyring

SLICE = 50_000
# A demo of millions is for measuring: so many assessments show all there is to see.
MOST_ASSESSED = 50_000
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

Range = tuple[int, int]
Counted = Callable[[int], None]


def find_missing(session: Session, population: Population, *, wanted: int) -> list[Range]:
    """Return which of the first `wanted` ordinals are not there, as ranges of a slice at most.

    A slice goes in whole, and what was there before a larger load is the beginning of a slice.
    """
    missing = []
    for first in range(0, wanted, SLICE):
        stop = min(first + SLICE, wanted)
        start = _first_missing(session, population, first, stop)
        if start < stop:
            missing.append((start, stop))
    return missing


def register(
    population: Population, missing: Sequence[Range], *, workers: int, counted: Counted
) -> int:
    """Register the residents of these ranges, each in its own transaction; returns how many.

    Every worker needs a connection. A single range is taken in by the caller's own thread.
    """
    if len(missing) == 1:
        counted(new := _register_range(population, missing[0]))
        return new
    total = 0
    with ThreadPoolExecutor(max_workers=workers) as crew:
        tasks = [
            crew.submit(copy_context().run, _register_range, population, part) for part in missing
        ]
        try:
            for task in as_completed(tasks):
                total += task.result()
                counted(task.result())
        except BaseException:
            crew.shutdown(cancel_futures=True)
            raise
    return total


def _first_missing(session: Session, population: Population, low: int, high: int) -> int:
    """Look whether all of the slice is there, then halve."""
    middle = high - 1
    while low < high:
        digest = keyring().digest(population.id_number(middle), ID_NUMBER_FIELD)
        if session.connection().execute(IS_THERE, {"digest": digest}).scalar():
            low = middle + 1
        else:
            high = middle
        middle = (low + high) // 2
    return low


def _register_range(population: Population, part: Range) -> int:
    people = list(population.people(*part))
    lines = _lines(people, keyring())
    with transaction() as session:
        new = _take_in(session, lines)
        _assess(session, population, people)
        return new


def assess(population: Population, *, wanted: int) -> None:
    """Assess residents of a demo that was begun before there were assessments, slice by slice."""
    for first in range(0, min(wanted, MOST_ASSESSED), SLICE):
        with transaction() as session:
            session.connection().execute(text(PATIENCE))
            people = population.people(first, min(first + SLICE, wanted))
            _assess(session, population, people)


def _assess(session: Session, population: Population, people: Iterable[Person]) -> None:
    crew = find_crew(session, population.beginning, population.first_village)
    assessed = [person for person in people if person.ordinal < MOST_ASSESSED]
    if crew is not None and assessed:
        put_assessments(session, population.beginning, assessed, crew)


def _lines(people: Iterable[Person], held: Keyring) -> bytes:
    return "".join(_line(person, held) for person in people).encode()


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
