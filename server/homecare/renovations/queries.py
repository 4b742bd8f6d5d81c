"""Renovations, one by one, by stage and in sums, as far as row security lets the actor see them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select, text
from sqlmodel import Session, col

from server.errors import NotFound
from server.homecare.renovations.models import (
    QuoteState,
    Renovation,
    RenovationAcceptance,
    RenovationMove,
    RenovationNeed,
    RenovationPhoto,
    RenovationQuote,
    RenovationQuoteLine,
)
from server.homecare.renovations.states import RenovationState
from server.places.models import Division
from server.providers.models import Site
from server.residents.models import HardshipTier, Resident

SHOWN_AT_MOST = 500
# What was settled, group by group, with the amounts as they were frozen.
SUMS = text(
    """
    SELECT tier, count(*) AS homes, sum(cost_fen)::bigint AS cost_fen,
           sum(grant_fen)::bigint AS grant_fen, sum(own_pay_fen)::bigint AS own_pay_fen
      FROM renovation_fact GROUP BY tier ORDER BY sum(grant_fen) DESC, tier
    """
)
DISTANCES = text(
    """
    SELECT f.id, round(metres_between(f.x, f.y, n.x, n.y))::int AS metres
      FROM renovation_photo f JOIN renovation n ON n.id = f.renovation_id
     WHERE f.renovation_id = :renovation ORDER BY f.id
    """
)


def find_resident_of(session: Session, renovation_id: int) -> int | None:
    """Return whose home it is, None where the actor may not know of it."""
    query = select(col(Renovation.resident_id)).where(col(Renovation.id) == renovation_id)
    found: int | None = session.execute(query).scalar_one_or_none()
    return found


def get_renovation(session: Session, renovation_id: int) -> Row[Any]:
    """Return one renovation with its names; raises `NotFound`."""
    query = _renovations().where(col(Renovation.id) == renovation_id)
    row: Row[Any] | None = session.execute(query).one_or_none()
    if row is None:
        raise NotFound()
    return row


def list_of_residents(session: Session, resident_ids: Sequence[int]) -> Sequence[Row[Any]]:
    """Return the renovations of these people, what goes on first."""
    query = _renovations().where(col(Renovation.resident_id).in_(resident_ids))
    over = col(Renovation.state).in_((RenovationState.ENDED, RenovationState.SETTLED))
    ordered = query.order_by(over, col(Renovation.id).desc())
    rows: Sequence[Row[Any]] = session.execute(ordered).all()
    return rows


def list_renovations(
    session: Session,
    *,
    state: RenovationState | None = None,
    tier: HardshipTier | None = None,
    late_on: date | None = None,
) -> Sequence[Row[Any]]:
    """Return what the actor may see, those due first; `late_on` keeps what is overdue."""
    query = _renovations().order_by(
        col(Renovation.due_on).asc().nulls_last(), col(Renovation.since), col(Renovation.id)
    )
    if state is not None:
        query = query.where(col(Renovation.state) == state)
    if tier is not None:
        query = query.where(col(Renovation.tier) == tier)
    if late_on is not None:
        query = query.where(col(Renovation.due_on) < late_on)
    rows: Sequence[Row[Any]] = session.execute(query.limit(SHOWN_AT_MOST)).all()
    return rows


def count_renovations(session: Session, *, today: date) -> Mapping[RenovationState, Row[Any]]:
    """Return (homes, late) of each state that the actor may see."""
    late = func.count().filter(col(Renovation.due_on) < today)
    query = select(col(Renovation.state), func.count().label("homes"), late.label("late"))
    return {row.state: row for row in session.execute(query.group_by(col(Renovation.state)))}


def list_sums(session: Session) -> Sequence[Row[Any]]:
    """Return (tier, homes, cost, grant, own pay) of what was settled, by group."""
    return session.connection().execute(SUMS).all()


def list_moves(session: Session, renovation_id: int) -> Sequence[Row[Any]]:
    """Return every step, the first one first, with the name of the officer who took it."""
    query = select(
        *RenovationMove.__table__.columns,  # type: ignore[attr-defined]
        func.name_of_signer(col(RenovationMove.staff_id)).label("staff_name"),
    ).where(col(RenovationMove.renovation_id) == renovation_id)
    return session.execute(query.order_by(col(RenovationMove.id))).all()


def list_needs(session: Session, renovation_id: int) -> Sequence[RenovationNeed]:
    """Return what is needed, room by room."""
    query = select(RenovationNeed).where(col(RenovationNeed.renovation_id) == renovation_id)
    return session.execute(query.order_by(col(RenovationNeed.id))).scalars().all()


def list_photos(session: Session, renovation_id: int) -> Sequence[RenovationPhoto]:
    """Return the pictures that count, room by room, the oldest first."""
    query = select(RenovationPhoto).where(
        col(RenovationPhoto.renovation_id) == renovation_id,
        col(RenovationPhoto.superseded_at).is_(None),
    )
    ordered = query.order_by(col(RenovationPhoto.room), col(RenovationPhoto.id))
    return session.execute(ordered).scalars().all()


def photo_metres(session: Session, renovation_id: int) -> Mapping[int, int]:
    """Return how far from home each picture was taken."""
    rows = session.connection().execute(DISTANCES, {"renovation": renovation_id})
    return {row.id: row.metres for row in rows}


def has_photo(session: Session, renovation_id: int, file_id: int) -> bool:
    """Is the file a picture of this renovation?"""
    query = select(col(RenovationPhoto.id)).where(
        col(RenovationPhoto.renovation_id) == renovation_id,
        col(RenovationPhoto.file_id) == file_id,
    )
    return session.execute(query).one_or_none() is not None


def find_quote(session: Session, renovation_id: int) -> RenovationQuote | None:
    """Return the quote that stands, else None."""
    query = select(RenovationQuote).where(
        col(RenovationQuote.renovation_id) == renovation_id,
        col(RenovationQuote.state) != QuoteState.DECLINED,
    )
    found: RenovationQuote | None = session.execute(query).scalar_one_or_none()
    return found


def list_lines(session: Session, quote_id: int) -> Sequence[RenovationQuoteLine]:
    """Return what a quote is made of."""
    query = select(RenovationQuoteLine).where(col(RenovationQuoteLine.quote_id) == quote_id)
    return session.execute(query.order_by(col(RenovationQuoteLine.id))).scalars().all()


def list_acceptances(session: Session, renovation_id: int) -> Sequence[Row[Any]]:
    """Return who accepted what stands there now."""
    query = (
        select(
            col(RenovationAcceptance.accepted_at),
            col(RenovationAcceptance.note),
            col(RenovationAcceptance.staff_id),
            func.name_of_signer(col(RenovationAcceptance.staff_id)).label("staff_name"),
        )
        .where(
            col(RenovationAcceptance.renovation_id) == renovation_id,
            col(RenovationAcceptance.superseded_at).is_(None),
        )
        .order_by(col(RenovationAcceptance.place))
    )
    return session.execute(query).all()


def _renovations() -> Any:
    """A contractor that is not named yet sees a renovation without the name."""
    return (
        select(
            *Renovation.__table__.columns,  # type: ignore[attr-defined]
            col(Resident.name).label("resident_name"),
            col(Resident.village_code),
            col(Division.name).label("village_name"),
            col(Site.name).label("site_name"),
            col(Site.phone).label("site_phone"),
        )
        .select_from(Renovation)
        .outerjoin(Resident, col(Resident.id) == col(Renovation.resident_id))
        .outerjoin(Division, col(Division.code) == col(Resident.village_code))
        .outerjoin(Site, col(Site.id) == col(Renovation.site_id))
    )
