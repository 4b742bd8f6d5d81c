"""Whoever is let into a medical bed keeps the bed at home, which waits meanwhile."""

from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from server.db.sessions import reaching_everywhere
from server.facilities.models import BedKind, BedOccupancy, BedState, Stay
from server.facilities.stays.moving import go_to_hospital

SERVED = (BedState.OCCUPIED, BedState.ON_LEAVE)


def suspend_home_bed(session: Session, stay: Stay, *, on: date) -> None:
    """Let a stay in a bed at home wait in hospital, if the person has one and is let into such.

    Raises `DayOutOfReach` where the person was served at home after that day.
    """
    if stay.kind is not BedKind.MEDICAL:
        return
    query = select(col(BedOccupancy.stay_id)).where(
        col(BedOccupancy.resident_id) == stay.resident_id,
        col(BedOccupancy.kind) == BedKind.HOME_CARE,
        col(BedOccupancy.state).in_(SERVED),
        col(BedOccupancy.superseded_at).is_(None),
        col(BedOccupancy.ends_on).is_(None),
    )
    with reaching_everywhere(session):
        stay_id = session.execute(query).scalar_one_or_none()
        if stay_id is not None:
            go_to_hospital(session, stay_id, since=on, keeps_bed=True)
