"""A cell of a programme as a condition of a statement; its values are bound, never text."""

from collections.abc import Callable, Mapping
from datetime import date
from operator import ge, gt, le, lt
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    Text,
    and_,
    cast,
    literal,
    true,
)
from sqlalchemy.types import TypeEngine

from server.policies.programmes.terms import Based, Between, Cell, bounds_of
from server.policies.programmes.vocabulary import FACTS, FactKind
from server.subsidies.reckoning.errors import FigureOfAnotherKind

TYPES: Mapping[FactKind, tuple[type[TypeEngine[Any]], type]] = {
    FactKind.WHOLE: (BigInteger, int),
    FactKind.FEN: (BigInteger, int),
    FactKind.CHOICE: (Text, str),
    FactKind.YES_NO: (Boolean, bool),
    FactKind.DAY: (Date, date),
}
OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {
    "at_least": ge,
    "at_most": le,
    "above": gt,
    "below": lt,
}
ORDERED = (FactKind.WHOLE, FactKind.FEN, FactKind.DAY)

Columns = Mapping[str, ColumnElement[Any]]


def sql_type(fact: str) -> TypeEngine[Any]:
    """Return how a fact is typed in a statement."""
    return TYPES[FACTS[fact].kind][0]()


def read_fact(facts: ColumnElement[Any], fact: str) -> ColumnElement[Any]:
    """Return the typed fact of a frozen row; one that is not known is NULL."""
    return cast(facts.op("->>")(fact), sql_type(fact))


def value_from(fact: str, stored: Any) -> Any:
    """Return a frozen fact as plain Python knows it."""
    is_day = stored is not None and FACTS[fact].kind is FactKind.DAY
    return date.fromisoformat(stored) if is_day else stored


def facts_from(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return all facts of a frozen case as plain Python knows them."""
    return {fact: value_from(fact, value) for fact, value in stored.items()}


def fits(fact: str, cell: Cell, columns: Columns) -> ColumnElement[bool]:
    """Return the condition that a fact is as the cell says; NULL where it is not known."""
    column, of_type = columns[fact], sql_type(fact)
    bounds = bounds_of(cell)
    if isinstance(cell, Between):
        if FACTS[fact].kind not in ORDERED:
            raise FigureOfAnotherKind(fact=fact)
        tests = [
            OPERATORS[name](column, literal(_typed(fact, value), of_type))
            for name, value in bounds.items()
        ]
        return and_(*tests)
    values = [_typed(fact, value) for value in bounds["among"]]
    if len(values) == 1:
        return column == literal(values[0], of_type)
    return column.in_([literal(value, of_type) for value in values])


def fits_all(when: Mapping[str, Cell], columns: Columns) -> ColumnElement[bool]:
    """Return the condition that every fact that is named is as its cell says."""
    return and_(true(), *(fits(fact, cell, columns) for fact, cell in when.items()))


def holds(figure: Based, on_day: ColumnElement[date]) -> ColumnElement[bool]:
    """Return the condition that a figure is in force on the day of the case."""
    begun = on_day >= literal(figure.from_, Date)
    return begun if figure.to is None else and_(begun, on_day <= literal(figure.to, Date))


def _typed(fact: str, value: Any) -> Any:
    """Return the value; raises where it can never be one of the fact's kind."""
    of_kind = TYPES[FACTS[fact].kind][1]
    if of_kind is date and isinstance(value, str):
        value = _day(fact, value)
    if type(value) is not of_kind:
        raise FigureOfAnotherKind(fact=fact)
    return value


def _day(fact: str, value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise FigureOfAnotherKind(fact=fact) from error
