"""What made the balances of a stay: one line for each posting, in the terms of the balances."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import Row

from server.ledger.models import AccountKind, PostingKind

# What a home holds for somebody stands below nought in the accounts; people read it as a sum held.
HELD = {AccountKind.PREPAID, AccountKind.DEPOSIT}


@dataclass(frozen=True)
class Movement:
    """A posting in fen: what came in (below nought: went back), and how each balance moved.

    `receipt` is the number of the receipt, empty where nothing was received; `month` is of which
    month a bill is.
    """

    number: int
    day: date
    kind: PostingKind
    receipt: str
    month: str
    is_correction: bool
    cash_fen: int
    owed_fen: int
    prepaid_fen: int
    deposit_fen: int


def movements_of(entries: Sequence[Row[Any]]) -> list[Movement]:
    """Return a movement for each posting of `ledger.queries.list_entries`, the newest first."""
    groups = groupby(entries, lambda entry: entry.posting_id)
    return [_movement(list(of_one)) for _number, of_one in groups][::-1]


def _movement(entries: Sequence[Row[Any]]) -> Movement:
    first = entries[0]
    moved = dict.fromkeys(AccountKind, 0)
    for entry in entries:
        sign = -1 if entry.account_kind in HELD else 1
        moved[entry.account_kind] += sign * entry.amount_fen
    return Movement(
        number=first.posting_id,
        day=first.posted_on,
        kind=first.posting_kind,
        receipt=_receipt(first),
        month=_month(first),
        is_correction=is_correction(first),
        cash_fen=moved[AccountKind.CASH],
        owed_fen=moved[AccountKind.RECEIVABLE],
        prepaid_fen=moved[AccountKind.PREPAID],
        deposit_fen=moved[AccountKind.DEPOSIT],
    )


def is_correction(entry: Row[Any]) -> bool:
    """True for a correction of a bill: `bill:stay:month:number`."""
    return entry.posting_kind is PostingKind.BILL and entry.reference.count(":") > 2


def _month(entry: Row[Any]) -> str:
    """A bill is posted under `bill:stay:month`."""
    month: str = entry.reference.split(":")[2] if entry.posting_kind is PostingKind.BILL else ""
    return month


def _receipt(entry: Row[Any]) -> str:
    """What is received is posted under `kind:stay:receipt`."""
    if entry.posting_kind not in (PostingKind.PAYMENT, PostingKind.DEPOSIT):
        return ""
    receipt: str = entry.reference.split(":", 2)[2]
    return receipt
