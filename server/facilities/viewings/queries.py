"""Visits, as whoever asked and as the home may see them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, select
from sqlmodel import Session, col

from server.errors import NotFound
from server.facilities.viewings.models import AHEAD, Viewing
from server.providers.models import Site
from server.providers.queries import within
from server.residents.models import Resident

SHOWN_AT_MOST = 200


def get_viewing(session: Session, viewing_id: int) -> Viewing:
    """Return a visit the actor may know of; raises `NotFound`."""
    query = select(Viewing).where(col(Viewing.id) == viewing_id)
    viewing: Viewing | None = session.execute(query).scalar_one_or_none()
    if viewing is None:
        raise NotFound()
    return viewing


def find_resident_of(session: Session, viewing_id: int) -> int | None:
    """Return who wants to visit, as far as the actor may know."""
    query = select(col(Viewing.resident_id)).where(col(Viewing.id) == viewing_id)
    return session.execute(query).scalar_one_or_none()


def get_shown(session: Session, viewing_id: int) -> Row[Any]:
    """Return a visit with its names; raises `NotFound`."""
    rows = _shown(session, col(Viewing.id) == viewing_id)
    if not rows:
        raise NotFound()
    return rows[0]


def list_viewings(session: Session, resident_ids: Sequence[int]) -> Sequence[Row[Any]]:
    """Return the visits of these people, those ahead first, the latest day first."""
    return _shown(session, col(Viewing.resident_id).in_(resident_ids))


def list_asked(
    session: Session, *, prefixes: Sequence[str], site_ids: Sequence[int], since: date
) -> Sequence[Row[Any]]:
    """Return visits to these homes since a day, those ahead first."""
    return _shown(session, within(prefixes, site_ids) & (col(Viewing.day) >= since))


def _shown(session: Session, condition: ColumnElement[bool]) -> Sequence[Row[Any]]:
    query: Any = (
        select(
            *Viewing.__table__.columns,  # type: ignore[attr-defined]
            col(Site.name).label("site_name"),
            col(Site.phone).label("site_phone"),
            col(Site.address).label("site_address"),
            col(Resident.name).label("resident_name"),
        )
        .join(Site, col(Site.id) == col(Viewing.site_id))
        .outerjoin(Resident, col(Resident.id) == col(Viewing.resident_id))
        .where(condition)
        .order_by(col(Viewing.state).in_(AHEAD).desc(), col(Viewing.day).desc(), col(Viewing.id))
        .limit(SHOWN_AT_MOST)
    )
    rows: Sequence[Row[Any]] = session.execute(query).all()
    return rows
