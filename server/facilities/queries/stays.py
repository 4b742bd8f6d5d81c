"""Stays, one by one."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select
from sqlmodel import Session, col

from server.errors import NotFound
from server.facilities.models import BedOccupancy, BedState, Stay, StayStatus
from server.providers.models import Site
from server.providers.queries import within
from server.residents.models import Resident


def get_stay(session: Session, stay_id: int) -> Stay:
    """Return a stay the actor may know of; raises `NotFound`."""
    query = select(Stay).where(col(Stay.id) == stay_id)
    stay: Stay | None = session.execute(query).scalar_one_or_none()
    if stay is None:
        raise NotFound()
    return stay


def list_staying(
    session: Session, *, prefixes: Sequence[str], site_ids: Sequence[int]
) -> Sequence[Row[Any]]:
    """Return (stay, person) of everybody who stays at these facilities, by name."""
    query = (
        select(col(Stay.id), col(Resident.name))
        .join(Resident, col(Resident.id) == col(Stay.resident_id))
        .join(Site, col(Site.id) == col(Stay.site_id))
        .where(
            within(prefixes, site_ids), col(Stay.status).in_([StayStatus.STAYING, StayStatus.AWAY])
        )
        .order_by(col(Resident.name), col(Stay.id))
    )
    return session.execute(query).all()


def get_held_bed_id(session: Session, stay: Stay) -> int:
    """Return the bed that is held for the stay."""
    query = select(col(BedOccupancy.bed_id)).where(
        col(BedOccupancy.stay_id) == stay.id,
        col(BedOccupancy.state) == BedState.HELD,
        col(BedOccupancy.superseded_at).is_(None),
    )
    return int(session.execute(query).scalar_one())


def last_night_ends(session: Session, stay: Stay) -> date:
    """Return the earliest day on which the stay can end: the last change of its records."""
    known = select(
        func.max(func.coalesce(col(BedOccupancy.ends_on), col(BedOccupancy.starts_on)))
    ).where(
        col(BedOccupancy.stay_id) == stay.id,
        col(BedOccupancy.superseded_at).is_(None),
        col(BedOccupancy.state) != BedState.HELD,
    )
    last: date | None = session.execute(known).scalar_one()
    assert stay.admitted_on is not None, "a stay that has begun has a first day"
    return max(last or stay.admitted_on, stay.admitted_on)
