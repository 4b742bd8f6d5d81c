"""The statement of a settled month: what is printed of it, held by one digest."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Row
from sqlmodel import Session

from server.meals.settlement import queries
from server.meals.settlement.models import AdjustmentState

HEAD = (
    "id", "site_id", "month", "meals", "person_days", "list_fen", "discount_fen", "subsidy_fen",
    "charity_fen", "own_pay_fen", "rate_fen", "operation_fen", "adjustment_fen", "owed_fen",
)  # fmt: skip


@dataclass(frozen=True)
class Statement:
    """A settled month with its lines and the adjustments that were accepted in it.

    Nothing of it changes once it is drawn up, whatever stage it goes to: its `digest` stays.
    """

    settlement: Row[Any]
    lines: Sequence[Row[Any]]
    adjustments: Sequence[Row[Any]]

    @property
    def digest(self) -> str:
        """SHA-256 over the head, the digest of all meals, the lines and the adjustments."""
        told = [
            [self.settlement._mapping[name] for name in HEAD],
            bytes(self.settlement.digest).hex(),
            [list(line) for line in self.lines],
            [[one.id, one.amount_fen, one.reason] for one in self.adjustments],
        ]
        return hashlib.sha256(orjson.dumps(told)).hexdigest()

    def is_told_by(self, digest: str) -> bool:
        """True where a paper with this digest says what the platform says."""
        return hmac.compare_digest(self.digest.encode(), digest.strip().lower().encode())


def get_statement(session: Session, settlement_id: int, within: ColumnElement[bool]) -> Statement:
    """Return the statement of a settled month in reach; raises `NotFound`."""
    settlement = queries.get_settlement(session, settlement_id, within)
    asked = queries.list_adjustments(
        session, within, site_id=settlement.site_id, month=settlement.month
    )
    accepted = [one for one in asked if one.state is AdjustmentState.ACCEPTED]
    lines = queries.list_lines(session, settlement_id)
    return Statement(settlement, lines, sorted(accepted, key=lambda one: one.id))
