"""How many beds there are, by state, on any day; counted from the records, never kept beside them.

Words of the figures: `beds` stand there; `usable` are neither under repair, nor closed, nor used
otherwise; `taken` are occupied, kept for somebody on leave or in hospital, or held; `free` are
usable and not taken; `ready` are free and cleaned.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Row,
    Subquery,
    and_,
    case,
    cast,
    func,
    or_,
    select,
)
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


def count_by_day(session: Session, *, site_id: int, since: date, until: date) -> Sequence[Row[Any]]:
    """Return (day, beds, usable, occupied) of each day from `since` to `until`, both counted.

    The history is reckoned from the records of that time; nothing is kept for each day.
    """
    days = (
        func.generate_series(since, until, timedelta(days=1))
        .table_valued("day", name="days")
        .render_derived()
    )
    on = cast(days.c.day, Date)
    holds = _holds_on(on, None)
    query = (
        select(
            on.label("day"),
            func.count(col(Bed.id)).label("beds"),
            (func.count(col(Bed.id)) - _times(*OUT_OF_USE)).label("usable"),
            _times(BedState.OCCUPIED).label("occupied"),
        )
        .select_from(days)
        .outerjoin(Bed, and_(col(Bed.site_id) == site_id, col(Bed.opened_on) <= on))
        .outerjoin(BedOccupancy, and_(col(BedOccupancy.bed_id) == col(Bed.id), holds))
        .group_by(on)
        .order_by(on)
    )
    return session.execute(query).all()


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
    free = col(BedOccupancy.id).is_(None)
    ready = and_(free, col(Bed.left_uncleaned_at).is_(None))
    query: Any = (
        select(
            col(Bed.site_id),
            col(Bed.kind),
            func.count().label("beds"),
            func.count().filter(col(Bed.is_nursing)).label("nursing"),
            (func.count() - _times(*OUT_OF_USE)).label("usable"),
            _times(BedState.OCCUPIED).label("occupied"),
            _times(BedState.ON_LEAVE, BedState.IN_HOSPITAL).label("on_leave"),
            _times(BedState.HELD).label("held"),
            func.count().filter(free).label("free"),
            func.count().filter(ready).label("ready"),
        )
        .outerjoin(
            BedOccupancy,
            and_(col(BedOccupancy.bed_id) == col(Bed.id), _holds_on(on, known_at)),
        )
        .where(col(Bed.opened_on) <= on, *([] if known_at is None else [col(Bed.recorded_at) <= known_at]))
        .group_by(col(Bed.site_id), col(Bed.kind))
    )
    beds: Subquery = query.subquery("beds")
    return beds


def _times(*states: BedState) -> ColumnElement[int]:
    return func.count().filter(col(BedOccupancy.state).in_(states))


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
