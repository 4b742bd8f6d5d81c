"""Writes lists of people into the register by the ten thousand, beneath the trail as ever.

Row security forbids COPY into a table of people: each slice is copied into a staging table and
goes on from there. All slices are one transaction.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, text
from sqlmodel import Session

from server import clock
from server.db.refusals import refusing
from server.db.sessions import TryAgain
from server.people.papers import pinyin_of
from server.residents.importing import Person
from server.residents.merging.duplicates import FIND
from server.residents.models import ID_NUMBER_FIELD
from server.secrets.fields import Keyring, keyring

SLICE = 20_000
# A slice is one statement with a trigger for each row; the usual limit is for people who wait.
PATIENCE = text("SET LOCAL statement_timeout = '10min'")
STAGING = text(
    """
    CREATE TEMPORARY TABLE IF NOT EXISTS incoming_person (
        row bigint, key text, name text, pinyin text, initials text, sex text, born_on date,
        id_number_cipher bytea, id_number_digest bytea, village_code text, address text,
        phone text, tier text, since date, resident_id bigint, is_new boolean
    ) ON COMMIT DROP
    """
)
EMPTY = text("TRUNCATE incoming_person")
COLUMNS = (
    "row, key, name, pinyin, initials, sex, born_on, id_number_cipher, id_number_digest,"
    " village_code, address, phone, tier, since"
)
KNOW = text("ANALYZE incoming_person")
FIND_BY_NUMBER = text(
    """
    UPDATE incoming_person i SET resident_id = r.id
      FROM resident r WHERE r.id_number_digest = i.id_number_digest
    """
)
FIND_WITHOUT_NUMBER = text(
    """
    UPDATE incoming_person i SET resident_id = found.id
      FROM (SELECT p.row, min(kept_of(r.id)) AS id
              FROM incoming_person p
              JOIN resident r ON r.name = p.name AND r.born_on = p.born_on
                             AND r.village_code = p.village_code AND r.id_number_digest IS NULL
             WHERE p.id_number_digest IS NULL GROUP BY p.row) found
     WHERE found.row = i.row
    """
)
# Whoever writes about residents holds them first, in the order of their numbers: a list that comes
# beside another, or beside reports of deaths, waits for it and never locks it up.
HOLD_KNOWN = text(
    "SELECT 1 FROM resident WHERE id_number_digest = ANY(:digests) ORDER BY id FOR NO KEY UPDATE"
)
HOLD_FOUND = text(
    "SELECT 1 FROM resident WHERE id IN (SELECT resident_id FROM incoming_person)"
    " ORDER BY id FOR NO KEY UPDATE"
)
# A blank cell says nothing: it takes nothing away.
CHANGE = text(
    """
    WITH differing AS (
        SELECT i.row, i.resident_id, array_remove(ARRAY[
                   CASE WHEN r.name <> i.name THEN 'name' END,
                   CASE WHEN r.sex <> i.sex THEN 'sex' END,
                   CASE WHEN r.village_code <> i.village_code THEN 'village' END,
                   CASE WHEN r.address <> i.address THEN 'address' END,
                   CASE WHEN i.phone IS NOT NULL AND r.phone IS DISTINCT FROM i.phone
                        THEN 'phone' END], NULL) AS fields
          FROM incoming_person i JOIN resident r ON r.id = i.resident_id
    ), written AS (
        UPDATE resident SET name = i.name, pinyin = i.pinyin, initials = i.initials, sex = i.sex,
                            village_code = i.village_code,
                            address = coalesce(i.address, resident.address),
                            phone = coalesce(i.phone, resident.phone)
          FROM incoming_person i JOIN differing USING (row)
         WHERE resident.id = i.resident_id AND differing.fields <> '{}'
    )
    SELECT row, fields FROM differing WHERE fields <> '{}' ORDER BY row
    """
)
ENTER = text(
    """
    WITH entered AS (
        INSERT INTO resident (name, pinyin, initials, sex, born_on, id_number_cipher,
                              id_number_digest, village_code, address, phone)
        SELECT name, pinyin, initials, sex, born_on, id_number_cipher, id_number_digest,
               village_code, coalesce(address, ''), phone
          FROM incoming_person WHERE resident_id IS NULL ORDER BY row
        RETURNING id, coalesce(encode(id_number_digest, 'hex'),
                               name || '|' || born_on || '|' || village_code) AS key
    )
    UPDATE incoming_person i SET resident_id = entered.id, is_new = true
      FROM entered WHERE entered.key = i.key
    """
)
FLAG = text(FIND.format(looked_at="SELECT resident_id AS id FROM incoming_person WHERE is_new"))
# Another tier from a later day on ends the one that stands; whatever else differs is told instead.
END_OTHER_TIER = text(
    """
    UPDATE hardship_period h SET ends_on = i.since
      FROM incoming_person i
     WHERE h.resident_id = i.resident_id AND h.tier <> i.tier
       AND h.starts_on < i.since AND h.ends_on IS NULL
    """
)
BEGIN_TIER = text(
    """
    WITH begun AS (
        INSERT INTO hardship_period (resident_id, tier, starts_on)
        SELECT i.resident_id, i.tier, i.since FROM incoming_person i
         WHERE i.tier IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM hardship_period h
                            WHERE h.resident_id = i.resident_id
                              AND (h.ends_on IS NULL OR h.ends_on > i.since))
         ORDER BY i.row
        RETURNING resident_id
    )
    SELECT i.row FROM incoming_person i JOIN begun USING (resident_id)
     WHERE i.is_new IS NULL ORDER BY i.row
    """
)
OTHER_TIERS = text(
    """
    SELECT DISTINCT i.row FROM incoming_person i
      JOIN hardship_period h ON h.resident_id = i.resident_id
                            AND (h.ends_on IS NULL OR h.ends_on > i.since)
     WHERE i.tier IS NOT NULL AND (h.tier <> i.tier OR h.starts_on > i.since)
     ORDER BY i.row
    """
)
# Same name and birthday, and phone or village: perhaps one person twice, perhaps two.
LOOK_ALIKES = text(
    """
    SELECT w.row, min(r.id) AS resident_id
      FROM jsonb_to_recordset(CAST(:wanted AS jsonb))
        AS w(row bigint, name text, born_on date, phone text, village text, digest text)
      JOIN resident r ON r.name = w.name AND r.born_on = w.born_on
                     AND (r.phone = w.phone OR r.village_code = w.village)
     WHERE r.merged_into_id IS NULL
       AND (r.id_number_digest IS DISTINCT FROM decode(w.digest, 'hex')
            OR (w.digest IS NULL AND r.village_code <> w.village))
     GROUP BY w.row ORDER BY w.row
    """
)
GONE = text(
    """
    SELECT w.row FROM jsonb_to_recordset(CAST(:wanted AS jsonb)) AS w(row bigint, digest text)
      JOIN resident r ON r.id_number_digest = decode(w.digest, 'hex')
     WHERE r.died_on IS NOT NULL OR r.moved_away_on IS NOT NULL ORDER BY w.row
    """
)


@dataclass
class Loaded:
    """How many people were new, changed and as they were; which fields changed, by row.

    `other_tiers` are the rows whose hardship the register contradicts; it was left as it is.
    """

    new: int = 0
    changes: dict[int, list[str]] = field(default_factory=dict)
    people: int = 0
    other_tiers: list[int] = field(default_factory=list)

    @property
    def changed(self) -> int:
        """How many known people are now otherwise."""
        return len(self.changes)

    @property
    def unchanged(self) -> int:
        """How many known people were as the list says."""
        return self.people - self.new - self.changed


def load_people(session: Session, people: Sequence[Person]) -> Loaded:
    """Enter the people, and bring those who are known up to date; nobody is ever removed.

    Whoever is new and looks like somebody else is put down as a pair for somebody to look at.

    Raises `TryAgain` where somebody else enters one of them at the same time.
    """
    loaded = Loaded(people=len(people))
    connection = session.connection()
    connection.execute(PATIENCE)
    connection.execute(STAGING)
    connection.execute(HOLD_KNOWN, {"digests": _digests(people)})
    with refusing(session, {"uq_resident_id_number_digest": TryAgain()}):
        for start in range(0, len(people), SLICE):
            _load_slice(connection, people[start : start + SLICE], loaded)
    session.expire_all()
    return loaded


def find_look_alikes(session: Session, people: Sequence[Person]) -> Mapping[int, int]:
    """Return row → resident for those who look like somebody else in the register."""
    rows = session.connection().execute(LOOK_ALIKES, {"wanted": _wanted(people)}).all()
    return {row.row: row.resident_id for row in rows}


def find_gone(session: Session, people: Sequence[Person]) -> Sequence[int]:
    """Return the rows of those of whom the register says that they died or moved away."""
    return session.connection().execute(GONE, {"wanted": _wanted(people)}).scalars().all()


def _load_slice(connection: Connection, people: Sequence[Person], loaded: Loaded) -> None:
    connection.execute(EMPTY)
    _copy_in(connection, people)
    for statement in (KNOW, FIND_BY_NUMBER, FIND_WITHOUT_NUMBER, HOLD_FOUND):
        connection.execute(statement)
    changed: Sequence[Row[Any]] = connection.execute(CHANGE).all()
    loaded.changes.update({row.row: list(row.fields) for row in changed})
    loaded.new += connection.execute(ENTER).rowcount
    connection.execute(FLAG, {"at": clock.now()})
    connection.execute(END_OTHER_TIER)
    for row in connection.execute(BEGIN_TIER).scalars():
        loaded.changes.setdefault(row, []).append("hardship")
    loaded.other_tiers.extend(connection.execute(OTHER_TIERS).scalars())


def _copy_in(connection: Connection, people: Sequence[Person]) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None
    held = keyring()
    copying = f"COPY incoming_person ({COLUMNS}) FROM STDIN"
    with driver.cursor() as cursor, cursor.copy(copying) as copy:
        for person in people:
            copy.write_row(_line(person, held))


def _line(person: Person, held: Keyring) -> tuple[Any, ...]:
    number, sex = person.identity.number, person.identity.sex
    return (
        person.row.number,
        person.key,
        person.name,
        *pinyin_of(person.name),
        sex and sex.value,
        person.identity.born_on,
        number and held.encrypt(number, ID_NUMBER_FIELD),
        person.identity.digest,
        person.village_code,
        person.address,
        person.phone,
        person.tier and person.tier.value,
        person.since,
    )


def _digests(people: Sequence[Person]) -> list[bytes]:
    return [one.identity.digest for one in people if one.identity.digest is not None]


def _wanted(people: Sequence[Person]) -> str:
    return json.dumps(
        [
            {
                "row": person.row.number,
                "name": person.name,
                "born_on": person.identity.born_on,
                "phone": person.phone,
                "village": person.village_code,
                "digest": person.identity.digest.hex() if person.identity.digest else None,
            }
            for person in people
        ],
        default=str,
    )
