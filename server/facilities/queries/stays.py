"""Stays, one by one."""

from datetime import date

from sqlalchemy import func, select
from sqlmodel import Session, col

from server.errors import NotFound
from server.facilities.models import BedOccupancy, BedState, Stay


def get_stay(session: Session, stay_id: int) -> Stay:
    """Return a stay the actor may know of; raises `NotFound`."""
    query = select(Stay).where(col(Stay.id) == stay_id)
    stay: Stay | None = session.execute(query).scalar_one_or_none()
    if stay is None:
        raise NotFound()
    return stay


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
