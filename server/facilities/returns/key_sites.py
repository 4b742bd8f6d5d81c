"""For which facilities the holder of a key may file: given one by one, and never all of a list.

What was given is not taken back from a key; a key that has too much is revoked for another.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, func, select
from sqlmodel import Session, col

from server.facilities.returns.models import ApiKeySite
from server.facilities.returns.queries import FILING_KINDS
from server.places.models import Division
from server.providers.models import OpeningState, Site


def list_key_sites(session: Session, api_key_id: int) -> Sequence[Row[Any]]:
    """Return (id, name, county_name) of the facilities a key files for, by county and name."""
    return _homes(session, col(Site.id).in_(_given(api_key_id)))


def list_homes_to_give(session: Session, *, api_key_id: int | None = None) -> Sequence[Row[Any]]:
    """Return the open homes that file returns and that the key has not been given yet."""
    condition = (col(Site.opening_state) == OpeningState.OPEN) & col(Site.kind).in_(FILING_KINDS)
    if api_key_id is not None:
        condition &= col(Site.id).not_in(_given(api_key_id))
    return _homes(session, condition)


def _given(api_key_id: int) -> Any:
    return select(col(ApiKeySite.site_id)).where(col(ApiKeySite.api_key_id) == api_key_id)


def _homes(session: Session, condition: ColumnElement[bool]) -> Sequence[Row[Any]]:
    county = func.left(col(Site.division_code), 6)
    query: Any = (
        select(
            col(Site.id),
            col(Site.name),
            county.label("county_code"),
            col(Division.name).label("county_name"),
        )
        .outerjoin(Division, col(Division.code) == county)
        .where(condition)
        .order_by(county, col(Site.name), col(Site.id))
    )
    rows: Sequence[Row[Any]] = session.execute(query).all()
    return rows
