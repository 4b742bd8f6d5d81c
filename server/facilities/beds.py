"""Rooms and beds of a facility: put up many at once, out of use and back, cleaned."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import insert, select, update
from sqlmodel import Session, col

from server import clock
from server.db.refusals import all_or_nothing, refusing
from server.errors import NotFound
from server.facilities import rules
from server.facilities.errors import BedOccupied, RoomExists
from server.facilities.models import (
    OF_A_PERSON,
    OUT_OF_USE,
    Bed,
    BedKind,
    BedOccupancy,
    BedState,
    Room,
)
from server.facilities.stays import taking


@all_or_nothing
def add_rooms(
    session: Session,
    *,
    site_id: int,
    floor: int,
    numbers: str,
    beds_each: int,
    kind: BedKind,
    is_nursing: bool = False,
    opened_on: date | None = None,
) -> int:
    """Put up rooms such as `201-220` with their beds, and return how many beds that makes.

    Raises `RoomsUnreadable`, and `RoomExists` where the facility has a room of that name; then
    none of them is put up.
    """
    planned = rules.plan_rooms(numbers, beds_each=beds_each)
    _check_new(session, site_id, [room.name for room in planned])
    values = [{"site_id": site_id, "floor": floor, "name": room.name} for room in planned]
    with refusing(session, {"uq_room_site_id_name": RoomExists(room=planned[0].name)}):
        rows = session.execute(insert(Room).values(values).returning(col(Room.id), col(Room.name)))
    ids = {row.name: row.id for row in rows}
    beds = [
        {
            "site_id": site_id,
            "room_id": ids[room.name],
            "kind": kind,
            "label": label,
            "is_nursing": is_nursing,
            "nursing_evidence": [],
            "opened_on": opened_on or clock.today(),
            "recorded_at": clock.now(),
        }
        for room in planned
        for label in room.beds
    ]
    session.execute(insert(Bed).values(beds))
    return len(beds)


def take_out_of_use(
    session: Session,
    bed_id: int,
    *,
    state: BedState,
    starts_on: date,
    ends_on: date | None = None,
    reason: str,
) -> BedOccupancy:
    """Let nobody into a bed from a day on, under repair, closed, or used otherwise.

    Raises `BedOccupied` where somebody is or is expected in it, `BedTaken`, `DayOutOfReach`,
    `NotFound`.
    """
    rules.check_out_of_use(starts_on, today=clock.today())
    assert state in OUT_OF_USE, "people are admitted, not put out of use"
    bed = taking.lock_bed(session, bed_id)
    if _is_used_by_people(session, bed_id, starts_on, ends_on):
        raise BedOccupied(bed=bed.label)
    return taking.take(session, bed, state, starts_on=starts_on, ends_on=ends_on, reason=reason)


def put_back_into_use(session: Session, bed_id: int, *, on: date) -> Bed:
    """End what keeps the bed out of use; a bed that nothing keeps stays as it is.

    Raises `DayOutOfReach`, `NotFound`.
    """
    rules.check_happened(on, today=clock.today())
    bed = taking.lock_bed(session, bed_id)
    kept = session.execute(
        select(BedOccupancy).where(
            col(BedOccupancy.bed_id) == bed_id,
            col(BedOccupancy.state).in_(OUT_OF_USE),
            col(BedOccupancy.superseded_at).is_(None),
            col(BedOccupancy.starts_on) <= on,
            col(BedOccupancy.ends_on).is_(None) | (col(BedOccupancy.ends_on) > on),
        )
    ).scalar_one_or_none()
    if kept is not None:
        taking.give_back(session, kept, on=on)
    return bed


def mark_ready(session: Session, bed_id: int) -> None:
    """The bed was cleaned; marking it twice is harmless. Raises `NotFound`."""
    cleaned = update(Bed).where(col(Bed.id) == bed_id).values(left_uncleaned_at=None)
    found = session.execute(cleaned.returning(col(Bed.id))).scalar_one_or_none()
    if found is None:
        raise NotFound()


def _check_new(session: Session, site_id: int, names: Sequence[str]) -> None:
    known = session.execute(
        select(col(Room.name))
        .where(col(Room.site_id) == site_id, col(Room.name).in_(names))
        .order_by(col(Room.name))
        .limit(1)
    ).scalar_one_or_none()
    if known is not None:
        raise RoomExists(room=known)


def _is_used_by_people(
    session: Session, bed_id: int, starts_on: date, ends_on: date | None
) -> bool:
    """True where somebody sleeps in the bed, or has it kept or held, on one of those days."""
    query = select(col(BedOccupancy.id)).where(
        col(BedOccupancy.bed_id) == bed_id,
        col(BedOccupancy.state).in_(OF_A_PERSON),
        col(BedOccupancy.superseded_at).is_(None),
        col(BedOccupancy.ends_on).is_(None) | (col(BedOccupancy.ends_on) > starts_on),
    )
    if ends_on is not None:
        query = query.where(col(BedOccupancy.starts_on) < ends_on)
    return session.execute(query.limit(1)).scalar_one_or_none() is not None
