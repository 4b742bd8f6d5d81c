"""Menus, places left, and a canteen's own day."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, case, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlmodel import Session, col

from server.errors import NotFound
from server.meals.models import Booking, BookingStatus, Canteen, Dish, Sitting, SittingDish
from server.meals.queries.booking_facts import BookingFacts
from server.providers.models import Site
from server.providers.queries import within


class SittingState(StrEnum):
    """What an eater can still do about a sitting."""

    OPEN = "open"
    FULL = "full"
    PAST_CUTOFF = "past_cutoff"
    CLOSED = "closed"


def state_at(now: datetime, sitting: Row[Any] | BookingFacts) -> SittingState:
    """Return what can still be done about a sitting at this instant.

    `sitting` carries `is_offered`, `places_left`, `cutoff_at`, `late_until`, `late_places_left`.
    """
    if not sitting.is_offered:
        return SittingState.CLOSED
    if sitting.cutoff_at <= now and not has_late_place(now, sitting):
        return SittingState.PAST_CUTOFF
    return SittingState.FULL if sitting.places_left <= 0 else SittingState.OPEN


def has_late_place(now: datetime, sitting: Row[Any] | BookingFacts) -> bool:
    """True while one of the late places can be booked."""
    in_time = sitting.late_until is not None and now < sitting.late_until
    return in_time and sitting.late_places_left > 0


def get_menu_version(session: Session, canteen_id: int) -> int:
    """Return the number that rises with each published change; raises `NotFound`."""
    version: int | None = session.execute(
        select(col(Canteen.menu_version)).where(col(Canteen.site_id) == canteen_id)
    ).scalar_one_or_none()
    if version is None:
        raise NotFound()
    return version


def list_sittings(
    session: Session, canteen_id: int, *, first_day: date, end_day: date
) -> Sequence[Row[Any]]:
    """Return the published sittings from `first_day` until before `end_day`, in order of serving.

    Each row carries `dishes`, a list of objects in the order of the menu.
    """
    return session.execute(
        select(
            col(Sitting.id),
            col(Sitting.service_on),
            col(Sitting.meal),
            col(Sitting.serves_from),
            col(Sitting.serves_until),
            col(Sitting.cutoff_at),
            col(Sitting.capacity),
            col(Sitting.list_price_fen),
            col(Canteen.discount_percent),
            _dishes_of_sitting().label("dishes"),
        )
        .join(Canteen, col(Canteen.site_id) == col(Sitting.canteen_id))
        .where(
            col(Sitting.canteen_id) == canteen_id,
            col(Sitting.service_on) >= first_day,
            col(Sitting.service_on) < end_day,
            col(Sitting.published_at).is_not(None),
        )
        .order_by(col(Sitting.service_on), col(Sitting.serves_from), col(Sitting.id))
    ).all()


def list_places(
    session: Session, canteen_id: int, *, first_day: date, end_day: date, now: datetime
) -> Sequence[dict[str, Any]]:
    """Return places left and state of each published sitting of the days, in order of serving."""
    rows = session.execute(
        select(
            col(Sitting.id),
            (col(Sitting.capacity) - col(Sitting.booked) - col(Sitting.held)).label("places_left"),
            col(Sitting.cutoff_at),
            col(Sitting.late_until),
            (col(Sitting.late_places) - col(Sitting.late_booked)).label("late_places_left"),
            col(Sitting.closed_at).is_(None).label("is_offered"),
        )
        .where(
            col(Sitting.canteen_id) == canteen_id,
            col(Sitting.service_on) >= first_day,
            col(Sitting.service_on) < end_day,
            col(Sitting.published_at).is_not(None),
        )
        .order_by(col(Sitting.service_on), col(Sitting.serves_from), col(Sitting.id))
    ).all()
    return [
        {
            "sitting_id": row.id,
            "places_left": max(row.places_left, 0),
            "state": state_at(now, row),
        }
        for row in rows
    ]


def list_nearby_with_places(
    session: Session, sitting_id: int, *, now: datetime, at_most: int = 3
) -> Sequence[dict[str, Any]]:
    """Return sittings of the same day and meal that still have places, nearest division first."""
    wanted = (
        select(col(Sitting.service_on), col(Sitting.meal), col(Site.division_code))
        .join(Site, col(Site.id) == col(Sitting.canteen_id))
        .where(col(Sitting.id) == sitting_id)
        .subquery()
    )
    shared = func.length(_common_prefix(col(Site.division_code), wanted.c.division_code))
    rows = session.execute(
        select(
            col(Sitting.canteen_id),
            col(Site.name),
            col(Sitting.id).label("sitting_id"),
            (col(Sitting.capacity) - col(Sitting.booked) - col(Sitting.held)).label("places_left"),
        )
        .join(Site, col(Site.id) == col(Sitting.canteen_id))
        .join(
            wanted,
            (wanted.c.service_on == col(Sitting.service_on)) & (wanted.c.meal == col(Sitting.meal)),
        )
        .where(
            col(Sitting.id) != sitting_id,
            col(Sitting.booked) + col(Sitting.held) < col(Sitting.capacity),
            col(Sitting.published_at).is_not(None),
            col(Sitting.closed_at).is_(None),
            col(Sitting.cutoff_at) > now,
        )
        .order_by(shared.desc(), col(Site.name), col(Sitting.id))
        .limit(at_most)
    ).all()
    return [dict(row._mapping) for row in rows]


def list_day_of_canteen(session: Session, canteen_id: int, *, day: date) -> Sequence[Row[Any]]:
    """Return the canteen's sittings of a day with capacity, booked, collected and left."""
    return list_days_of_canteen(session, canteen_id, first_day=day, end_day=day + timedelta(days=1))


