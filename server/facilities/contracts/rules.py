"""What a month of a stay costs, to the fen, and what is given back in the end."""

from calendar import monthrange
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from server.facilities.contracts.errors import (
    ContractDaysImpossible,
    ContractMissing,
    DepositTooHigh,
    NothingToBill,
    PrepaymentTooHigh,
)
from server.facilities.contracts.models import Contract, FeeItem, Record
from server.ledger.models import AccountKind

A_DAY = timedelta(days=1)
ALWAYS = (date.min, date.max)
AWAY_PERCENT = "stays.away_percent"
PREPAYMENT_MONTHS = "stays.prepayment_months"
DEPOSIT_BED_FEES = "stays.deposit_bed_fees"
FIGURES = (AWAY_PERCENT, PREPAYMENT_MONTHS, DEPOSIT_BED_FEES)


@dataclass(frozen=True)
class Nights:
    """Nights under one contract's fees: slept here, and away with the bed kept."""

    monthly_fen: Mapping[FeeItem, int]
    here: int
    away: int


@dataclass(frozen=True)
class Line:
    """An item of a bill."""

    item: FeeItem
    monthly_fen: int
    here: int
    away: int
    amount_fen: int

    def as_kept(self) -> dict[str, Any]:
        """Return the line as it stands in a bill."""
        return asdict(self) | {"item": self.item.value}


def first_of(day: date) -> date:
    """Return the first day of the day's month."""
    return day.replace(day=1)


def month_after(month: date) -> date:
    """Return the first day of the next month."""
    return first_of(month + timedelta(days=31))


def months_between(since: date, until: date) -> Iterator[date]:
    """Yield the first days of the months that have a night from `since` to before `until`."""
    month = first_of(since)
    while month < until:
        yield month
        month = month_after(month)


def count_nights(
    records: Sequence[Record], month: date, contract: tuple[date, date]
) -> Counter[bool]:
    """Return how many nights of the month, covered by the contract, are away (True) and here."""
    nights: Counter[bool] = Counter()
    since, until = max(month, contract[0]), min(month_after(month), contract[1])
    for starts_on, ends_on, is_away in records:
        nights[is_away] += max((min(ends_on or until, until) - max(starts_on, since)).days, 0)
    return nights


def bill_lines(
    contracts: Sequence[Contract],
    records: Sequence[Record],
    month: date,
    *,
    away_percent: Mapping[str, int],
) -> list[Line]:
    """Return the lines of a month's bill; raises `NothingToBill`, `ContractMissing`."""
    parts = [_nights_under(contract, records, month) for contract in contracts]
    if not count_nights(records, month, ALWAYS).total():
        raise NothingToBill()
    day = first_uncovered(contracts, records, month)
    if day is not None:
        raise ContractMissing(day=day.isoformat())
    return lines_of(parts, month, away_percent=away_percent)


def first_uncovered(
    contracts: Sequence[Contract], records: Sequence[Record], month: date
) -> date | None:
    """Return the first night of the month that no contract covers, None where all are covered."""
    covered = [(one.starts_on, one.ends_on) for one in contracts]
    nights = sorted(night for record in records for night in _nights_of(record, month))
    uncovered = (one for one in nights if not any(a <= one < b for a, b in covered))
    return next(uncovered, None)


def is_before_contracts(contracts: Sequence[Contract], month: date) -> bool:
    """True for a month before the first contract: it is none of the platform's."""
    return bool(contracts) and month_after(month) <= contracts[0].starts_on


def _nights_of(record: Record, month: date) -> Iterator[date]:
    night, until = max(record[0], month), min(record[1] or date.max, month_after(month))
    while night < until:
        yield night
        night += A_DAY


def _nights_under(contract: Contract, records: Sequence[Record], month: date) -> Nights:
    nights = count_nights(records, month, (contract.starts_on, contract.ends_on))
    fees = {item: contract.monthly_fen(item) for item in FeeItem}
    return Nights(fees, here=nights[False], away=nights[True])


def amounts_of_bill(total_fen: int, *, prepaid_fen: int) -> Mapping[AccountKind, int]:
    """Return what a bill moves: what was paid in advance is used first, the rest is owed."""
    used = min(prepaid_fen, total_fen)
    return {
        AccountKind.INCOME: -total_fen,
        AccountKind.PREPAID: used,
        AccountKind.RECEIVABLE: total_fen - used,
    }


def amounts_of_correction(
    difference_fen: int, *, prepaid_fen: int, owed_fen: int
) -> Mapping[AccountKind, int]:
    """Return what a correction moves: more is billed as a bill is; less is owed less, and what was
    paid already is money in advance again. Nothing below nought is ever owed."""
    if difference_fen >= 0:
        return amounts_of_bill(difference_fen, prepaid_fen=prepaid_fen)
    forgiven = min(owed_fen, -difference_fen)
    return {
        AccountKind.INCOME: -difference_fen,
        AccountKind.RECEIVABLE: -forgiven,
        AccountKind.PREPAID: difference_fen + forgiven,
    }


def lines_of(
    parts: Sequence[Nights], month: date, *, away_percent: Mapping[str, int]
) -> list[Line]:
    """Return the bill's lines, item by item and contract by contract.

    A whole month costs the monthly fee, to the fen: fractions are carried from one contract of
    the month to the next.
    """
    days = monthrange(month.year, month.month)[1]
    return [line for item in FeeItem for line in _lines_of(item, parts, days, away_percent)]


def _lines_of(
    item: FeeItem, parts: Sequence[Nights], days: int, away_percent: Mapping[str, int]
) -> Iterator[Line]:
    exact, billed = 0, 0
    for part in parts:
        monthly = part.monthly_fen[item]
        exact += monthly * (100 * part.here + away_percent[item.value] * part.away)
        due = (2 * exact + 100 * days) // (2 * 100 * days)
        if monthly and (part.here or part.away):
            yield Line(item, monthly, part.here, part.away, due - billed)
        billed = due


def check_contract_days(starts_on: date, ends_on: date, *, planned_on: date) -> None:
    """Raise `ContractDaysImpossible` unless the contract covers a night of the stay."""
    if not planned_on <= starts_on < ends_on < date(2170, 1, 1):
        raise ContractDaysImpossible()


def check_deposit(deposit_fen: int, *, bed_fen: int, bed_fees: int) -> None:
    """Raise `DepositTooHigh` for a deposit above so many times the monthly bed fee."""
    if deposit_fen > bed_fen * bed_fees:
        raise DepositTooHigh(most_fen=bed_fen * bed_fees)


def check_prepayment(amount_fen: int, *, held_fen: int, month_fen: int, months: int) -> None:
    """Raise `PrepaymentTooHigh` where more than so many months would be held in advance."""
    most = max(month_fen * months - held_fen, 0)
    if amount_fen > most:
        raise PrepaymentTooHigh(most_fen=most)


@dataclass(frozen=True)
class Settlement:
    """What is held and owed after the last bill, and what follows: `refund_fen` is given back,
    `still_owed_fen` is still to be paid; one of them is nought."""

    prepaid_fen: int
    deposit_fen: int
    owed_fen: int

    @property
    def refund_fen(self) -> int:
        return max(self.prepaid_fen + self.deposit_fen - self.owed_fen, 0)

    @property
    def still_owed_fen(self) -> int:
        return max(self.owed_fen - self.prepaid_fen - self.deposit_fen, 0)
