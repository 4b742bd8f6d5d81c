"""What one case comes to, in plain Python: the meaning of a programme, and the oracle of its SQL.

Nothing is rounded before the end. The same case gives the same outcome on any day and machine.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from math import floor
from typing import Any

from server.policies.programmes.schema import AmountRow, Cap, Counts, Programme, Rounding
from server.policies.programmes.terms import Based, Between, Cell, Counting, Stack

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """An amount in fen with how it came about, or nothing with every reason.

    `rows` and `factors` name the row of each table by its number in the file; `base_fen` is what
    the tables gave; `count` is a fraction in lowest terms; `capped` names the caps that cut.
    `reasons` are places of the file: `conditions.in_post`, `amounts.by_level`, `factors.star`,
    `excludes.voucher`.
    """

    amount_fen: int
    base_fen: int = 0
    count: tuple[int, int] = (1, 1)
    rows: Mapping[str, int] = field(default_factory=dict)
    factors: Mapping[str, int] = field(default_factory=dict)
    capped: Sequence[str] = ()
    reasons: Sequence[str] = ()


def reckon(
    programme: Programme,
    facts: Facts,
    *,
    on: date,
    paid: Mapping[str, int] | None = None,
    also_paid: Sequence[str] = (),
) -> Outcome:
    """Return what a case comes to on its civil day, by the figures in force then.

    `paid` is what the beneficiary had of this family before, in fen, by `year` and `ever`;
    `also_paid` are the other families paid to them for the month.
    """
    rows, of_rows = _amounts(programme, facts, on)
    factors, of_factors = _factors(programme, facts, on)
    unmet = [f"conditions.{name}" for name in _unmet(programme, facts, on)]
    excluded = [
        f"excludes.{one.family}"
        for one in programme.excludes
        if one.holds_on(on) and one.family in also_paid
    ]
    reasons = [*unmet, *of_rows, *of_factors, *excluded]
    if reasons:
        return Outcome(0, reasons=reasons)
    base = _base(programme, rows, facts)
    count = _count(programme.counts, facts, on)
    raw = base * count
    for percent in _percents(programme, factors):
        raw = raw * percent / 100
    capped, cut = _cap(programme, raw, facts, on, paid or {})
    amount = _rounded(cut, programme.rounding, on)
    return Outcome(amount, floor(base), count.as_integer_ratio(), rows, factors, capped)


def fits(cell: Cell, value: Any) -> bool:
    """True where a fact is as a cell says; an unknown fact fits nothing."""
    if value is None:
        return False
    if not isinstance(cell, Between):
        said = value.isoformat() if isinstance(value, date) else value  # Files say days as words.
        cells = cell if isinstance(cell, list) else [cell]
        return value in cells or said in cells
    return (
        (cell.at_least is None or value >= cell.at_least)
        and (cell.at_most is None or value <= cell.at_most)
        and (cell.above is None or value > cell.above)
        and (cell.below is None or value < cell.below)
    )


def _unmet(programme: Programme, facts: Facts, on: date) -> Iterator[str]:
    for one in programme.conditions:
        if one.holds_on(on) and not fits(one.is_, facts.get(one.fact)):
            yield one.id


def _first_fitting(rows: Sequence[Based], facts: Facts, on: date) -> int | None:
    for number, row in enumerate(rows):
        when: Mapping[str, Cell] = row.when  # type: ignore[attr-defined]
        if row.holds_on(on) and all(fits(cell, facts.get(fact)) for fact, cell in when.items()):
            return number
    return None


def _amounts(programme: Programme, facts: Facts, on: date) -> tuple[dict[str, int], list[str]]:
    found: dict[str, int] = {}
    missing: list[str] = []
    for table in programme.amounts.tables if programme.amounts else []:
        number = _first_fitting(table.rows, facts, on)
        if number is not None:
            found[table.id] = number
        elif table.must_fit:
            missing.append(f"amounts.{table.id}")
    return found, missing


def _factors(programme: Programme, facts: Facts, on: date) -> tuple[dict[str, int], list[str]]:
    found: dict[str, int] = {}
    missing: list[str] = []
    for table in programme.factors:
        number = _first_fitting(table.rows, facts, on)
        if number is None:
            missing.append(f"factors.{table.id}")
        else:
            found[table.id] = number
    return found, missing


def _base(programme: Programme, rows: Mapping[str, int], facts: Facts) -> Fraction:
    assert programme.amounts is not None, "a programme that is reckoned has amounts"
    tables = {table.id: table.rows for table in programme.amounts.tables}
    given = [_amount(tables[name][number], facts) for name, number in rows.items()]
    if programme.amounts.stack is Stack.HIGHEST:
        return max(given, default=Fraction(0))
    return sum(given, Fraction(0))


def _amount(row: AmountRow, facts: Facts) -> Fraction:
    if row.fen is not None:
        return Fraction(row.fen)
    return Fraction((facts.get(row.of or "") or 0) * (row.percent or 0), 100)


def _count(counts: Counts | None, facts: Facts, on: date) -> Fraction:
    if counts is None or not counts.holds_on(on):
        return Fraction(1)
    value = facts.get(counts.fact) or 0
    if counts.by is Counting.EACH:
        return Fraction(value)
    if counts.by is Counting.FROM_DAYS:
        return Fraction(int(value >= (counts.days or 0)))
    days = facts.get("days_of_month") or 30
    if counts.by is Counting.FULL_MONTH:
        return Fraction(int(value >= days))
    return Fraction(value, days)


def _percents(programme: Programme, factors: Mapping[str, int]) -> Iterator[int]:
    for table in programme.factors:
        yield table.rows[factors[table.id]].percent


def _cap(
    programme: Programme, raw: Fraction, facts: Facts, on: date, paid: Mapping[str, int]
) -> tuple[list[str], Fraction]:
    capped: list[str] = []
    for cap in programme.caps:
        if not cap.holds_on(on) or not all(fits(c, facts.get(f)) for f, c in cap.when.items()):
            continue
        most = _most(cap, facts, paid)
        if raw > most:
            raw = Fraction(most)
            capped.append(cap.id)
    return capped, raw


def _most(cap: Cap, facts: Facts, paid: Mapping[str, int]) -> int:
    most: int = cap.fen if cap.fen is not None else facts.get(cap.fact or "") or 0
    return max(0, most - (0 if cap.per == "line" else paid.get(cap.per, 0)))


def _rounded(amount: Fraction, rounding: Rounding | None, on: date) -> int:
    """Half up to the fen where nothing else is said."""
    if rounding is None or not rounding.holds_on(on):
        return floor(amount + Fraction(1, 2))
    unit = rounding.unit_fen()
    half = Fraction(1, 2) if rounding.how == "half_up" else Fraction(0)
    return floor(amount / unit + half) * unit
