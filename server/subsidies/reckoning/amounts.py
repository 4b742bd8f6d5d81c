"""What a case comes to, as expressions: the base of its tables, its count, factors and caps."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Numeric,
    SmallInteger,
    and_,
    case,
    cast,
    func,
    literal,
    literal_column,
)

from server.policies.programmes.schema import AmountRow, Cap, PercentRow, Programme
from server.policies.programmes.terms import Counting, Stack
from server.subsidies.reckoning.cells import fits_all, holds

HUNDREDTHS = 100
DAYS_OF_A_MONTH = 30

Amount = ColumnElement[Any]


def whole(number: int) -> ColumnElement[int]:
    """Return a whole number bound as one of eight bytes."""
    return literal(number, BigInteger)


def first_fitting(rows: Sequence[AmountRow | PercentRow], columns: Any) -> ColumnElement[int]:
    """Return the number of the first row in force that fits; NULL where none does."""
    tests = [
        (and_(holds(row, columns.on_day), fits_all(row.when, columns)), literal(no, SmallInteger))
        for no, row in enumerate(rows)
    ]
    return case(*tests)


def scale(programme: Programme) -> int:
    """Return in which parts of a fen the tables give: hundredths where a row is a share."""
    tables = programme.amounts.tables if programme.amounts else []
    is_shared = any(row.percent is not None for table in tables for row in table.rows)
    return HUNDREDTHS if is_shared else 1


def base(programme: Programme, columns: Any) -> Amount:
    """Return what the tables give together, in parts of a fen."""
    assert programme.amounts is not None, "a programme that is reckoned has amounts"
    parts = scale(programme)
    given = [
        case(
            *(
                (columns[f"row_{place}"] == literal(no, SmallInteger), _amount(row, parts, columns))
                for no, row in enumerate(table.rows)
            ),
            else_=whole(0),
        )
        for place, table in enumerate(programme.amounts.tables)
    ]
    if programme.amounts.stack is Stack.HIGHEST:
        return func.greatest(*given)
    return sum(given[1:], given[0])


def _amount(row: AmountRow, parts: int, columns: Any) -> Amount:
    if row.fen is not None:
        return whole(row.fen * parts)
    return func.coalesce(columns[row.of], 0) * whole(row.percent or 0)


def count(programme: Programme, columns: Any) -> tuple[Amount, Amount]:
    """Return how often the amount counts, as a fraction in lowest terms."""
    counts = programme.counts
    if counts is None:
        return whole(1), whole(1)
    value, in_force = func.coalesce(columns[counts.fact], 0), holds(counts, columns.on_day)
    if counts.by is Counting.EACH:
        return case((in_force, value), else_=whole(1)), whole(1)
    if counts.by is Counting.FROM_DAYS:
        return _once(in_force, value >= whole(counts.days or 0)), whole(1)
    days = func.coalesce(func.nullif(columns["days_of_month"], 0), DAYS_OF_A_MONTH)
    if counts.by is Counting.FULL_MONTH:
        return _once(in_force, value >= days), whole(1)
    common = func.gcd(value, days, type_=BigInteger)
    return (
        case((in_force, value // common), else_=whole(1)),
        case((in_force, days // common), else_=whole(1)),
    )


def _once(in_force: ColumnElement[bool], reached: ColumnElement[bool]) -> Amount:
    return case((and_(in_force, reached.is_not(True)), whole(0)), else_=whole(1))


def raw(programme: Programme, columns: Any) -> tuple[Amount, Amount]:
    """Return the amount before caps, as a numerator over a denominator."""
    above = cast(columns.base, Numeric) * columns.times
    for place, table in enumerate(programme.factors):
        number = columns[f"factor_{place}"]
        above = above * case(
            *(
                (number == literal(no, SmallInteger), whole(row.percent))
                for no, row in enumerate(table.rows)
            )
        )
    below = scale(programme) * HUNDREDTHS ** len(programme.factors)
    return above, cast(columns.of_times, Numeric) * literal(below, Numeric)


def cuts(cap: Cap, columns: Any) -> ColumnElement[bool]:
    """Return the condition that a cap is in force for the case and lies below the amount."""
    reaches = and_(holds(cap, columns.on_day), fits_all(cap.when, columns))
    return func.coalesce(and_(reaches, columns.above > most(cap, columns) * columns.below), False)


def most(cap: Cap, columns: Any) -> Amount:
    """Return the most the cap leaves, in fen, never below nought."""
    given = whole(cap.fen) if cap.fen is not None else func.coalesce(columns[cap.fact], 0)
    if cap.per != "line":
        given = given - columns[f"had_{cap.per}"]
    return func.greatest(given, whole(0))


def rounded(programme: Programme, columns: Any) -> Amount:
    """Return the amount in fen, rounded as the day says; half up to the fen otherwise."""
    plain = _rounded(columns, 1, is_half_up=True)
    rounding = programme.rounding
    if rounding is None:
        return plain
    own = _rounded(columns, rounding.unit_fen(), is_half_up=rounding.how == "half_up")
    return case((holds(rounding, columns.on_day), own), else_=plain)


def _rounded(columns: Any, unit: int, *, is_half_up: bool) -> Amount:
    of_unit = columns.below * literal(unit, Numeric)
    if is_half_up:
        units = func.div(columns.above * 2 + of_unit, of_unit * 2)
    else:
        units = func.div(columns.above, of_unit)
    return cast(units, BigInteger) * literal_column(str(unit))
