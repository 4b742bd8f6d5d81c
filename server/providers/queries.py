"""The register of sites, which is public, by kind, place and name."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, func, literal, or_, select, tuple_
from sqlmodel import Session, col

from server.errors import NotFound
from server.places.models import Division
from server.providers.models import FacilityKind, OpeningState, Ownership, Site

SAME_TOWN, SAME_COUNTY, CITY = range(3)
NEARNESS = ("same_town", "same_county", "city")


def list_sites_near(
    session: Session,
    *,
    kind: FacilityKind,
    village_code: str,
    after: tuple[int, str, int] | None = None,
    limit: int,
) -> Sequence[Row[Any]]:
    """Return open sites of a kind by (nearness, name, id), starting after such a key."""
    rank = _rank(village_code)
    query = _sites(rank).where(col(Site.kind) == kind, col(Site.opening_state) == OpeningState.OPEN)
    if after is not None:
        query = query.where(tuple_(rank, col(Site.name), col(Site.id)) > tuple_(*after))
    return session.execute(query.order_by(rank, col(Site.name), col(Site.id)).limit(limit)).all()


def list_register(
    session: Session,
    *,
    prefixes: Sequence[str],
    site_ids: Sequence[int],
    kind: FacilityKind | None = None,
    ownership: Ownership | None = None,
    division: str | None = None,
    name: str = "",
    after: tuple[str, int] | None = None,
    limit: int,
) -> Sequence[Row[Any]]:
    """Return the sites within these prefixes or of these keys by (name, id), filtered."""
    query = _sites(literal(CITY)).where(_in_scope(prefixes, site_ids))
    if kind is not None:
        query = query.where(col(Site.kind) == kind)
    if ownership is not None:
        query = query.where(col(Site.ownership) == ownership)
    if division is not None:
        query = query.where(col(Site.division_code).startswith(division, autoescape=True))
    if name:
        query = query.where(col(Site.name).contains(name, autoescape=True))
    if after is not None:
        query = query.where(tuple_(col(Site.name), col(Site.id)) > tuple_(*after))
    return session.execute(query.order_by(col(Site.name), col(Site.id)).limit(limit)).all()


def get_site(
    session: Session, site_id: int, *, prefixes: Sequence[str], site_ids: Sequence[int]
) -> Row[Any]:
    """Return a site within the scope; raises `NotFound` for any other."""
    row = session.execute(
        _sites(literal(CITY)).where(col(Site.id) == site_id, _in_scope(prefixes, site_ids))
    ).one_or_none()
    if row is None:
        raise NotFound()
    return row


def count_sites_by_kind(session: Session, *, prefixes: Sequence[str]) -> Sequence[Row[Any]]:
    """Return how many sites of each kind the prefixes hold, and their declared beds."""
    return session.execute(
        select(
            col(Site.kind),
            func.count().label("sites"),
            func.sum(col(Site.beds_declared)).label("beds_declared"),
        )
        .where(_in_scope(prefixes, ()))
        .group_by(col(Site.kind))
        .order_by(col(Site.kind))
    ).all()


def _sites(rank: ColumnElement[int]) -> Select[Any]:
    county = (
        select(col(Division.name))
        .where(col(Division.code) == func.left(col(Site.division_code), 6))
        .correlate(Site)
        .scalar_subquery()
    )
    return select(
        *Site.__table__.columns,  # type: ignore[attr-defined]
        county.label("county_name"),
        rank.label("rank"),
    )


def _in_scope(prefixes: Sequence[str], site_ids: Sequence[int]) -> ColumnElement[bool]:
    under = [col(Site.division_code).startswith(prefix, autoescape=True) for prefix in prefixes]
    return or_(col(Site.id).in_(site_ids), *under)


def _rank(village_code: str) -> ColumnElement[int]:
    code = col(Site.division_code)
    return case(
        (func.left(code, 9) == village_code[:9], literal(SAME_TOWN)),
        (func.left(code, 6) == village_code[:6], literal(SAME_COUNTY)),
        else_=literal(CITY),
    )