def list_days_of_canteen(
    session: Session, canteen_id: int, *, first_day: date, end_day: date
) -> Sequence[Row[Any]]:
    """Return the canteen's sittings from `first_day` until before `end_day`, with their counts."""
    return session.execute(
        _counted_sittings()
        .where(
            col(Sitting.canteen_id) == canteen_id,
            col(Sitting.service_on) >= first_day,
            col(Sitting.service_on) < end_day,
        )
        .order_by(col(Sitting.service_on), col(Sitting.serves_from), col(Sitting.id))
    ).all()


def get_sitting_within(
    session: Session, sitting_id: int, *, prefixes: Sequence[str], site_ids: Sequence[int]
) -> Row[Any]:
    """Return a sitting of this scope with its counts and dishes; raises `NotFound` for others."""
    row = session.execute(
        _counted_sittings()
        .add_columns(col(Site.name).label("canteen_name"), _dishes_of_sitting().label("dishes"))
        .join(Site, col(Site.id) == col(Sitting.canteen_id))
        .where(col(Sitting.id) == sitting_id, within(prefixes, site_ids))
    ).one_or_none()
    if row is None:
        raise NotFound()
    return row


def _counted_sittings() -> Any:
    collected = (
        select(func.count())
        .select_from(Booking)
        .where(
            col(Booking.sitting_id) == col(Sitting.id),
            col(Booking.status) == BookingStatus.COLLECTED,
        )
        .correlate(Sitting)
        .scalar_subquery()
    )
    return select(
        col(Sitting.id),
        col(Sitting.canteen_id),
        col(Sitting.service_on),
        col(Sitting.meal),
        col(Sitting.serves_from),
        col(Sitting.serves_until),
        col(Sitting.cutoff_at),
        col(Sitting.closed_at),
        col(Sitting.capacity),
        col(Sitting.booked),
        collected.label("collected"),
        (col(Sitting.capacity) - col(Sitting.booked) - col(Sitting.held)).label("places_left"),
    )


def _dishes_of_sitting() -> Any:
    dish = func.json_build_object(
        "id", Dish.id,
        "name", Dish.name,
        "diets", Dish.diets,
        "allergens", Dish.allergens,
        "picture", Dish.picture,
        "photo_url", Dish.photo_url,
        "photo_file_id", Dish.photo_file_id,
    )  # fmt: skip
    in_order = aggregate_order_by(dish, col(SittingDish.position), col(Dish.id))
    return (
        select(func.coalesce(func.json_agg(in_order), func.json_build_array()))
        .select_from(SittingDish)
        .join(Dish, col(Dish.id) == col(SittingDish.dish_id))
        .where(col(SittingDish.sitting_id) == col(Sitting.id))
        .correlate(Sitting)
        .scalar_subquery()
    )


def _common_prefix(left: Any, right: Any) -> Any:
    """The longest division that two codes share: village, town, county or city."""
    lengths = (12, 9, 6)
    same = [
        (func.left(left, length) == func.left(right, length), func.left(left, length))
        for length in lengths
    ]
    return case(*same, else_=func.left(left, 4))
