"""Whom an account acts for, and who a resident is."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Date, Row, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Session, col

from server.db.sessions import actor_of
from server.errors import NotFound
from server.places.models import Division
from server.residents.consents.models import Consent, Purpose
from server.residents.models import GrantKind, HardshipPeriod, HardshipTier, Resident, ResidentGrant


def check_acts_for(session: Session, resident_id: int) -> None:
    """Raise `NotFound` unless the signed-in account may act for this resident today."""
    if resident_id not in actor_of(session).resident_ids:
        raise NotFound()


def find_resident_names(session: Session, resident_ids: Collection[int]) -> Mapping[int, str]:
    """Return the names of those of these residents whom the actor may know of."""
    if not resident_ids:
        return {}
    query = select(col(Resident.id), col(Resident.name)).where(col(Resident.id).in_(resident_ids))
    return {row.id: row.name for row in session.execute(query)}


def list_acted_for(session: Session, *, today: date) -> Sequence[Row[Any]]:
    """Return the residents whom the signed-in account acts for, oneself first, then by name."""
    actor = actor_of(session)
    values = {
        "residents": list(actor.resident_ids),
        "account": actor.account_id,
        "today": today,
    }
    return session.connection().execute(_ACTED_FOR, values).all()


def get_acted_for(session: Session, resident_id: int, *, today: date) -> Row[Any]:
    """Return one of `list_acted_for`; raises `NotFound`."""
    check_acts_for(session, resident_id)
    return next(row for row in list_acted_for(session, today=today) if row.id == resident_id)


def list_id_ciphers_of_holder(session: Session, account_id: int, *, today: date) -> Sequence[bytes]:
    """Return the sealed ID numbers by which the holder of an account can be known.

    The account's own residents; for a helper's account, which has none, those it acts for. Whoever
    has not agreed that the number is used for this is left out (个人信息保护法 art. 29).
    """
    agreed = select(col(Consent.id)).where(
        col(Consent.resident_id) == col(Resident.id),
        col(Consent.purpose) == Purpose.ID_NUMBER,
        col(Consent.withdrawn_at).is_(None),
    )
    rows = session.execute(
        select(col(Resident.id_number_cipher), col(ResidentGrant.kind))
        .join(ResidentGrant, col(ResidentGrant.resident_id) == col(Resident.id))
        .where(
            col(ResidentGrant.account_id) == account_id,
            agreed.exists(),
            col(ResidentGrant.starts_on) <= today,
            or_(col(ResidentGrant.ends_on).is_(None), col(ResidentGrant.ends_on) > today),
        )
        .order_by(col(Resident.id))
    ).all()
    own = [row for row in rows if row.kind is GrantKind.SELF]
    return [row.id_number_cipher for row in own or rows if row.id_number_cipher is not None]


def _acted_for() -> Any:
    today = bindparam("today", type_=Date)
    is_self = func.bool_or(col(ResidentGrant.kind) == GrantKind.SELF)
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
    return (
        select(
            col(Resident.id),
            col(Resident.name),
            col(Resident.born_on),
            col(Resident.village_code),
            col(Resident.usual_canteen_id),
            col(Division.name).label("village_name"),
            is_self.label("is_self"),
            func.coalesce(tier, HardshipTier.NONE.value).label("hardship_tier"),
        )
        .join(ResidentGrant, col(ResidentGrant.resident_id) == col(Resident.id))
        .join(Division, col(Division.code) == col(Resident.village_code))
        .where(
            col(Resident.merged_into_id).is_(None),
            col(Resident.id) == func.any(bindparam("residents", type_=ARRAY(BigInteger))),
            col(ResidentGrant.account_id) == bindparam("account", type_=BigInteger),
        )
        .group_by(col(Resident.id), col(Division.name))
        .order_by(is_self.desc(), col(Resident.name), col(Resident.id))
    )


_ACTED_FOR = _acted_for()
