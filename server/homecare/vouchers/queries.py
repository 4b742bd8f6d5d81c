"""Entitlements and amounts, as far as row security lets the actor see them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select
from sqlmodel import Session, col

from server.db.tables import table_of
from server.errors import NotFound
from server.homecare.vouchers.models import (
    CareAllowance,
    CareEntitlement,
    EntitlementState,
    Programme,
)
from server.places.models import Division
from server.residents.models import Resident

SHOWN_AT_MOST = 2000


def get_entitlement(session: Session, entitlement_id: int) -> Row[Any]:
    """Return one with the person's name; raises `NotFound`."""
    row = session.execute(_shown().where(col(CareEntitlement.id) == entitlement_id)).one_or_none()
    if row is None:
        raise NotFound()
    found: Row[Any] = row
    return found


def list_entitlements(
    session: Session, *, state: EntitlementState | None = None, programme: Programme | None = None
) -> Sequence[Row[Any]]:
    """Return what the actor may see, what waits for an answer first."""
    wanted: list[ColumnElement[bool]] = []
    if state is not None:
        wanted.append(col(CareEntitlement.state) == state)
    if programme is not None:
        wanted.append(col(CareEntitlement.programme) == programme)
    query = (
        _shown()
        .where(*wanted)
        .order_by(
            col(CareEntitlement.state) != EntitlementState.APPLIED,
            col(CareEntitlement.applied_at),
            col(CareEntitlement.id),
        )
    )
    rows: Sequence[Row[Any]] = session.execute(query.limit(SHOWN_AT_MOST)).all()
    return rows


def count_entitlements(session: Session) -> Sequence[Row[Any]]:
    """Return (programme, state, people) of what the actor may see."""
    query = select(
        col(CareEntitlement.programme), col(CareEntitlement.state), func.count().label("people")
    ).group_by(col(CareEntitlement.programme), col(CareEntitlement.state))
    return session.execute(query.order_by("programme", "state")).all()


def list_of_residents(session: Session, resident_ids: Sequence[int]) -> Sequence[Row[Any]]:
    """Return what these people asked for, the latest first."""
    query = _shown().where(col(CareEntitlement.resident_id).in_(resident_ids))
    rows: Sequence[Row[Any]] = session.execute(query.order_by(col(CareEntitlement.id).desc())).all()
    return rows


def amounts_of(session: Session, resident_ids: Sequence[int], month: date) -> Sequence[Row[Any]]:
    """Return what these people have in a month, and what of it is used."""
    table = table_of(CareAllowance)
    query = select(table).where(table.c.resident_id.in_(resident_ids), table.c.month == month)
    return session.execute(query.order_by(table.c.resident_id, table.c.programme)).all()


def list_amounts(
    session: Session, month: date, *, programme: Programme | None = None
) -> Sequence[Row[Any]]:
    """Return what was issued for a month, by name."""
    table = table_of(CareAllowance)
    query = (
        select(*table.c, col(Resident.name).label("resident_name"))
        .outerjoin(Resident, col(Resident.id) == table.c.resident_id)
        .where(table.c.month == month)
        .order_by(col(Resident.name), table.c.id)
    )
    if programme is not None:
        query = query.where(table.c.programme == programme)
    return session.execute(query.limit(SHOWN_AT_MOST)).all()


def sum_amounts(session: Session, month: date) -> Sequence[Row[Any]]:
    """Return (programme, people, issued, reserved, redeemed) of a month, in fen."""
    table = table_of(CareAllowance)
    query = (
        select(
            table.c.programme,
            func.count().label("people"),
            func.sum(table.c.amount_fen).label("amount_fen"),
            func.sum(table.c.reserved_fen).label("reserved_fen"),
            func.sum(table.c.redeemed_fen).label("redeemed_fen"),
        )
        .where(table.c.month == month)
        .group_by(table.c.programme)
    )
    return session.execute(query.order_by(table.c.programme)).all()


def _shown() -> Any:
    return (
        select(
            *table_of(CareEntitlement).c,
            col(Resident.name).label("resident_name"),
            col(Resident.village_code),
            col(Division.name).label("village_name"),
        )
        .select_from(CareEntitlement)
        .outerjoin(Resident, col(Resident.id) == col(CareEntitlement.resident_id))
        .outerjoin(Division, col(Division.code) == col(Resident.village_code))
    )
