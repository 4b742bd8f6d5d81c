"""What the sandbox knows: orders, transactions and refunds, in a file that its workers share."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

from server import clock
from server.payments.providing import Outcome

SCHEMA = """
CREATE TABLE IF NOT EXISTS orders (
    number TEXT PRIMARY KEY, token TEXT NOT NULL UNIQUE, amount_fen INTEGER NOT NULL,
    expires_at TEXT NOT NULL, notify_url TEXT NOT NULL, return_path TEXT NOT NULL,
    outcome TEXT NOT NULL DEFAULT 'waiting', transaction_number TEXT NOT NULL DEFAULT '', at TEXT);
CREATE TABLE IF NOT EXISTS refunds (
    number TEXT PRIMARY KEY, order_number TEXT NOT NULL, amount_fen INTEGER NOT NULL,
    outcome TEXT NOT NULL, transaction_number TEXT NOT NULL, at TEXT NOT NULL);
"""
WAITS_S = 5


@dataclass(frozen=True)
class Book:
    """Orders by number, and by the token of their page."""

    path: Path

    def place(self, told: dict[str, Any]) -> str:
        """Keep an order once and return the token of its page."""
        with self._open() as book:
            book.execute(
                "INSERT INTO orders (number, token, amount_fen, expires_at, notify_url,"
                " return_path) VALUES (:number, :token, :amount_fen, :expires_at, :notify_url,"
                " :return_path) ON CONFLICT DO NOTHING",
                told | {"token": token_hex(16)},
            )
            query = "SELECT token FROM orders WHERE number = ?"
            return str(book.execute(query, (told["number"],)).fetchone()["token"])

    def find(self, *, number: str = "", token: str = "") -> sqlite3.Row | None:
        """Return an order by its number or by the token of its page."""
        with self._open() as book:
            found: sqlite3.Row | None = book.execute(
                "SELECT * FROM orders WHERE number = ? OR token = ?", (number, token)
            ).fetchone()
            return found

    def end(self, number: str, outcome: Outcome) -> None:
        """Let an order that waits be paid, refused or closed; whatever it is already, it stays."""
        paid = outcome is Outcome.PAID
        with self._open() as book:
            book.execute(
                "UPDATE orders SET outcome = ?, transaction_number = ?, at = ?"
                " WHERE number = ? AND outcome = 'waiting'",
                (outcome.value, _transaction() if paid else "", _now() if paid else None, number),
            )

    def refund(self, told: dict[str, Any]) -> sqlite3.Row:
        """Give back what is left of an order, once for each number; refuse whatever is more."""
        with self._open() as book:
            left = book.execute(
                "SELECT amount_fen - (SELECT coalesce(sum(amount_fen), 0) FROM refunds"
                " WHERE order_number = orders.number AND outcome = 'paid') AS fen"
                " FROM orders WHERE number = :order_number AND outcome = 'paid'",
                told,
            ).fetchone()
            fits = left is not None and told["amount_fen"] <= left["fen"]
            outcome = Outcome.PAID if fits else Outcome.REFUSED
            book.execute(
                "INSERT INTO refunds VALUES (:number, :order_number, :amount_fen, :outcome,"
                " :transaction, :at) ON CONFLICT DO NOTHING",
                told | {"outcome": outcome.value, "transaction": _transaction(), "at": _now()},
            )
            query = "SELECT * FROM refunds WHERE number = ?"
            row: sqlite3.Row = book.execute(query, (told["number"],)).fetchone()
            return row

    def statement(self, day: date) -> list[dict[str, Any]]:
        """Return what was paid and given back on a day of the city."""
        begins = datetime.combine(day, datetime.min.time(), clock.CITY)
        span = (begins.isoformat(), (begins + timedelta(days=1)).isoformat())
        with self._open() as book:
            rows = book.execute(
                "SELECT number, amount_fen, transaction_number FROM orders"
                " WHERE outcome = 'paid' AND at >= ? AND at < ?"
                " UNION ALL SELECT number, -amount_fen, transaction_number FROM refunds"
                " WHERE outcome = 'paid' AND at >= ? AND at < ? ORDER BY 1",
                span + span,
            ).fetchall()
            return [dict(row) for row in rows]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self.path, timeout=WAITS_S)) as book:
            book.row_factory = sqlite3.Row
            book.executescript(SCHEMA)
            book.execute("BEGIN IMMEDIATE")
            yield book
            book.execute("COMMIT")


def _transaction() -> str:
    return f"S{token_hex(13).upper()}"


def _now() -> str:
    """By the city's clock, so that text sorts as instants do."""
    return clock.now().astimezone(clock.CITY).isoformat()
