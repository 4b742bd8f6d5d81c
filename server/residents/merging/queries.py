"""Pairs and merges as those who decide them read them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, Select, Text, func, select, tuple_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from server.errors import NotFound
from server.places.models import Division
from server.providers.models import Site
from server.residents.merging.models import (
    MergeState,
    PairState,
    PossibleDuplicate,
    ResidentMerge,
)
from server.residents.models import Resident
from server.residents.register import in_reach


class Part(StrEnum):
    """Which pairs of the desk: those to be looked at, and what became of the others."""

    OPEN = "open"  # 待核对
    WAITING = "waiting"  # 待确认
    MERGED = "merged"  # 已合并
    DIFFERENT = "different"  # 不是同一人


STANDING = (MergeState.PROPOSED, MergeState.DONE)
One: Any = aliased(Resident)
Other: Any = aliased(Resident)
OneVillage: Any = aliased(Division)
OtherVillage: Any = aliased(Division)
Standing: Any = aliased(ResidentMerge)


def list_pairs(
    session: Session,
    *,
    part: Part,
    after: tuple[datetime, int] | None = None,
    limit: int,
) -> Sequence[Row[Any]]:
    """Return pairs of whom both are in reach, the newest first.

    `merge_state` says where a merge of them stands. An open pair of whom one was merged with
    somebody else meanwhile is left out.
    """
    order = (col(PossibleDuplicate.found_at), col(PossibleDuplicate.id))
    query = _pairs(session).where(*_OF_A_PART[part])
    if after is not None:
        query = query.where(tuple_(*order) < tuple_(*after))
    return session.execute(query.order_by(*(one.desc() for one in order)).limit(limit)).all()


def part_of(pair: Row[Any]) -> Part:
    """Return where on the desk one of `list_pairs` lies."""
    if pair.state is PairState.OPEN:
        return Part.WAITING if pair.merge_state is MergeState.PROPOSED else Part.OPEN
    return Part(pair.state.value)


def get_pair(session: Session, pair_id: int) -> Row[Any]:
    """Return one of `list_pairs`; raises `NotFound` where one of the two is beyond one's reach."""
    row = session.execute(_pairs(session).where(col(PossibleDuplicate.id) == pair_id)).one_or_none()
    if row is None:
        raise NotFound()
    return row


def list_sides(session: Session, resident_ids: Sequence[int]) -> dict[int, Row[Any]]:
    """Return both residents of a pair with every field that can be chosen, by number."""
    query = (
        select(
            col(Resident.id), col(Resident.name), col(Resident.sex), col(Resident.born_on),
            col(Resident.phone), col(Resident.address), col(Resident.village_code),
            col(Resident.id_number_cipher), col(Resident.usual_canteen_id),
            col(Resident.died_on), col(Resident.moved_away_on), col(Resident.merged_into_id),
            col(Division.name).label("village_name"), col(Site.name).label("usual_canteen"),
        )
        .join(Division, col(Division.code) == col(Resident.village_code))
        .join(Site, col(Site.id) == col(Resident.usual_canteen_id), isouter=True)
        .where(col(Resident.id).in_(resident_ids), in_reach(session))
    )  # fmt: skip
    return {row.id: row for row in session.execute(query).all()}


def list_merges(session: Session, pair_id: int) -> Sequence[Row[Any]]:
    """Return what was proposed, decided and undone of a pair, the latest first."""
    names = {
        name: func.name_of_staff(getattr(ResidentMerge, name), type_=Text).label(f"{name}_name")
        for name in ("proposed_by", "decided_by", "undone_by")
    }
    query: Any = (
        select(*ResidentMerge.__table__.c, *names.values())  # type: ignore[attr-defined]
        .where(col(ResidentMerge.pair_id) == pair_id)
        .order_by(col(ResidentMerge.id).desc())
    )
    return session.execute(query).all()


def lock_pair(session: Session, pair_id: int) -> PossibleDuplicate:
    """Hold a pair still, of whom both are in reach; raises `NotFound`."""
    get_pair(session, pair_id)
    pair: PossibleDuplicate = session.execute(
        select(PossibleDuplicate)
        .where(col(PossibleDuplicate.id) == pair_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one()
    return pair


def find_standing_merge(session: Session, pair_id: int) -> ResidentMerge | None:
    """Return the merge of a pair that is proposed or done."""
    return session.execute(
        select(ResidentMerge)
        .where(col(ResidentMerge.pair_id) == pair_id, col(ResidentMerge.state).in_(STANDING))
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()


def get_merge(session: Session, merge_id: int) -> ResidentMerge:
    """Return a merge as it is now; raises `NotFound`."""
    merge = session.get(ResidentMerge, merge_id, populate_existing=True)
    if merge is None:
        raise NotFound()
    return merge


_IS_FREE = (
    col(PossibleDuplicate.state) == PairState.OPEN,
    One.merged_into_id.is_(None),
    Other.merged_into_id.is_(None),
)
_OF_A_PART: Mapping[Part, Sequence[Any]] = {
    Part.OPEN: (*_IS_FREE, Standing.id.is_(None)),
    Part.WAITING: (*_IS_FREE, Standing.state == MergeState.PROPOSED),
    Part.MERGED: (col(PossibleDuplicate.state) == PairState.MERGED,),
    Part.DIFFERENT: (col(PossibleDuplicate.state) == PairState.DIFFERENT,),
}


def _pairs(session: Session) -> Select[Any]:
    return (
        select(
            col(PossibleDuplicate.id),
            col(PossibleDuplicate.one_id),
            col(PossibleDuplicate.other_id),
            col(PossibleDuplicate.why),
            col(PossibleDuplicate.found_at),
            col(PossibleDuplicate.state),
            col(PossibleDuplicate.decided_at),
            col(PossibleDuplicate.reason),
            One.name,
            One.born_on,
            One.sex,
            One.phone.label("one_phone"),
            Other.phone.label("other_phone"),
            OneVillage.name.label("one_village"),
            OtherVillage.name.label("other_village"),
            Standing.state.label("merge_state"),
        )
        .join(One, One.id == col(PossibleDuplicate.one_id))
        .join(Other, Other.id == col(PossibleDuplicate.other_id))
        .join(OneVillage, OneVillage.code == One.village_code)
        .join(OtherVillage, OtherVillage.code == Other.village_code)
        .join(
            Standing,
            (Standing.pair_id == col(PossibleDuplicate.id)) & Standing.state.in_(STANDING),
            isouter=True,
        )
        .where(in_reach(session, One), in_reach(session, Other))
    )
