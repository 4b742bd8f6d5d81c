"""The waiting list, as whoever waits and as the facility may see it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, select, true
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from server.errors import NotFound
from server.facilities.models import Bed, Stay
from server.facilities.waiting.models import STILL_WAITS, BedOffer, OfferState, WaitingEntry
from server.providers.models import Site
from server.providers.queries import within
from server.residents.models import Resident

SHOWN_AT_MOST = 500


def get_entry(session: Session, entry_id: int) -> WaitingEntry:
    """Return an entry the actor may know of; raises `NotFound`."""
    query = select(WaitingEntry).where(col(WaitingEntry.id) == entry_id)
    entry: WaitingEntry | None = session.execute(query).scalar_one_or_none()
    if entry is None:
        raise NotFound()
    return entry


def find_resident_of(session: Session, entry_id: int) -> int | None:
    """Return who waits, as far as the actor may know."""
    query = select(col(WaitingEntry.resident_id)).where(col(WaitingEntry.id) == entry_id)
    return session.execute(query).scalar_one_or_none()


def find_open_offer(session: Session, entry_id: int) -> BedOffer | None:
    """Return the offer that waits for an answer, where there is one."""
    query = select(BedOffer).where(
        col(BedOffer.entry_id) == entry_id, col(BedOffer.state) == OfferState.OPEN
    )
    offer: BedOffer | None = session.execute(query).scalar_one_or_none()
    return offer


def check_offer_of(session: Session, offer_id: int, entry_id: int) -> None:
    """Raise `NotFound` unless the offer belongs to the entry."""
    query = select(col(BedOffer.id)).where(
        col(BedOffer.id) == offer_id, col(BedOffer.entry_id) == entry_id
    )
    if session.execute(query).first() is None:
        raise NotFound()


def list_applications(session: Session, resident_ids: Sequence[int]) -> Sequence[Row[Any]]:
    """Return what these people have applied for, what still waits first, the latest first."""
    return _shown(session, col(WaitingEntry.resident_id).in_(resident_ids))


def get_application(session: Session, entry_id: int) -> Row[Any]:
    """Return one application as `list_applications` does; raises `NotFound`."""
    rows = _shown(session, col(WaitingEntry.id) == entry_id)
    if not rows:
        raise NotFound()
    return rows[0]


def list_waiting(
    session: Session, *, prefixes: Sequence[str], site_ids: Sequence[int]
) -> Sequence[Row[Any]]:
    """Return who waits at these facilities: by facility and kind of bed, in the order of the list.

    `offer_until` stands where a bed is offered.
    """
    query: Any = (
        select(
            *WaitingEntry.__table__.columns,  # type: ignore[attr-defined]
            col(Site.name).label("site_name"),
            col(Resident.name).label("resident_name"),
            col(Resident.born_on),
            col(Bed.label).label("offered_bed"),
            col(BedOffer.expires_at).label("offer_until"),
        )
        .join(Site, col(Site.id) == col(WaitingEntry.site_id))
        .outerjoin(Resident, col(Resident.id) == col(WaitingEntry.resident_id))
        .outerjoin(BedOffer, _open_offer())
        .outerjoin(Bed, col(Bed.id) == col(BedOffer.bed_id))
        .where(within(prefixes, site_ids), col(WaitingEntry.state).in_(STILL_WAITS))
        .order_by(
            col(Site.name),
            col(WaitingEntry.site_id),
            col(WaitingEntry.kind),
            col(WaitingEntry.priority),
            col(WaitingEntry.since),
            col(WaitingEntry.id),
        )
        .limit(SHOWN_AT_MOST)
    )
    rows: Sequence[Row[Any]] = session.execute(query).all()
    return rows


def _open_offer() -> ColumnElement[bool]:
    return and_(
        col(BedOffer.entry_id) == col(WaitingEntry.id), col(BedOffer.state) == OfferState.OPEN
    )


def _taken_offer(taken: Any) -> ColumnElement[bool]:
    return and_(
        col(taken.entry_id) == col(WaitingEntry.id), col(taken.state) == OfferState.ACCEPTED
    )


def _shown(session: Session, condition: ColumnElement[bool]) -> Sequence[Row[Any]]:
    """`place` counts everybody who waits, also those whom the reader may not know."""
    place = (
        func.place_in_queue(col(WaitingEntry.id))
        .table_valued("place", "ahead_by_ground", name="queue")
        .render_derived()
        .lateral()
    )
    taken = aliased(BedOffer)
    query: Any = (
        select(
            *WaitingEntry.__table__.columns,  # type: ignore[attr-defined]
            col(Site.name).label("site_name"),
            col(Site.phone).label("site_phone"),
            col(Site.address).label("site_address"),
            col(Resident.name).label("resident_name"),
            place.c.place,
            place.c.ahead_by_ground,
            col(BedOffer.id).label("offer_id"),
            col(BedOffer.expires_at).label("offer_until"),
            col(Bed.label).label("offered_bed"),
            col(Stay.planned_on).label("held_from"),
            col(Stay.hold_until).label("held_until"),
        )
        .join(Site, col(Site.id) == col(WaitingEntry.site_id))
        .join(Resident, col(Resident.id) == col(WaitingEntry.resident_id))
        .outerjoin(place, true())
        .outerjoin(BedOffer, _open_offer())
        .outerjoin(Bed, col(Bed.id) == col(BedOffer.bed_id))
        .outerjoin(taken, _taken_offer(taken))
        .outerjoin(Stay, col(Stay.id) == col(taken.stay_id))
        .where(condition)
        .order_by(
            col(WaitingEntry.state).in_(STILL_WAITS).desc(),
            col(WaitingEntry.since).desc(),
            col(WaitingEntry.id),
        )
        .limit(SHOWN_AT_MOST)
    )
    rows: Sequence[Row[Any]] = session.execute(query).all()
    return rows
