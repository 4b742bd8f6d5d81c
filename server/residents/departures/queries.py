"""Departures that are known, and whom a report speaks of."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Row, Text, func, literal, or_, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Session, col

from server.errors import NotFound
from server.residents.departures.models import Departure
from server.residents.departures.reports import Known, Report
from server.residents.models import Resident

# Who sees somebody only as a guest of a canteen does not report them dead.
LOCK_RESIDENTS = text(
    """
    SELECT id, born_on FROM resident
     WHERE id = ANY(:ids) AND ((SELECT sees_all()) OR is_in_reach(id))
     ORDER BY id FOR UPDATE
    """
)


def lock_residents(session: Session, resident_ids: Sequence[int]) -> Sequence[Row[Any]]:
    """Hold these residents still and return (id, born_on); raises `NotFound` beyond the reach.

    Whoever books a meal shares the same lock, so that neither overlooks the other.
    """
    ids = sorted(set(resident_ids))
    rows = session.connection().execute(LOCK_RESIDENTS, {"ids": ids}).all()
    if len(rows) < len(ids):
        raise NotFound()
    return rows


def find_birthdays(session: Session, resident_ids: Sequence[int]) -> dict[int, date]:
    """Return resident → day of birth of those who are seen."""
    rows = session.execute(
        select(col(Resident.id), col(Resident.born_on))
        .where(col(Resident.id) == _any(resident_ids, BigInteger))
        .order_by(col(Resident.id))
    )
    return {row.id: row.born_on for row in rows}


def get_departure(session: Session, departure_id: int) -> Departure:
    """Return the departure as it is now; raises `NotFound`."""
    departure = session.get(Departure, departure_id, populate_existing=True)
    if departure is None:
        raise NotFound()
    return departure


def find_by_references(
    session: Session, *, source: str, references: Sequence[str]
) -> dict[str, Departure]:
    """Return reference → departure of what the source reported under these numbers."""
    rows = session.execute(
        select(Departure)
        .where(
            col(Departure.source) == source,
            col(Departure.source_reference) == _any(references, Text),
        )
        .order_by(col(Departure.id))
    ).scalars()
    return {str(row.source_reference): row for row in rows}


def list_known(session: Session, reports: Sequence[Report]) -> list[Known]:
    """Return what is recorded of the same residents, or under the same references."""
    residents = [one.resident_id for one in reports]
    sources = sorted({one.source for one in reports})
    references = [one.reference for one in reports if one.reference is not None]
    rows = session.execute(
        select(Departure)
        .where(
            or_(
                col(Departure.resident_id) == _any(residents, BigInteger),
                (col(Departure.source) == _any(sources, Text))
                & (col(Departure.source_reference) == _any(references, Text)),
            )
        )
        .order_by(col(Departure.id))
    ).scalars()
    return [_known(row) for row in rows]


def list_departures(session: Session, resident_id: int) -> Sequence[Departure]:
    """Return all reports about a resident, reversed ones too, the latest first."""
    return (
        session.execute(
            select(Departure)
            .where(col(Departure.resident_id) == resident_id)
            .order_by(col(Departure.id).desc())
        )
        .scalars()
        .all()
    )


def _any(values: Sequence[Any], kind: Any) -> Any:
    """One parameter, however many values: a list of deaths may be long."""
    return func.any(literal(list(values), ARRAY(kind)))


def _known(row: Departure) -> Known:
    report = Report(row.resident_id, row.kind, row.happened_on, row.source, row.source_reference)
    return Known(report, is_reversed=row.reversed_at is not None)
