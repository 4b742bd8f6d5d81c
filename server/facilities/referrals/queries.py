"""Referrals in and out, as their facilities and offices may see them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, case, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from server.errors import NotFound
from server.facilities.models import Bed, BedOccupancy, Stay, StayStatus
from server.facilities.referrals.models import OPEN, Referral
from server.providers.models import Site
from server.providers.queries import within
from server.residents.models import Resident

SHOWN_AT_MOST = 200


def get_referral(session: Session, referral_id: int) -> Referral:
    """Return a referral the actor may know of; raises `NotFound`."""
    query = select(Referral).where(col(Referral.id) == referral_id)
    referral: Referral | None = session.execute(query).scalar_one_or_none()
    if referral is None:
        raise NotFound()
    return referral


def list_in(
    session: Session, *, prefixes: Sequence[str], site_ids: Sequence[int]
) -> Sequence[Row[Any]]:
    """Return referrals to these facilities: open ones first, by the day they must be answered."""
    return _listed(session, _among(col(Referral.to_site_id), prefixes, site_ids))


def list_out(
    session: Session, *, prefixes: Sequence[str], site_ids: Sequence[int]
) -> Sequence[Row[Any]]:
    """Return referrals from these facilities, in the same order."""
    return _listed(session, _among(col(Referral.from_site_id), prefixes, site_ids))


def get_shown(session: Session, referral_id: int) -> Row[Any]:
    """Return a referral with its names; raises `NotFound`."""
    rows = _listed(session, col(Referral.id) == referral_id)
    if not rows:
        raise NotFound()
    return rows[0]


def find_waiting_stay(session: Session, referral: Referral) -> Stay | None:
    """Return the stay at the facility to which the person comes back, where there is one."""
    query = select(Stay).where(
        col(Stay.resident_id) == referral.resident_id,
        col(Stay.site_id) == referral.to_site_id,
        col(Stay.kind) == referral.to_kind,
        col(Stay.status).in_([StayStatus.STAYING, StayStatus.AWAY]),
    )
    stay: Stay | None = session.execute(query).scalar_one_or_none()
    return stay


def list_free_beds(session: Session, *, site_id: int, kind: str, on: date) -> Sequence[Row[Any]]:
    """Return beds of a kind that are cleaned and that nothing takes from that day on."""
    taken = select(col(BedOccupancy.bed_id)).where(
        col(BedOccupancy.site_id) == site_id,
        col(BedOccupancy.superseded_at).is_(None),
        or_(col(BedOccupancy.ends_on).is_(None), col(BedOccupancy.ends_on) > on),
    )
    query = (
        select(col(Bed.id), col(Bed.label), col(Bed.is_nursing))
        .where(
            col(Bed.site_id) == site_id,
            col(Bed.kind) == kind,
            col(Bed.opened_on) <= on,
            col(Bed.left_uncleaned_at).is_(None),
            col(Bed.id).not_in(taken),
        )
        .order_by(col(Bed.label), col(Bed.id))
    )
    return session.execute(query).all()


def _among(column: Any, prefixes: Sequence[str], site_ids: Sequence[int]) -> ColumnElement[bool]:
    ids = select(col(Site.id)).where(within(prefixes, site_ids))
    among: ColumnElement[bool] = column.in_(ids)
    return among


def _listed(session: Session, condition: ColumnElement[bool]) -> Sequence[Row[Any]]:
    sender, receiver, held, bed = aliased(Site), aliased(Site), aliased(BedOccupancy), aliased(Bed)
    is_open = case((col(Referral.state).in_(OPEN), 0), else_=1)
    query: Any = (
        select(
            *Referral.__table__.columns,  # type: ignore[attr-defined]
            col(Resident.name).label("resident_name"),
            col(Resident.born_on),
            col(sender.name).label("from_site_name"),
            col(receiver.name).label("to_site_name"),
            col(bed.label).label("held_bed"),
            (is_open == 0).label("is_open"),
        )
        .join(receiver, col(receiver.id) == col(Referral.to_site_id))
        .outerjoin(sender, col(sender.id) == col(Referral.from_site_id))
        .outerjoin(
            held,
            (col(held.stay_id) == col(Referral.held_stay_id))
            & (col(held.state) == "held")
            & col(held.superseded_at).is_(None),
        )
        .outerjoin(bed, col(bed.id) == col(held.bed_id))
        .outerjoin(Resident, col(Resident.id) == col(Referral.resident_id))
        .where(condition)
        .order_by(is_open, col(Referral.decide_by), col(Referral.id).desc())
        .limit(SHOWN_AT_MOST)
    )
    rows: Sequence[Row[Any]] = session.execute(query).all()
    return rows
