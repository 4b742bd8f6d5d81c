"""How full the beds of many facilities were, day by day, summed up from what began and ended."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, Row, Select, case, cast, func, literal, select, union_all
from sqlmodel import Session, col

from server.facilities.models import OUT_OF_USE, Bed, BedKind, BedOccupancy, BedState
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
        *(_narrowed(part, prefixes, site_ids, kind) for part in _changes(since))
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


def _changes(since: date) -> Sequence[Select[Any]]:
    """What is one more or one less from a day on; what was before the first day counts on it."""
    unusable, occupied = _one_if(*OUT_OF_USE), _one_if(BedState.OCCUPIED)
    begun = (
        _change(BedOccupancy, col(BedOccupancy.starts_on), since, literal(0), unusable, occupied)
        .where(col(BedOccupancy.superseded_at).is_(None))
    )  # fmt: skip
    ended = (
        _change(BedOccupancy, col(BedOccupancy.ends_on), since, literal(0), -unusable, -occupied)
        .where(col(BedOccupancy.superseded_at).is_(None), col(BedOccupancy.ends_on).is_not(None))
    )  # fmt: skip
    opened = _change(Bed, col(Bed.opened_on), since, literal(1), literal(0), literal(0))
    return opened, begun, ended


def _change(table: Any, day: Any, since: date, *figures: Any) -> Select[Any]:
    named = [figure.label(name) for figure, name in zip(figures, FIGURES, strict=True)]
    return (
        select(func.greatest(day, since).label("day"), *named)
        .select_from(table)
        .join(Site, col(Site.id) == table.site_id)
        .add_columns(table.kind)
    )


def _narrowed(
    part: Select[Any], prefixes: Sequence[str], site_ids: Sequence[int], kind: BedKind | None
) -> Select[Any]:
    within_scope = part.where(within(prefixes, site_ids))
    return within_scope if kind is None else within_scope.where(part.selected_columns.kind == kind)


def _one_if(*states: BedState) -> Any:
    return case((col(BedOccupancy.state).in_(states), 1), else_=0)
