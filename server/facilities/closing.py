"""A facility opens, is suspended, or closes; it does not close over the heads of its people."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, select
from sqlmodel import Session, col

from server.db.refusals import all_or_nothing
from server.facilities.errors import PeopleStillHere
from server.facilities.models import Bed, BedOccupancy, Stay, StayStatus
from server.providers.models import OpeningState, SiteOpening
from server.providers.service import set_opening
from server.residents.models import Resident

NOT_OVER = (StayStatus.HELD, StayStatus.STAYING, StayStatus.AWAY)


@all_or_nothing
def change_opening(
    session: Session, site_id: int, state: OpeningState, *, starts_on: date, reason: str
) -> SiteOpening:
    """Let a facility be planned, open, suspended or closed from a day on.

    Raises `PeopleStillHere` for a closing while somebody stays, is away or is expected, and what
    `providers.service.set_opening` raises.
    """
    opening = set_opening(session, site_id, state, starts_on=starts_on, reason=reason)
    if state is OpeningState.CLOSED:
        people = len(list_people(session, site_id))
        if people:
            raise PeopleStillHere(people=people)
    return opening


def list_people(session: Session, site_id: int) -> Sequence[Row[Any]]:
    """Return who stays, is away or is expected, by bed: whoever must first find another place.

    (stay_id, status, label, resident_id, name); whom the actor may not know has no name.
    """
    query: Any = (
        select(
            col(Stay.id).label("stay_id"),
            col(Stay.status),
            col(Bed.label),
            col(Resident.id).label("resident_id"),
            col(Resident.name),
        )
        .outerjoin(
            BedOccupancy,
            (col(BedOccupancy.stay_id) == col(Stay.id))
            & col(BedOccupancy.superseded_at).is_(None)
            & (col(BedOccupancy.ends_on).is_(None) | (col(Stay.status) == StayStatus.HELD)),
        )
        .outerjoin(Bed, col(Bed.id) == col(BedOccupancy.bed_id))
        .outerjoin(Resident, col(Resident.id) == col(Stay.resident_id))
        .where(col(Stay.site_id) == site_id, col(Stay.status).in_(NOT_OVER))
        .order_by(col(Bed.label), col(Stay.id))
    )
    rows: Sequence[Row[Any]] = session.execute(query).all()
    return rows
