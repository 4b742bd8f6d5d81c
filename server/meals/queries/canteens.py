"""Canteens as an eater looks for them: the usual one first, then the nearest."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    Row,
    Select,
    Text,
    bindparam,
    case,
    func,
    literal,
    select,
    tuple_,
)
from sqlmodel import Session, col

from server.db.tables import spelled_out
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
    query = _OPEN_CANTEENS
    if after is not None:
        query = query.where(tuple_(_RANK, col(Site.name), col(Site.id)) > tuple_(*after))
    values = _values(village_code, usual_canteen_id, today=today, now=now) | {"most": limit}
    return session.connection().execute(query, values).all()


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
    values = _values(village_code, usual_canteen_id, today=today, now=now)
    row = session.connection().execute(_ONE_CANTEEN, values | {"canteen": canteen_id}).one_or_none()
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


def _values(
    village_code: str, usual_canteen_id: int | None, *, today: date, now: datetime
) -> dict[str, Any]:
    return {"village": village_code, "usual": usual_canteen_id, "today": today, "now": now}


def _rank() -> ColumnElement[int]:
    """How near a site is; a place named by fewer digits than a division has is not beneath it."""
    village = bindparam("village", type_=Text)
    lies_under = [
        (
            (func.left(col(Site.division_code), length) == func.left(village, length))
            & (func.length(village) >= length),
            literal(near),
        )
        for length, near in ((12, SAME_VILLAGE), (9, SAME_TOWN), (6, SAME_COUNTY))
    ]
    usual = (col(Site.id) == bindparam("usual", type_=BigInteger), literal(USUAL))
    return case(usual, *lies_under, else_=literal(CITY))


def _canteens() -> Select[Any]:
    today = bindparam("today", type_=Date)
    meals = (
        select(func.array_agg(col(Sitting.meal).distinct()))
        .where(col(Sitting.canteen_id) == col(Site.id), col(Sitting.service_on) >= today)
        .correlate(Site)
        .scalar_subquery()
    )
    left_today = (
        select(func.sum(col(Sitting.capacity) - col(Sitting.booked) - col(Sitting.held)))
        .where(
            col(Sitting.canteen_id) == col(Site.id),
            col(Sitting.service_on) == today,
            col(Sitting.cutoff_at) > bindparam("now", type_=DateTime(timezone=True)),
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
            _RANK.label("rank"),
            meals.label("serves"),
            left_today.label("places_left_today"),
        )
        .select_from(Canteen)
        .join(Site, col(Site.id) == col(Canteen.site_id))
        .join(Division, col(Division.code) == col(Site.division_code))
    )


# Put together once: doing so at each request takes longer than the database needs for the answer.
_RANK = _rank()
_OPEN_CANTEENS = (
    _canteens()
    .where(col(Site.opening_state) == spelled_out(OpeningState.OPEN))
    .order_by(_RANK, col(Site.name), col(Site.id))
    .limit(bindparam("most", type_=Integer))
)
_ONE_CANTEEN = _canteens().where(col(Site.id) == bindparam("canteen", type_=BigInteger))
