"""Standing orders, their pauses and what could not be booked, as elders and canteens see them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, or_, select
from sqlmodel import Session, col

from server.errors import NotFound
from server.meals.standing.models import MealPause, StandingOrder, StandingRefusal
from server.providers.models import Site
from server.residents.models import Resident


def list_holding(session: Session, *, after: int, limit: int) -> list[int]:
    """Return the numbers of orders that hold, in order, behind `after`."""
    return list(
        session.execute(
            select(col(StandingOrder.id))
            .where(col(StandingOrder.ended_at).is_(None), col(StandingOrder.id) > after)
            .order_by(col(StandingOrder.id))
            .limit(limit)
        ).scalars()
    )


def get_order(session: Session, order_id: int) -> Row[Any]:
    """Return one order with its canteen and resident; raises `NotFound`."""
    row = session.execute(_orders().where(col(StandingOrder.id) == order_id)).one_or_none()
    if row is None:
        raise NotFound()
    return row


def find_resident_of(session: Session, order_id: int) -> int | None:
    """Return whose order that is; None where this actor may not know."""
    return session.execute(
        select(col(StandingOrder.resident_id)).where(col(StandingOrder.id) == order_id)
    ).scalar_one_or_none()


def find_resident_of_pause(session: Session, pause_id: int) -> int | None:
    """Return whose pause that is; None where this actor may not know."""
    return session.execute(
        select(col(MealPause.resident_id)).where(col(MealPause.id) == pause_id)
    ).scalar_one_or_none()


def list_orders(session: Session, resident_ids: Sequence[int]) -> Sequence[Row[Any]]:
    """Return the orders that hold of these residents, by name and number."""
    return session.execute(
        _orders()
        .where(
            col(StandingOrder.resident_id).in_(resident_ids), col(StandingOrder.ended_at).is_(None)
        )
        .order_by(col(Resident.name), col(StandingOrder.id))
    ).all()


def list_orders_of_canteen(session: Session, canteen_id: int) -> Sequence[Row[Any]]:
    """Return the orders that hold at a canteen, by name."""
    return session.execute(
        _orders()
        .where(col(StandingOrder.canteen_id) == canteen_id, col(StandingOrder.ended_at).is_(None))
        .order_by(col(Resident.pinyin), col(Resident.name), col(StandingOrder.id))
    ).all()


def list_pauses(
    session: Session, resident_ids: Sequence[int], *, today: date
) -> Sequence[MealPause]:
    """Return the pauses of these residents that hold or are to come, by day."""
    return (
        session.execute(
            select(MealPause)
            .where(
                col(MealPause.resident_id).in_(resident_ids),
                col(MealPause.lifted_at).is_(None),
                or_(col(MealPause.ends_on).is_(None), col(MealPause.ends_on) > today),
            )
            .order_by(col(MealPause.starts_on), col(MealPause.id))
        )
        .scalars()
        .all()
    )


def list_refusals(
    session: Session,
    *,
    resident_ids: Sequence[int] | None = None,
    canteen_id: int | None = None,
    today: date,
) -> Sequence[Row[Any]]:
    """Return days from today on that could not be booked yet, of residents or of a canteen."""
    query: Any = (
        select(
            col(StandingRefusal.id),
            col(StandingRefusal.order_id),
            col(StandingRefusal.resident_id),
            col(Resident.name).label("resident_name"),
            col(StandingOrder.meal),
            col(StandingRefusal.service_on),
            col(StandingRefusal.code),
            col(StandingRefusal.tried_at),
            col(StandingRefusal.tries),
        )
        .join(StandingOrder, col(StandingOrder.id) == col(StandingRefusal.order_id))
        .join(Resident, col(Resident.id) == col(StandingRefusal.resident_id))
        .where(
            col(StandingRefusal.solved_at).is_(None),
            col(StandingRefusal.service_on) >= today,
            col(StandingOrder.ended_at).is_(None),
        )
        .order_by(col(StandingRefusal.service_on), col(Resident.name), col(StandingRefusal.id))
    )
    if resident_ids is not None:
        query = query.where(col(StandingRefusal.resident_id).in_(resident_ids))
    if canteen_id is not None:
        query = query.where(col(StandingRefusal.canteen_id) == canteen_id)
    return session.execute(query).all()


def _orders() -> Any:
    return (
        select(
            col(StandingOrder.id),
            col(StandingOrder.resident_id),
            col(Resident.name).label("resident_name"),
            col(StandingOrder.canteen_id),
            col(Site.name).label("canteen_name"),
            col(Site.phone).label("canteen_phone"),
            col(StandingOrder.meal),
            col(StandingOrder.weekdays),
            col(StandingOrder.diet),
            col(StandingOrder.handing),
            col(StandingOrder.starts_on),
            col(StandingOrder.ends_on),
            col(StandingOrder.made_by),
            col(StandingOrder.made_at),
            col(StandingOrder.ended_at),
        )
        .join(Site, col(Site.id) == col(StandingOrder.canteen_id))
        .join(Resident, col(Resident.id) == col(StandingOrder.resident_id))
    )
