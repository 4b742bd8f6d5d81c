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
    exists,
    func,
    select,
    text,
    tuple_,
)
from sqlmodel import Session, col

from server.errors import NotFound
from server.facilities.models import Bed, BedKind
from server.places.models import Division
from server.providers.models import FacilityKind, OpeningState, Site
from server.providers.queries import rank_from

HOMES = (FacilityKind.CARE_HOME, FacilityKind.TOWNSHIP_HOME, FacilityKind.STREET_CENTRE)
WIDEST = {"town": 9, "county": 6, "city": 4}

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
    inclusive: bool = False
    nursing: bool = False
    free: bool = False


def list_homes(
    session: Session,
    wishes: Wishes,
    *,
    village_code: str,
    today: date,
    after: tuple[int, str, int] | None = None,
    limit: int,
) -> Sequence[Row[Any]]:
    """Return open homes by (nearness, name, id), starting after such a key."""
    rank = rank_from(village_code)
    query = _homes(rank).where(*_conditions(wishes, village_code, today))
    if after is not None:
        query = query.where(tuple_(rank, col(Site.name), col(Site.id)) > tuple_(*after))
    rows = session.execute(query.order_by(rank, col(Site.name), col(Site.id)).limit(limit))
    found: Sequence[Row[Any]] = rows.all()
    return found


def get_home(session: Session, site_id: int, *, village_code: str) -> Row[Any]:
    """Return one home, open or not; raises `NotFound`."""
    query = _homes(rank_from(village_code)).where(
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


def _homes(rank: ColumnElement[int]) -> Any:
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


def _conditions(wishes: Wishes, village_code: str, today: date) -> list[ColumnElement[bool]]:
    around = village_code[: WIDEST[wishes.near]]
    conditions = [
        col(Site.kind).in_(HOMES),
        col(Site.opening_state) == OpeningState.OPEN,
        col(Site.division_code).startswith(around, autoescape=True),
    ]
    if wishes.division is not None:
        lies_there = col(Site.division_code).startswith(wishes.division, autoescape=True)
        conditions.append(lies_there)
    if wishes.site_kind is not None:
        conditions.append(col(Site.kind) == wishes.site_kind)
    if wishes.max_price_fen is not None:
        conditions.append(col(Site.monthly_price_from_fen) <= wishes.max_price_fen)
    if wishes.inclusive:
        conditions.append(col(Site.is_inclusive).is_(True))
    if wishes.kind is not None:
        conditions.append(exists().where(_stands_here, col(Bed.kind) == wishes.kind))
    if wishes.nursing:
        conditions.append(exists().where(_stands_here, col(Bed.is_nursing)))
    if wishes.free:
        conditions.append(col(Site.id).in_(_with_free_beds(wishes, today)))
    return conditions


_stands_here = col(Bed.site_id) == col(Site.id)


def _with_free_beds(wishes: Wishes, today: date) -> Any:
    """Homes with a free bed of what is wished for, and not just any."""
    beds = (
        func.free_beds(today, None)
        .table_valued("site_id", "kind", "beds", "free", "free_nursing", name="free_now")
        .render_derived()
    )
    query = select(beds.c.site_id).where(
        (beds.c.free_nursing if wishes.nursing else beds.c.free) > 0
    )
    return query.where(beds.c.kind == wishes.kind) if wishes.kind is not None else query
