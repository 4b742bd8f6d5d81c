"""Rows of a made-up month by table, and how they are copied past the triggers."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

import psycopg
from psycopg import sql

FIRST = 1_000_000
COLUMNS = {
    "site": "id, kind, name, division_code, address, opening_state, features",
    "staff": "id, sign_in_name, display_name, language",
    "resident": "id, name, pinyin, initials, sex, born_on, village_code, address",
    "home_bed": "id, resident_id, site_id, state, since, requested_by, applied_at, wishes, x, y,"
    " end_note",
    "care_device": "id, serial, kind, home_bed_id, invoice_number, invoice_line, price_fen,"
    " installed_on",
    "device_day": "device_id, day, beats, first_at, last_at",
    "bed": "id, site_id, room_id, kind, label, is_nursing, nursing_evidence, opened_on,"
    " recorded_at",
    "room": "id, site_id, floor, name",
    "stay": "id, resident_id, site_id, kind, status, planned_on, hold_until, admitted_on, note",
    "bed_occupancy": "id, bed_id, site_id, kind, state, stay_id, resident_id, starts_on, ends_on,"
    " reason, recorded_at, end_recorded_at",
    "departure": "id, resident_id, kind, happened_on, source, reported_at, effects",
    "act": "id, at, face, action, request_id, staff_id",
    "file": "id, kind, purpose, site_id, media_type, byte_count, sha256, perceptual_hash,"
    " uploaded_at, uploaded_by_act_id",
    "care_visit": "id, home_bed_id, resident_id, site_id, worker_id, service_on, starts_at,"
    " minutes, services, state, cancel_reason",
    "visit_proof": "id, visit_id, resident_id, site_id, worker_id, arrival_key, leaving_key,"
    " arrived_at, arrived_recorded_at, arrived_x, arrived_y, arrived_accuracy_m, left_at,"
    " left_recorded_at, left_x, left_y, left_accuracy_m, tasks_done, photo_file_id",
    "canteen": "site_id, operating_model, discount_percent, charity_fen, menu_version, seats",
    "site_paper": "id, site_id, kind, number, issuer, starts_on, ends_on",
    "sitting": "id, canteen_id, service_on, meal, capacity, booked, serves_from, serves_until,"
    " cutoff_at, list_price_fen, published_at",
    "booking": "id, sitting_id, canteen_id, resident_id, service_on, meal, status, booked_by,"
    " list_price_fen, operator_discount_fen, subsidy_fen, charity_fen, own_pay_fen,"
    " subsidised_no, reasons, code, booked_at, collected_at",
    "meal_collection": "id, client_key, booking_id, how, device_at, received_at, is_offline,"
    " staff_id",
    "trail_entry": "id, act_id, transaction_number, table_name, row_key, body",
}
WITHOUT_A_NUMBER = {"device_day", "canteen"}


class Rows:
    """Rows by table, each numbered as it comes."""

    def __init__(self) -> None:
        self._rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in COLUMNS}
        self._numbers = dict.fromkeys(COLUMNS, FIRST)

    def next(self, table: str) -> int:
        """Return a number of the table that nobody has."""
        self._numbers[table] += 1
        return self._numbers[table] - 1

    def put(self, table: str, *values: Any) -> int:
        """Add a row and return its number."""
        number = self.next(table)
        self.add(table, number, *values)
        return number

    def add(self, table: str, *values: Any) -> None:
        """Add a row as it is."""
        self._rows[table].append(values)

    def count(self, table: str) -> int:
        """Return how many rows the table has by now."""
        return len(self._rows[table])

    def of(self, table: str) -> Sequence[tuple[Any, ...]]:
        """Return the rows of the table."""
        return self._rows[table]

    def drop(self, table: str, where: Any) -> None:
        """Take rows away again for which `where` is true."""
        self._rows[table] = [row for row in self._rows[table] if not where(row)]

    def copy_in(self, connection: psycopg.Connection) -> None:
        """Write the rows past the triggers, since what is made up has no acts of its own.

        What the tables check of a row, and what may not meet, holds all the same.
        """
        connection.execute("SET session_replication_role = replica")
        for table, columns in COLUMNS.items():
            _copy(connection, table, columns, self._rows[table])
            if table not in WITHOUT_A_NUMBER:
                renumber = sql.SQL("ALTER TABLE {} ALTER COLUMN id RESTART WITH {}")
                past = sql.Literal(self._numbers[table])
                connection.execute(renumber.format(sql.Identifier(table), past))
        connection.execute("RESET session_replication_role")
        connection.execute("ANALYZE")


def written(visit_id: int) -> str:
    """What the trail says of a visit that was planned."""
    return json.dumps({"op": "INSERT", "table": "care_visit", "new": {"id": visit_id}})


def _copy(
    connection: psycopg.Connection, table: str, columns: str, rows: Iterable[tuple[Any, ...]]
) -> None:
    names = sql.SQL(", ").join(sql.Identifier(name.strip()) for name in columns.split(","))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
    with connection.cursor().copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
