"""Whom an account acts for, and who a resident is."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, func, or_, select
from sqlmodel import Session, col

from server.db.sessions import actor_of
from server.errors import NotFound
from server.places.models import Division
from server.residents.models import GrantKind, HardshipPeriod, HardshipTier, Resident, ResidentGrant


def check_acts_for(session: Session, resident_id: int) -> None:
    """Raise `NotFound` unless the signed-in account may act for this resident today."""
    if resident_id not in actor_of(session).resident_ids:
        raise NotFound()


def list_acted_for(session: Session, *, today: date) -> Sequence[Row[Any]]:
    """Return the residents whom the signed-in account acts for, oneself first, then by name."""
    actor = actor_of(session)
    is_self = col(ResidentGrant.kind) == GrantKind.SELF
    tier = (
        select(col(HardshipPeriod.tier))
        .where(
            col(HardshipPeriod.resident_id) == col(Resident.id),
            col(HardshipPeriod.starts_on) <= today,
            or_(col(HardshipPeriod.ends_on).is_(None), col(HardshipPeriod.ends_on) > today),
        )
        .correlate(Resident)
        .scalar_subquery()
    )
    return session.execute(
        select(
            col(Resident.id),
            col(Resident.name),
            col(Resident.born_on),
            col(Resident.village_code),
            col(Resident.usual_canteen_id),
            col(Division.name).label("village_name"),
            func.bool_or(is_self).label("is_self"),
            func.coalesce(tier, HardshipTier.NONE.value).label("hardship_tier"),
        )
        .join(ResidentGrant, col(ResidentGrant.resident_id) == col(Resident.id))
        .join(Division, col(Division.code) == col(Resident.village_code))
        .where(
            col(Resident.id).in_(actor.resident_ids),
            col(ResidentGrant.account_id) == actor.account_id,
        )
        .group_by(col(Resident.id), col(Division.name))
        .order_by(func.bool_or(is_self).desc(), col(Resident.name), col(Resident.id))
    ).all()


def get_acted_for(session: Session, resident_id: int, *, today: date) -> Row[Any]:
    """Return one of `list_acted_for`; raises `NotFound`."""
    check_acts_for(session, resident_id)
    return next(row for row in list_acted_for(session, today=today) if row.id == resident_id)
