"""Numbers that go to the bank, and what its answers mean; plain values."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from server.subsidies.payments.models import PaymentState

SHAPE = re.compile(r"YL([0-9]{10,15})([0-9]{2})")
NINETY_SEVEN = 97


class Told(StrEnum):
    """What a row of a bank's return says, or why it says nothing."""

    PAID = "paid"
    FAILED = "failed"
    CAME_BACK = "came_back"  # 退汇: paid first, and then given back
    REPEATED = "repeated"  # said before, the same
    UNREADABLE = "unreadable"
    UNKNOWN = "unknown"
    TWICE = "twice"
    OTHER_AMOUNT = "other_amount"
    CONTRADICTS = "contradicts"


FAULTS = {Told.UNREADABLE, Told.UNKNOWN, Told.TWICE, Told.OTHER_AMOUNT, Told.CONTRADICTS}


@dataclass(frozen=True)
class ReturnRow:
    """A row as the bank wrote it; `is_paid` is None where its words mean nothing to us."""

    row_no: int
    number: str
    amount_fen: int | None
    is_paid: bool | None
    code: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Known:
    """A payment as it stands."""

    payment_id: int
    amount_fen: int
    state: PaymentState


@dataclass(frozen=True)
class Verdict:
    """What a row comes to."""

    row: ReturnRow
    told: Told
    payment_id: int | None = None
    expected_fen: int | None = None


def number_of(payment_id: int) -> str:
    """Return the number under which a payment goes to the bank, with two check digits."""
    return f"YL{payment_id:010d}{_check(payment_id):02d}"


def id_of(number: str) -> int | None:
    """Return the payment of a number, None for one that was never given."""
    found = SHAPE.fullmatch(number.strip().upper())
    if found is None or int(found[2]) != _check(int(found[1])):
        return None
    return int(found[1])


def judge(rows: Sequence[ReturnRow], known: Mapping[int, Known]) -> list[Verdict]:
    """Return what each row comes to; a payment named twice, however written, is at fault twice."""
    named = Counter(_named(row) for row in rows if row.number)
    return [
        Verdict(row, Told.TWICE) if named[_named(row)] > 1 else _judge(row, known) for row in rows
    ]


def _named(row: ReturnRow) -> int | str:
    return id_of(row.number) or row.number.strip().upper()


def _judge(row: ReturnRow, known: Mapping[int, Known]) -> Verdict:
    if not row.number or row.amount_fen is None or row.is_paid is None:
        return Verdict(row, Told.UNREADABLE)
    payment = known.get(id_of(row.number) or 0)
    if payment is None:
        return Verdict(row, Told.UNKNOWN)
    if payment.amount_fen != row.amount_fen:
        return Verdict(row, Told.OTHER_AMOUNT, payment.payment_id, payment.amount_fen)
    return Verdict(row, _meant(row.is_paid, payment.state), payment.payment_id)


def _meant(is_paid: bool, state: PaymentState) -> Told:
    match state, is_paid:
        case PaymentState.OPEN, _:
            return Told.PAID if is_paid else Told.FAILED
        case PaymentState.PAID, False:
            return Told.CAME_BACK
        case (PaymentState.PAID, True) | (PaymentState.FAILED, False):
            return Told.REPEATED
    return Told.CONTRADICTS


def _check(payment_id: int) -> int:
    return (NINETY_SEVEN - payment_id * 100 % NINETY_SEVEN) % NINETY_SEVEN
