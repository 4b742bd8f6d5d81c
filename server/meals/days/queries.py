"""Which days a canteen has closed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, select
from sqlmodel import Session, col

from server.meals.days.models import CanteenClosure
from server.providers.models import Site


def list_closures(
    session: Session, canteen_ids: Sequence[int], *, since: date
) -> Sequence[Row[Any]]:
    """Return what these canteens closed from a day on, latest day first, reopened ones as well."""
    return session.execute(
        select(
            col(CanteenClosure.id),
            col(CanteenClosure.canteen_id),
            col(Site.name).label("canteen_name"),
            col(CanteenClosure.service_on),
            col(CanteenClosure.meal),
            col(CanteenClosure.reason),
            col(CanteenClosure.closed_at),
            col(CanteenClosure.cancelled),
            col(CanteenClosure.reopened_at),
        )
        .join(Site, col(Site.id) == col(CanteenClosure.canteen_id))
        .where(
            col(CanteenClosure.canteen_id).in_(canteen_ids), col(CanteenClosure.service_on) >= since
        )
        .order_by(col(CanteenClosure.service_on).desc(), col(CanteenClosure.id).desc())
    ).all()


def list_standing_closures(
    session: Session, canteen_id: int, *, first_day: date, end_day: date
) -> Sequence[Row[Any]]:
    """Return what is closed of these days, for elders: day, meal (None is all day) and reason."""
    return session.execute(
        select(col(CanteenClosure.service_on), col(CanteenClosure.meal), col(CanteenClosure.reason))
        .where(
            col(CanteenClosure.canteen_id) == canteen_id,
            col(CanteenClosure.service_on) >= first_day,
            col(CanteenClosure.service_on) < end_day,
            col(CanteenClosure.reopened_at).is_(None),
        )
        .order_by(col(CanteenClosure.service_on), col(CanteenClosure.id))
    ).all()
