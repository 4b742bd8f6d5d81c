"""A city's year of everything that is paid for, written in sets, and sealed load by load."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from infra.bench.cities import say, seconds
from server.caregivers.models import PAYEE_FIELD
from server.secrets.fields import keyring
from server.subsidies.payments.models import SITE_ACCOUNT_FIELD

STATEMENTS = Path(__file__).with_suffix(".sql")
YEAR = 2026
FIRST = 1_000_000
IN_A_HOME, IN_THE_SMALL_HOME = 120, 4
DINERS_A_CANTEEN = 100
ACCOUNTS = """
    CREATE TEMPORARY TABLE year_account (
        kind text, number integer, cipher bytea, digest bytea, last_four text)
"""
COPY_ACCOUNTS = "COPY year_account FROM STDIN"
ACT = """
    INSERT INTO act (at, face, action, request_id)
    VALUES ('2026-01-01 00:00Z', 'command', 'bench.load', %s) RETURNING id
"""
NOTE = """
    INSERT INTO trail_entry (act_id, transaction_number, table_name, row_key, body)
    VALUES (%s, pg_current_xact_id(), %s, 'load',
            jsonb_build_object('op', 'LOAD', 'table', %s::text, 'rows', %s::bigint,
                               'statement', %s::text)::text)
"""
WITH_NUMBERS = """
    SELECT c.table_name FROM information_schema.columns c
      JOIN information_schema.tables t USING (table_schema, table_name)
     WHERE c.table_schema = current_schema() AND c.column_name = 'id' AND c.is_identity = 'YES'
       AND t.table_type = 'BASE TABLE'
"""


@dataclass(frozen=True)
class YearSize:
    """How many there are of everybody, by the elders and those who eat of a day."""

    elders: int
    diners: int

    @property
    def homes(self) -> int:
        """Homes of 120 beds; one more is small."""
        return max(3, self.elders // 4_000)

    @property
    def canteens(self) -> int:
        return max(1, self.diners // DINERS_A_CANTEEN)

    def numbers(self, city: str) -> Mapping[str, int | str]:
        """Say how many, and with which elder each kind begins: the kinds stand side by side."""
        home_beds, vouchers = self.elders // 100, self.elders // 50
        in_homes = self.homes * IN_A_HOME
        first_voucher = in_homes + home_beds - min(10, home_beds)
        first_renovation = first_voucher + vouchers
        renovations = max(12, self.elders // 500)
        caregivers = self.homes * 24
        found: dict[str, int | str] = {
            "elders": self.elders, "homes": self.homes, "canteens": self.canteens,
            "providers": max(2, -(-home_beds // 50)), "home_beds": home_beds,
            "first_home_bed": in_homes, "vouchers": vouchers, "first_voucher": first_voucher,
            "renovations": renovations, "first_renovation": first_renovation,
            "first_diner": first_renovation + renovations, "caregivers": caregivers,
            "trained": max(2, caregivers // 100), "city": city,
        }  # fmt: skip
        return found

    @property
    def late_dead(self) -> int:
        """Whoever died and is told late: the last of the small home."""
        return FIRST + self.elders - 1

    @property
    def small_home(self) -> int:
        return FIRST + self.homes


def write_year(connection: psycopg.Connection, size: YearSize, *, city: str) -> int:
    """Write the year past the triggers, one sealed note for each load; returns how many rows.

    What is made up has no acts of its own. What the tables check of a row holds all the same.
    """
    numbers, rows = size.numbers(city), 0
    connection.execute("SET session_replication_role = replica")
    connection.execute("SET synchronous_commit = off")
    connection.execute("SET timezone = 'Asia/Shanghai'")
    _put_accounts(connection, numbers)
    for statement in _statements():
        rows += _load(connection, statement, numbers)
    _renumber(connection)
    connection.execute("RESET session_replication_role")
    connection.execute("VACUUM ANALYZE")
    return rows


def _statements() -> Iterator[str]:
    for one in STATEMENTS.read_text(encoding="utf-8").split(";\n"):
        lines = [line for line in one.splitlines() if not line.startswith("--")]
        if any(line.strip() for line in lines):
            yield "\n".join(lines).strip()


def _load(connection: psycopg.Connection, statement: str, numbers: Mapping[str, int | str]) -> int:
    table = statement.split()[2]
    with connection.transaction():
        written = psycopg.ClientCursor(connection)
        took = seconds(lambda: written.execute(statement.encode(), numbers))
        digest = hashlib.sha256(statement.encode()).hexdigest()
        act = connection.execute(ACT, (f"load-{table}-{digest[:8]}",)).fetchone()
        assert act is not None, "an insert returns its row"
        connection.execute(NOTE, (act[0], table, table, written.rowcount, digest))
    if took > 1:
        connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(table)))
        say(f"  {table}: {written.rowcount:,} rows in {took:.1f} s")
    return written.rowcount


def _put_accounts(connection: psycopg.Connection, numbers: Mapping[str, int | str]) -> None:
    """Accounts are sealed as ever: the bank's file opens them."""
    homes, providers, canteens = (int(numbers[one]) for one in ("homes", "providers", "canteens"))
    connection.execute(ACCOUNTS)
    with connection.cursor().copy(COPY_ACCOUNTS) as copy:
        for number in range(int(numbers["caregivers"])):
            copy.write_row(_account("caregiver", number, PAYEE_FIELD))
        for number in range(homes + 1 + providers + canteens):
            copy.write_row(_account("site", number, SITE_ACCOUNT_FIELD))


def _account(kind: str, number: int, field: str) -> tuple[str, int, bytes, bytes, str]:
    plain = f"{62 if kind == 'site' else 63}{number:017d}"
    held = keyring()
    return kind, number, held.encrypt(plain, field), held.digest(plain, field), plain[-4:]


def _renumber(connection: psycopg.Connection) -> None:
    """What comes after the loads is numbered after them."""
    for (table,) in connection.execute(WITH_NUMBERS).fetchall():
        named = sql.Identifier(table)
        last = connection.execute(sql.SQL("SELECT max(id) FROM {}").format(named)).fetchone()
        if last and last[0]:
            after = sql.SQL("ALTER TABLE {} ALTER COLUMN id RESTART WITH {}")
            connection.execute(after.format(named, sql.Literal(last[0] + 1)))
