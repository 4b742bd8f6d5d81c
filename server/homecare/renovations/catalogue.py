"""What may be put up in homes, and up to which price: the city's own dated data."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import Session, col

from server.db.refusals import refusing
from server.homecare.renovations.errors import ItemCodeTaken
from server.homecare.renovations.models import RenovationItem


def list_items(session: Session, *, on: date) -> Sequence[RenovationItem]:
    """Return the catalogue of a day, the basic items first; what is offered no more is left out."""
    latest = (
        select(RenovationItem)
        .where(col(RenovationItem.starts_on) <= on)
        .ext(distinct_on(col(RenovationItem.code)))
        .order_by(col(RenovationItem.code), col(RenovationItem.starts_on).desc())
    )
    rows = [one for one in session.execute(latest).scalars() if one.is_offered]
    return sorted(rows, key=lambda one: (not one.is_basic, one.id or 0))


def items_by_code(session: Session, *, on: date) -> Mapping[str, RenovationItem]:
    """Return the catalogue of a day by code."""
    return {one.code: one for one in list_items(session, on=on)}


def list_history(session: Session) -> Sequence[RenovationItem]:
    """Return every row of the catalogue, with what is said for days to come."""
    query = select(RenovationItem).order_by(
        col(RenovationItem.is_basic).desc(),
        col(RenovationItem.code),
        col(RenovationItem.starts_on).desc(),
    )
    return session.execute(query).scalars().all()


def set_item(session: Session, item: RenovationItem) -> RenovationItem:
    """Say what an item is called and may cost from a day on; raises `ItemCodeTaken`.

    A basic item stays one, whatever is said; no other becomes one.
    """
    known = select(col(RenovationItem.is_basic)).where(col(RenovationItem.code) == item.code)
    item.is_basic = bool(session.execute(known.limit(1)).scalar_one_or_none())
    item.is_offered = item.is_offered or item.is_basic
    with refusing(session, {"uq_renovation_item_code_starts_on": ItemCodeTaken()}):
        session.add(item)
    return item
