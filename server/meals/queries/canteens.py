"""Canteens as an eater looks for them: the usual one first, then the nearest."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, func, literal, select, tuple_
from sqlmodel import Session, col

from server.errors import NotFound
from server.meals.models import Canteen, Sitting
from server.places.models import Division
from server.providers.models import OpeningState, Site
from server.providers.queries import within

USUAL, SAME_VILLAGE, SAME_TOWN, SAME_COUNTY, CITY = range(5)
NEARNESS = ("usual", "same_village", "same_town", "same_county", "city")


def list_canteens(
    session: Session,
    *,
    village_code: str,
    usual_canteen_id: int | None,
    today: date,
    now: datetime,
    after: tuple[int, str, int] | None = None,
    limit: int,
) -> Sequence[Row[Any]]:
    """Return open canteens by (nearness, name, id), starting after such a key.

    Nearness is by division, since most addresses have no coordinates.
    """
    rank = _rank(village_code, usual_canteen_id)
    query = _canteens(rank, today=today, now=now).where(
        col(Site.opening_state) == OpeningState.OPEN
    )
    if after is not None:
        query = query.where(tuple_(rank, col(Site.name), col(Site.id)) > tuple_(*after))
    return session.execute(query.order_by(rank, col(Site.name), col(Site.id)).limit(limit)).all()


def get_canteen(
    session: Session,
    canteen_id: int,
    *,
    village_code: str = "",
    usual_canteen_id: int | None = None,
    today: date,
    now: datetime,
) -> Row[Any]:
    """Return one canteen as `list_canteens` shows it; raises `NotFound`."""
    rank = _rank(village_code, usual_canteen_id)
    query = _canteens(rank, today=today, now=now).where(col(Site.id) == canteen_id)
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound()
    return row


def list_canteens_within(
    session: Session, *, prefixes: Sequence[str], site_ids: Sequence[int]
) -> Sequence[Row[Any]]:
    """Return id, name and county of the canteens of this scope, by name."""
    county = (
        select(col(Division.name))
        .where(col(Division.code) == func.left(col(Site.division_code), 6))
        .correlate(Site)
        .scalar_subquery()
    )
    return session.execute(
        select(
            col(Site.id),
            col(Site.name),
            col(Site.division_code),
            county.label("county_name"),
            col(Canteen.operating_model),
        )
        .join(Canteen, col(Canteen.site_id) == col(Site.id))
        .where(within(prefixes, site_ids))
        .order_by(col(Site.name), col(Site.id))
    ).all()


def _canteens(rank: ColumnElement[int], *, today: date, now: datetime) -> Select[Any]:
    meals = (
        select(func.array_agg(col(Sitting.meal).distinct()))
        .where(col(Sitting.canteen_id) == col(Site.id), col(Sitting.service_on) >= today)
        .correlate(Site)
        .scalar_subquery()
    )
    left_today = (
        select(func.sum(col(Sitting.capacity) - col(Sitting.booked)))
        .where(
            col(Sitting.canteen_id) == col(Site.id),
            col(Sitting.service_on) == today,
            col(Sitting.cutoff_at) > now,
            col(Sitting.published_at).is_not(None),
            col(Sitting.closed_at).is_(None),
        )
        .correlate(Site)
        .scalar_subquery()
    )
    return (
        select(
            col(Site.id),
            col(Site.name),
            col(Site.address),
            col(Site.phone),
            col(Division.name).label("division_name"),
            col(Canteen.operating_model),
            rank.label("rank"),
            meals.label("serves"),
            left_today.label("places_left_today"),
        )
        .select_from(Canteen)
        .join(Site, col(Site.id) == col(Canteen.site_id))
        .join(Division, col(Division.code) == col(Site.division_code))
    )


def _rank(village_code: str, usual_canteen_id: int | None) -> ColumnElement[int]:
    code = col(Site.division_code)
    lies_under = [
        (func.left(code, length) == village_code[:length], literal(near))
        for length, near in ((12, SAME_VILLAGE), (9, SAME_TOWN), (6, SAME_COUNTY))
        if len(village_code) >= length
    ]
    usual = (col(Site.id) == usual_canteen_id, literal(USUAL))
    return case(usual, *lies_under, else_=literal(CITY))
