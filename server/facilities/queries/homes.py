"""Homes to choose from: the public register, and how many beds are free at this moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Date,
    Row,
    bindparam,
    case,
    exists,
    func,
    select,
    text,
    tuple_,
)
from sqlmodel import Session, col

from server.db.tables import table_of
from server.errors import NotFound
from server.facilities.models import Bed, BedKind
from server.places.models import Division
from server.providers.choosing import Choosing
from server.providers.models import FacilityKind, OpeningState, Site
from server.providers.positions import Position, metres_from
from server.providers.queries import CITY, SAME_COUNTY, SAME_TOWN, rank_from

HOMES = (FacilityKind.CARE_HOME, FacilityKind.TOWNSHIP_HOME, FacilityKind.STREET_CENTRE)
WIDEST = {"town": 9, "county": 6, "city": 4}
# Where a home without a place of its own stands in the order: as far as most homes of the elder's
# town, county and city. It is an order alone; nobody is shown these metres.
AS_FAR_AS = {SAME_TOWN: 3_000, SAME_COUNTY: 15_000, CITY: 40_000}

_FREE_BEDS = text(
    "SELECT site_id, kind, beds, free, free_nursing FROM free_beds(:today, :sites)"
    " ORDER BY site_id, kind"
).bindparams(bindparam("today", type_=Date), bindparam("sites", type_=ARRAY(BigInteger)))


@dataclass(frozen=True)
class Wishes:
    """What a home must have; what is None or False does not narrow the list."""

    near: str = "city"
    division: str | None = None
    site_kind: FacilityKind | None = None
    kind: BedKind | None = None
    max_price_fen: int | None = None
    min_stars: int | None = None
    inclusive: bool = False
    nursing: bool = False
    accepting: bool = False
    free: bool = False


def list_homes(
    session: Session,
    wishes: Wishes,
    *,
    village_code: str,
    lives_at: Position | None,
    today: date,
    after: tuple[int, str, int] | None = None,
    limit: int,
) -> Sequence[Row[Any]]:
    """Return open homes by (how_far, name, id), starting after such a key: the nearest first.

    `how_far` is in metres from `lives_at`; without it, or without a place of the home's own, as far
    as the town, county or city that both lie in lets expect.

    Each with `stars`, and with what a month costs, from and to, as both are today.
    """
    rank = rank_from(village_code)
    choosing = Choosing.on(today)
    order = (_how_far(rank, lives_at), col(Site.name), col(Site.id))
    query = _homes(rank, choosing).add_columns(order[0].label("how_far"))
    query = query.where(*_conditions(wishes, choosing, village_code, today))
    if after is not None:
        query = query.where(tuple_(*order) > tuple_(*after))
    rows = session.execute(query.order_by(*order).limit(limit))
    found: Sequence[Row[Any]] = rows.all()
    return found


def get_home(session: Session, site_id: int, *, village_code: str, today: date) -> Row[Any]:
    """Return one home as `list_homes` does, open or not; raises `NotFound`."""
    query = _homes(rank_from(village_code), Choosing.on(today)).where(
        col(Site.id) == site_id, col(Site.kind).in_(HOMES)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        raise NotFound()
    found: Row[Any] = row
    return found


def free_beds_of(
    session: Session, site_ids: Sequence[int], *, today: date
) -> Mapping[int, list[Row[Any]]]:
    """Return (kind, beds, free, free_nursing) by home; a home that records no beds is not in it."""
    of_homes: dict[int, list[Row[Any]]] = {}
    for row in session.execute(_FREE_BEDS, {"today": today, "sites": list(site_ids)}).all():
        of_homes.setdefault(row.site_id, []).append(row)
    return of_homes


def list_with_beds(session: Session) -> Sequence[Row[Any]]:
    """Return (id, name) of every open facility that records beds, by name."""
    query = (
        select(col(Site.id), col(Site.name))
        .where(col(Site.opening_state) == OpeningState.OPEN, exists().where(_stands_here))
        .order_by(col(Site.name), col(Site.id))
    )
    return session.execute(query).all()


def _homes(rank: ColumnElement[int], choosing: Choosing) -> Any:
    county = (
        select(col(Division.name))
        .where(col(Division.code) == func.left(col(Site.division_code), 6))
        .correlate(Site)
        .scalar_subquery()
    )
    of_site = table_of(Site).columns
    query = select(
        *(column for column in of_site if column is not of_site.monthly_price_from_fen),
        county.label("county_name"),
        rank.label("rank"),
        choosing.star.label("stars"),
        choosing.price_from.label("monthly_price_from_fen"),
        choosing.price_to.label("monthly_price_to_fen"),
    )
    return choosing.beside(query)


def _how_far(rank: ColumnElement[int], lives_at: Position | None) -> ColumnElement[int]:
    expected = case(AS_FAR_AS, value=rank)
    return expected if lives_at is None else func.coalesce(metres_from(lives_at), expected)


def _conditions(
    wishes: Wishes, choosing: Choosing, village_code: str, today: date
) -> list[ColumnElement[bool]]:
    around = village_code[: WIDEST[wishes.near]]
    return [
        col(Site.kind).in_(HOMES),
        col(Site.opening_state) == OpeningState.OPEN,
        col(Site.division_code).startswith(around, autoescape=True),
        *_of_the_site(wishes, choosing),
        *_of_the_beds(wishes, today),
    ]


def _of_the_site(wishes: Wishes, choosing: Choosing) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wishes.division is not None:
        lies_there = col(Site.division_code).startswith(wishes.division, autoescape=True)
        conditions.append(lies_there)
    if wishes.site_kind is not None:
        conditions.append(col(Site.kind) == wishes.site_kind)
    if wishes.max_price_fen is not None:
        conditions.append(choosing.price_from <= wishes.max_price_fen)
    if wishes.min_stars is not None:
        conditions.append(choosing.star >= wishes.min_stars)
    if wishes.inclusive:
        conditions.append(col(Site.is_inclusive).is_(True))
    return conditions


def _of_the_beds(wishes: Wishes, today: date) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wishes.kind is not None:
        conditions.append(exists().where(_stands_here, col(Bed.kind) == wishes.kind))
    if wishes.nursing:
        conditions.append(exists().where(_stands_here, col(Bed.is_nursing)))
    if wishes.free:
        conditions.append(col(Site.id).in_(_with_beds(wishes, today, free=True)))
    elif wishes.accepting:
        conditions.append(col(Site.id).in_(_with_beds(wishes, today, free=False)))
    return conditions


_stands_here = col(Bed.site_id) == col(Site.id)


def _with_beds(wishes: Wishes, today: date, *, free: bool) -> Any:
    """Homes with a bed of what is wished for, and not just any; free today, or to queue for."""
    beds = (
        func.free_beds(today, None)
        .table_valued("site_id", "kind", "beds", "free", "free_nursing", name="free_now")
        .render_derived()
    )
    of_them = (beds.c.free_nursing if wishes.nursing else beds.c.free) if free else beds.c.beds
    query = select(beds.c.site_id).where(of_them > 0)
    return query.where(beds.c.kind == wishes.kind) if wishes.kind is not None else query
