"""The floor: the very statements of a booking, sent by pgbench without any application.

The script is written from what the application was heard to send, so that the two cannot drift.
Values that belong to one booking become variables of pgbench; all others stay as they were.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from psycopg import Binary
from psycopg.types.json import Json, Jsonb

from infra.bench import city
from infra.bench.pgbench import CLIENTS
from infra.bench.recording import Statement

PLACEHOLDER = re.compile(r"%\((?P<name>\w+)\)s")
A_TIMESTAMP = "timestamp with time zone"


@dataclass(frozen=True)
class OneBooking:
    """The values by which one recorded booking is told from any other."""

    ordinal: int
    sitting_id: int
    code: str
    key: str
    request_id: str

    def as_expressions(self) -> Mapping[Any, str]:
        """Say for each of its values how pgbench makes the like for another resident."""
        return {
            city.FIRST_RESIDENT + self.ordinal: f"({city.FIRST_RESIDENT} + :who)",
            f"account:{city.FIRST_ACCOUNT + self.ordinal}": (
                f"('account:' || ({city.FIRST_ACCOUNT} + :who)::text)"
            ),
            city.digest_of(self.ordinal): city.token_digest_sql(":who"),
            self.sitting_id: "(:sitting)",
            self.code: "lpad((:code)::text, 6, '0')",
            self.key: "md5('key of ' || (:run)::text || (:who)::text)",
            self.request_id: "md5('request of ' || (:run)::text || (:who)::text)",
        }


def script_of(statements: Sequence[Statement], booking: OneBooking) -> str:
    """Return a pgbench script that books like the recorded booking, for `who` after `who`."""
    expressions = booking.as_expressions()
    lines = [
        rf"\set who :client_id + {CLIENTS} * :turn",
        r"\set turn :turn + 1",
        r"\set sitting :first_sitting + :who % :sittings",
        r"\set code (:who * 7919 + 104729) % 1000000",
        "BEGIN;",
        *(_line(statement, expressions) for statement in statements),
        "COMMIT;",
    ]
    return "\n".join(lines) + "\n"


def parameters_of(run: city.Run) -> dict[str, int]:
    """Return the variables that a pgbench run begins with."""
    return {
        "run": run.number,
        "turn": 0,
        "first_sitting": run.first_sitting,
        "sittings": run.sittings,
    }


def literal(value: Any) -> str:
    """Return a value as SQL in which pgbench finds no variable: a colon would begin one."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, bytes):
        return f"'\\x{value.hex()}'::bytea"
    if isinstance(value, datetime | date):
        kind = A_TIMESTAMP if isinstance(value, datetime) else "date"
        return f"{_quoted(value.isoformat())}::{kind}"
    if isinstance(value, list | tuple):
        return f"ARRAY[{', '.join(literal(item) for item in value)}]"
    if isinstance(value, Json | Jsonb):
        return f"{_quoted(orjson.dumps(value.obj).decode())}::jsonb"
    return _quoted(str(value))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "''").replace(":", "\\072")
    return f"E'{escaped}'"


def _line(statement: Statement, expressions: Mapping[Any, str]) -> str:
    """One statement on one line."""

    def put(found: re.Match[str]) -> str:
        value = statement.values[found["name"]]
        value = value.obj if isinstance(value, Binary) else value
        if isinstance(value, int | str | bytes) and not isinstance(value, bool):
            return expressions.get(value, literal(value))
        return literal(value)

    sql = PLACEHOLDER.sub(put, statement.sql).replace("%%", "%")
    return " ".join(sql.split()) + ";"
