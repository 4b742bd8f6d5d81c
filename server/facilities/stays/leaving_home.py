"""Who moves into a bed of a house leaves the bed at home, in the same transaction."""

from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from server.db.sessions import reaching_everywhere
from server.facilities.models import BedKind, BedOccupancy, BedState, EndReason, Stay
from server.facilities.stays.ending import end_stay
from server.facilities.stays.taking import lock_stay

# A medical bed cares for somebody whose bed at home is kept: see `suspending_home`.
STAYS_HOME = (BedKind.MEDICAL, BedKind.HOME_CARE)
AT_HOME = (BedState.OCCUPIED, BedState.ON_LEAVE, BedState.IN_HOSPITAL)


def leave_home_bed(session: Session, stay: Stay, *, on: date) -> None:
    """End the stay in a bed at home, if the person has one and moves into a house.

    Raises `DayOutOfReach` where the person was served at home after that day.
    """
    if stay.kind in STAYS_HOME:
        return
    query = select(col(BedOccupancy.stay_id)).where(
        col(BedOccupancy.resident_id) == stay.resident_id,
        col(BedOccupancy.kind) == BedKind.HOME_CARE,
        col(BedOccupancy.state).in_(AT_HOME),
        col(BedOccupancy.superseded_at).is_(None),
        col(BedOccupancy.ends_on).is_(None),
    )
    with reaching_everywhere(session):
        stay_id = session.execute(query).scalar_one_or_none()
        if stay_id is not None:
            left = lock_stay(session, stay_id)
            end_stay(session, left, ended_on=on, reason=EndReason.OTHER_HOME)
