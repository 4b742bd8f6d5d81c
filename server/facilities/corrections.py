"""What is put right about rooms and beds: names, and what makes a bed a nursing bed."""

from collections.abc import Sequence

from sqlalchemy import case, func, select, update
from sqlmodel import Session, col

from server.db.refusals import all_or_nothing, refusing
from server.errors import NotFound
from server.facilities.errors import BedLabelTaken, RoomExists
from server.facilities.models import Bed, Room


@all_or_nothing
def rename_room(session: Session, room_id: int, *, site_id: int, name: str) -> None:
    """Give a room another name; beds that are called after it are called after it again.

    Raises `RoomExists`, `BedLabelTaken`, `NotFound`.
    """
    query = select(col(Room.name)).where(col(Room.id) == room_id, col(Room.site_id) == site_id)
    before = session.execute(query.with_for_update()).scalar_one_or_none()
    if before is None:
        raise NotFound()
    renamed = update(Room).where(col(Room.id) == room_id).values(name=name)
    with refusing(session, {"uq_room_site_id_name": RoomExists(room=name)}):
        session.execute(renamed)
    rest = func.substr(col(Bed.label), len(before) + 1)
    is_called_after_it = func.substr(col(Bed.label), 1, len(before) + 1) == f"{before}-"
    label = case((is_called_after_it, func.concat(name, rest)), else_=col(Bed.label))
    with refusing(session, {"uq_bed_site_id_label": BedLabelTaken(bed=name)}):
        session.execute(update(Bed).where(col(Bed.room_id) == room_id).values(label=label))


@all_or_nothing
def correct_bed(
    session: Session,
    bed_id: int,
    *,
    site_id: int,
    label: str,
    is_nursing: bool,
    nursing_evidence: Sequence[str],
) -> None:
    """Keep a bed's label, and whether and why it counts as a nursing bed.

    Raises `BedLabelTaken`, `NotFound`.
    """
    corrected = (
        update(Bed)
        .where(col(Bed.id) == bed_id, col(Bed.site_id) == site_id)
        .values(label=label, is_nursing=is_nursing, nursing_evidence=list(nursing_evidence))
        .returning(col(Bed.id))
    )
    with refusing(session, {"uq_bed_site_id_label": BedLabelTaken(bed=label)}):
        found = session.execute(corrected).scalar_one_or_none()
    if found is None:
        raise NotFound()
