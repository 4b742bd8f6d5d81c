"""How many beds there are, by state, on any day; counted from the records, never kept beside them.

Words of the figures: `beds` stand there; `usable` are neither under repair, nor closed, nor used
otherwise; `taken` are occupied, kept for somebody on leave or in hospital, or held; `free` are
usable and not taken; `ready` are free and cleaned. A day's figures as they were known at a moment
come out the same whenever they are asked for, but for `nursing` and `ready`, which are as of now.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Row,
    Subquery,
    and_,
    case,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import Session, col

from server.facilities.models import (
    OUT_OF_USE,
    Bed,
    BedLicence,
    BedOccupancy,
    BedState,
    BoardVersion,
)
from server.providers.models import Site
from server.providers.queries import within

TAKEN = {
    "out_of_use": OUT_OF_USE,
    "occupied": (BedState.OCCUPIED,),
    "on_leave": (BedState.ON_LEAVE, BedState.IN_HOSPITAL),
    "held": (BedState.HELD,),
}


def list_counts(
    session: Session,
    *,
    prefixes: Sequence[str],
    site_ids: Sequence[int],
    on: date,
    known_at: datetime | None = None,
) -> Sequence[Row[Any]]:
    """Return the figures of the day by facility and kind of bed, facilities by name.

    With `known_at` as the records stood at that instant: what was entered later counts not yet.
    """
    beds = _by_site_and_kind(on, known_at)
    query = (
        select(
            col(Site.id),
            col(Site.name),
            col(Site.division_code),
            *(column for column in beds.c if column.name != "site_id"),
            _licensed(on, beds),
        )
        .join(beds, beds.c.site_id == col(Site.id))
        .where(within(prefixes, site_ids))
        .order_by(col(Site.name), col(Site.id), beds.c.kind)
    )
    return session.execute(query).all()


def list_counts_by_county(
    session: Session, *, prefixes: Sequence[str], site_ids: Sequence[int], on: date
) -> Sequence[Row[Any]]:
    """Return the figures of the day by county code and kind of bed, and how many facilities."""
    beds = _by_site_and_kind(on, None)
    county = func.left(col(Site.division_code), 6).label("county_code")
    sums = [
        func.sum(column).label(column.name)
        for column in beds.c
        if column.name not in ("site_id", "kind")
    ]
    query = (
        select(county, beds.c.kind, func.count().label("sites"), *sums)
        .join(beds, beds.c.site_id == col(Site.id))
        .where(within(prefixes, site_ids))
        .group_by(county, beds.c.kind)
        .order_by(county, beds.c.kind)
    )
    return session.execute(query).all()


def find_licensed(session: Session, *, site_id: int, on: date) -> int | None:
    """Return how many beds the facility may run on the day; None where nobody knows of any kind."""
    newest: Any = (
        select(col(BedLicence.licensed))
        .where(col(BedLicence.site_id) == site_id, col(BedLicence.starts_on) <= on)
        .ext(distinct_on(col(BedLicence.kind)))
        .order_by(col(BedLicence.kind), col(BedLicence.starts_on).desc())
        .subquery("newest")
    )
    licensed: int | None = session.execute(select(func.sum(newest.c.licensed))).scalar_one()
    return licensed


def board_version(
    session: Session, *, prefixes: Sequence[str], site_ids: Sequence[int]
) -> tuple[int, int]:
    """Return what changes whenever a board of these facilities would."""
    query = (
        select(func.coalesce(func.sum(col(BoardVersion.version)), 0), func.count(col(Site.id)))
        .outerjoin_from(Site, BoardVersion, col(BoardVersion.site_id) == col(Site.id))
        .where(within(prefixes, site_ids))
    )
    versions, sites = session.execute(query).one()
    return int(versions), sites


def _by_site_and_kind(on: date, known_at: datetime | None) -> Subquery:
    """Beds and what takes them are each counted by facility and kind, and then set side by side:
    to join thirty thousand beds with their records one by one would take three times as long."""
    holding = _holding(on, known_at)
    stand, taken = _standing(on, known_at), _taken(holding)
    uncleaned = _uncleaned(on, known_at, holding)
    figure = {name: func.coalesce(taken.c[name], 0) for name in TAKEN}
    usable = stand.c.beds - figure["out_of_use"]
    free = usable - figure["occupied"] - figure["on_leave"] - figure["held"]
    query: Any = select(
        stand.c.site_id,
        stand.c.kind,
        stand.c.beds,
        stand.c.nursing,
        usable.label("usable"),
        *(figure[name].label(name) for name in ("occupied", "on_leave", "held")),
        free.label("free"),
        (free - func.coalesce(uncleaned.c.beds, 0)).label("ready"),
    )
    for part in (taken, uncleaned):
        query = query.outerjoin(
            part, and_(part.c.site_id == stand.c.site_id, part.c.kind == stand.c.kind)
        )
    beds: Subquery = query.subquery("beds")
    return beds


def _holding(on: date, known_at: datetime | None) -> CTE:
    """The records that take a bed on the day, found once: row security looks at each."""
    query: Any = select(
        col(BedOccupancy.bed_id),
        col(BedOccupancy.site_id),
        col(BedOccupancy.kind),
        col(BedOccupancy.state),
    ).where(_holds_on(on, known_at))
    holding: CTE = query.cte("holding").prefix_with("MATERIALIZED", dialect="postgresql")
    return holding


def _taken(holding: CTE) -> Subquery:
    figures = [
        func.count().filter(holding.c.state.in_(states)).label(name)
        for name, states in TAKEN.items()
    ]
    query: Any = select(holding.c.site_id, holding.c.kind, *figures).group_by(
        holding.c.site_id, holding.c.kind
    )
    taken: Subquery = query.subquery("taken")
    return taken


def _standing(on: date, known_at: datetime | None) -> Subquery:
    """The beds that are there."""
    nursing = func.count().filter(col(Bed.is_nursing)).label("nursing")
    standing: Subquery = _beds(on, known_at, nursing).subquery("standing")
    return standing


def _uncleaned(on: date, known_at: datetime | None, holding: CTE) -> Subquery:
    """The beds that nothing takes, and that nobody has cleaned since somebody left."""
    is_taken = exists().where(holding.c.bed_id == col(Bed.id)).correlate(Bed)
    uncleaned: Subquery = (
        _beds(on, known_at)
        .where(col(Bed.left_uncleaned_at).is_not(None), ~is_taken)
        .subquery("uncleaned")
    )
    return uncleaned


def _beds(on: date, known_at: datetime | None, *more: Any) -> Any:
    query: Any = (
        select(col(Bed.site_id), col(Bed.kind), func.count().label("beds"), *more)
        .where(col(Bed.opened_on) <= on)
        .group_by(col(Bed.site_id), col(Bed.kind))
    )
    return query if known_at is None else query.where(col(Bed.recorded_at) <= known_at)


def _holds_on(on: Any, known_at: datetime | None) -> ColumnElement[bool]:
    """The records that take a bed on a day, as they stand or as they stood at an instant."""
    begun = col(BedOccupancy.starts_on) <= on
    if known_at is None:
        not_over = or_(col(BedOccupancy.ends_on).is_(None), col(BedOccupancy.ends_on) > on)
        return and_(begun, not_over, col(BedOccupancy.superseded_at).is_(None))
    known_end = case((col(BedOccupancy.end_recorded_at) <= known_at, col(BedOccupancy.ends_on)))
    return and_(
        begun,
        or_(known_end.is_(None), known_end > on),
        col(BedOccupancy.recorded_at) <= known_at,
        or_(
            col(BedOccupancy.superseded_at).is_(None),
            col(BedOccupancy.superseded_at) > known_at,
        ),
    )


def _licensed(on: date, beds: Subquery) -> ColumnElement[int]:
    """How many beds of the kind the facility may run on the day; null where nobody knows."""
    return (
        select(col(BedLicence.licensed))
        .where(
            col(BedLicence.site_id) == beds.c.site_id,
            col(BedLicence.kind) == beds.c.kind,
            col(BedLicence.starts_on) <= on,
        )
        .order_by(col(BedLicence.starts_on).desc())
        .limit(1)
        .scalar_subquery()
        .label("licensed")
    )
