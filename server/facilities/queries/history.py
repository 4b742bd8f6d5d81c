"""How full the beds of many facilities were, day by day, summed up from what began and ended."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, Row, Select, cast, func, literal, or_, select, union_all
from sqlmodel import Session, col

from server.facilities.models import (
    OUT_OF_USE,
    Bed,
    BedKind,
    BedOccupancy,
    BedState,
    kinds_counted,
)
from server.providers.models import Site
from server.providers.queries import within

FIGURES = ("beds", "unusable", "occupied")


def count_by_day_within(
    session: Session,
    *,
    prefixes: Sequence[str],
    site_ids: Sequence[int],
    since: date,
    until: date,
    kind: BedKind | None = None,
) -> Sequence[Row[Any]]:
    """Return (day, beds, usable, occupied) of each day from `since` to `until`, both counted.

    The cost grows with the records, not with records times days.
    """
    days = (
        func.generate_series(since, until, timedelta(days=1))
        .table_valued("day", name="days")
        .render_derived()
    )
    changes = union_all(
        *(_narrowed(part, prefixes, site_ids) for part in _changes(since, kind))
    ).subquery("changes")
    sums = [func.sum(getattr(changes.c, name)).label(name) for name in FIGURES]
    of_a_day = select(changes.c.day, *sums).group_by(changes.c.day).subquery("of_a_day")
    on = cast(days.c.day, Date)
    so_far: dict[str, Any] = {
        name: func.coalesce(func.sum(getattr(of_a_day.c, name)).over(order_by=on), 0)
        for name in FIGURES
    }
    query: Any = (
        select(
            on.label("day"),
            so_far["beds"].label("beds"),
            (so_far["beds"] - so_far["unusable"]).label("usable"),
            so_far["occupied"].label("occupied"),
        )
        .select_from(days)
        .outerjoin(of_a_day, of_a_day.c.day == on)
        .order_by(on)
    )
    rows: Sequence[Row[Any]] = session.execute(query).all()
    return rows


def _changes(since: date, kind: BedKind | None) -> Sequence[Select[Any]]:
    """How many more or fewer there are from a day on; what was before the first day counts on it.

    Records that were over by then have begun and ended before: they are left out.
    """
    taken = (*_times(*OUT_OF_USE), *_times(BedState.OCCUPIED))
    starts_on, ends_on = col(BedOccupancy.starts_on), col(BedOccupancy.ends_on)
    stands = col(BedOccupancy.superseded_at).is_(None)
    begun = _change(BedOccupancy, starts_on, since, literal(0), *taken, kind=kind)
    ended = _change(BedOccupancy, ends_on, since, literal(0), *(-one for one in taken), kind=kind)
    opened = _change(
        Bed, col(Bed.opened_on), since, func.count(), literal(0), literal(0), kind=kind
    )
    return (
        opened,
        begun.where(stands, or_(ends_on.is_(None), ends_on > since)),
        ended.where(stands, ends_on > since),
    )


def _change(table: Any, day: Any, since: date, *figures: Any, kind: BedKind | None) -> Select[Any]:
    of_day = func.greatest(day, since)
    named = [figure.label(name) for figure, name in zip(figures, FIGURES, strict=True)]
    query = select(of_day.label("day"), *named).select_from(table).group_by(of_day)
    query = query.join(Site, col(Site.id) == table.site_id)
    return query.where(table.kind.in_(kinds_counted(kind)))


def _times(*states: BedState) -> tuple[Any]:
    return (func.count().filter(col(BedOccupancy.state).in_(states)),)


def _narrowed(part: Select[Any], prefixes: Sequence[str], site_ids: Sequence[int]) -> Select[Any]:
    return part.where(within(prefixes, site_ids))
