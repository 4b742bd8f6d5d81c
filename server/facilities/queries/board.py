"""The bed board of one facility: every room, every bed, and who has it today."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import CTE, Row, or_, select
from sqlmodel import Session, col

from server.errors import NotFound
from server.facilities.models import Bed, BedOccupancy, Room, Stay, StayStatus
from server.residents.models import CareLink, Resident


def list_beds(session: Session, *, site_id: int, on: date) -> Sequence[Row[Any]]:
    """Return every bed of a facility with what takes it on the day, by floor, room and label.

    `state` is None for a free bed. Whom the actor may not know has no name.
    """
    taken = _taken(site_id, on)
    query: Any = (
        select(
            col(Bed.id).label("bed_id"),
            col(Bed.label),
            col(Bed.kind),
            col(Bed.is_nursing),
            col(Bed.nursing_evidence),
            col(Bed.opened_on),
            col(Bed.left_uncleaned_at),
            col(Bed.room_id),
            col(Room.name).label("room"),
            col(Room.floor),
            *(column for column in taken.c if column.name != "taken_bed_id"),
        )
        .outerjoin(Room, col(Room.id) == col(Bed.room_id))
        .outerjoin(taken, taken.c.taken_bed_id == col(Bed.id))
        .where(col(Bed.site_id) == site_id, col(Bed.opened_on) <= on)
        .order_by(col(Room.floor), col(Room.name), col(Bed.label), col(Bed.id))
    )
    rows: Sequence[Row[Any]] = session.execute(query).all()
    return rows


def _taken(site_id: int, on: date) -> CTE:
    """What takes beds of the facility on the day, and who has them.

    Materialized, so that row security looks at each record once: a planner without statistics
    would let it look at all of them for each bed.
    """
    query: Any = (
        select(
            col(BedOccupancy.bed_id).label("taken_bed_id"),
            col(BedOccupancy.state),
            col(BedOccupancy.starts_on),
            col(BedOccupancy.ends_on),
            col(BedOccupancy.reason),
            col(BedOccupancy.stay_id),
            col(Stay.admitted_on),
            col(Resident.id).label("resident_id"),
            col(Resident.name),
            col(Resident.sex),
            col(Resident.born_on),
        )
        .outerjoin(Stay, col(Stay.id) == col(BedOccupancy.stay_id))
        .outerjoin(Resident, col(Resident.id) == col(BedOccupancy.resident_id))
        .where(
            col(BedOccupancy.site_id) == site_id,
            col(BedOccupancy.superseded_at).is_(None),
            col(BedOccupancy.starts_on) <= on,
            or_(col(BedOccupancy.ends_on).is_(None), col(BedOccupancy.ends_on) > on),
        )
    )
    taken: CTE = query.cte("taken").prefix_with("MATERIALIZED", dialect="postgresql")
    return taken


def list_arrivals(session: Session, *, site_id: int, since: date) -> Sequence[Row[Any]]:
    """Return holds of the facility whose days are not over, by the day they are expected."""
    query: Any = (
        select(
            col(Stay.id).label("stay_id"),
            col(Stay.kind),
            col(Stay.planned_on),
            col(Stay.hold_until),
            col(Stay.note),
            col(Bed.id).label("bed_id"),
            col(Bed.label),
            col(Resident.id).label("resident_id"),
            col(Resident.name),
            col(Resident.born_on),
        )
        .join(BedOccupancy, col(BedOccupancy.stay_id) == col(Stay.id))
        .join(Bed, col(Bed.id) == col(BedOccupancy.bed_id))
        .outerjoin(Resident, col(Resident.id) == col(Stay.resident_id))
        .where(
            col(Stay.site_id) == site_id,
            col(Stay.status) == "held",
            col(Stay.hold_until) > since,
            col(BedOccupancy.superseded_at).is_(None),
        )
        .order_by(col(Stay.planned_on), col(Stay.id))
    )
    rows: Sequence[Row[Any]] = session.execute(query).all()
    return rows


def list_away(session: Session, *, site_id: int) -> Sequence[Row[Any]]:
    """Return those of the facility who are in hospital with no bed kept for them, by name."""
    query: Any = (
        select(
            col(Stay.id).label("stay_id"),
            col(Stay.kind),
            col(Stay.admitted_on),
            col(Resident.name),
            col(Resident.born_on),
        )
        .outerjoin(Resident, col(Resident.id) == col(Stay.resident_id))
        .where(col(Stay.site_id) == site_id, col(Stay.status) == StayStatus.AWAY)
        .order_by(col(Resident.name), col(Stay.id))
    )
    rows: Sequence[Row[Any]] = session.execute(query).all()
    return rows


def get_known(session: Session, resident_id: int, *, site_id: int, on: date) -> Row[Any]:
    """Return who somebody is whom the facility knows on that day; raises `NotFound` else."""
    query: Any = (
        select(
            col(Resident.id),
            col(Resident.name),
            col(Resident.sex),
            col(Resident.born_on),
            col(Resident.phone),
        )
        .join(CareLink, col(CareLink.resident_id) == col(Resident.id))
        .where(
            col(Resident.id) == resident_id,
            col(CareLink.site_id) == site_id,
            col(CareLink.starts_on) <= on,
            col(CareLink.ends_on) > on,
        )
    )
    row: Row[Any] | None = session.execute(query).one_or_none()
    if row is None:
        raise NotFound()
    return row
