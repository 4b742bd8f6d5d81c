"""Every reason for which a programme may refuse a case, and when it does."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_

from server.policies.programmes.schema import Programme
from server.subsidies.reckoning.before import Seen, families_of
from server.subsidies.reckoning.cells import fits, holds

Reason = tuple[str, ColumnElement[bool]]


def reasons(programme: Programme, seen: Seen, columns: Any) -> Sequence[Reason]:
    """Return the places of the file, each with the condition under which it refuses."""
    return [
        *_unmet(programme, columns),
        *_without_row(programme, columns),
        *_paid_elsewhere(programme, seen, columns),
    ]


def _unmet(programme: Programme, columns: Any) -> Iterator[Reason]:
    for one in programme.conditions:
        refuses = fits(one.fact, one.is_, columns).is_not(True)
        yield f"conditions.{one.id}", and_(holds(one, columns.on_day), refuses)


def _without_row(programme: Programme, columns: Any) -> Iterator[Reason]:
    tables = programme.amounts.tables if programme.amounts else []
    for place, table in enumerate(tables):
        if table.must_fit:
            yield f"amounts.{table.id}", columns[f"row_{place}"].is_(None)
    for place, factor in enumerate(programme.factors):
        yield f"factors.{factor.id}", columns[f"factor_{place}"].is_(None)


def _paid_elsewhere(programme: Programme, seen: Seen, columns: Any) -> Iterator[Reason]:
    families = [name for name, _ in families_of(programme, seen)]
    for one in programme.excludes:
        pays = columns[f"paid_{families.index(one.family)}"]
        yield f"excludes.{one.family}", and_(holds(one, columns.on_day), pays)
