"""How the canteens of a scope are doing, today and in the week around today."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, Subquery, case, func, select
from sqlmodel import Session, col

from server.meals import reasons
from server.meals.models import Booking, BookingStatus, Canteen, Sitting
from server.places.models import Division
from server.providers.models import Site
from server.providers.queries import within

UNSAID = "unsaid"


def week_of(day: date) -> tuple[date, date]:
    """Return the Monday of the day's week, and the Monday after it."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=7)


def list_canteen_figures(
    session: Session,
    *,
    prefixes: Sequence[str],
    site_ids: Sequence[int],
    today: date,
    division: str | None = None,
) -> Sequence[Row[Any]]:
    """Return each canteen's capacity, booked and collected of today and of the week, by county.

    Closed sittings offer no places, but what was booked there is counted.
    """
    offered, taken = _offered(today), _taken(today)
    query = (
        select(
            col(Site.id),
            col(Site.name),
            func.left(col(Site.division_code), 6).label("county_code"),
            col(Division.name).label("county_name"),
            *(column for column in offered.c if column.name != "canteen_id"),
            *(column for column in taken.c if column.name != "canteen_id"),
        )
        .join(Canteen, col(Canteen.site_id) == col(Site.id))
        .join(Division, col(Division.code) == func.left(col(Site.division_code), 6))
        .outerjoin(offered, offered.c.canteen_id == col(Site.id))
        .outerjoin(taken, taken.c.canteen_id == col(Site.id))
        .where(within(prefixes, site_ids))
        .order_by(func.left(col(Site.division_code), 6), col(Site.name), col(Site.id))
    )
    if division is not None:
        query = query.where(col(Site.division_code).startswith(division, autoescape=True))
    return session.execute(query).all()


def count_given_back(
    session: Session, canteen_id: int, *, first_day: date, end_day: date
) -> dict[str, int]:
    """Return why meals of these days were given back → how many, of those that somebody wished so.

    What is no code of `reasons.GIVEN` counts as `other`, and nothing said as `unsaid`.
    """
    said = case(
        (col(Booking.cancel_reason).is_(None), UNSAID),
        (col(Booking.cancel_reason).in_(reasons.GIVEN), col(Booking.cancel_reason)),
        else_=reasons.OTHER,
    )
    rows: Sequence[Any] = session.execute(
        select(said, func.count())
        .where(
            col(Booking.canteen_id) == canteen_id,
            col(Booking.service_on) >= first_day,
            col(Booking.service_on) < end_day,
            col(Booking.status) == BookingStatus.CANCELLED,
            func.coalesce(col(Booking.cancel_reason), "").not_in(reasons.NOT_WISHED),
        )
        .group_by(said)
    ).all()
    found = {str(code): int(number) for code, number in rows}
    return {code: found[code] for code in (*reasons.GIVEN, UNSAID) if code in found}


def _offered(today: date) -> Subquery:
    """Places by canteen; counted from the few sittings."""
    monday, next_monday = week_of(today)
    is_open, is_today = col(Sitting.closed_at).is_(None), col(Sitting.service_on) == today
    return (
        select(
            col(Sitting.canteen_id),
            func.sum(col(Sitting.capacity)).filter(is_open & is_today).label("capacity_today"),
            func.sum(col(Sitting.booked)).filter(is_today).label("booked_today"),
            func.sum(col(Sitting.capacity)).filter(is_open).label("capacity_week"),
            func.sum(col(Sitting.booked)).label("booked_week"),
        )
        .where(
            col(Sitting.service_on) >= monday,
            col(Sitting.service_on) < next_monday,
            col(Sitting.published_at).is_not(None),
        )
        .group_by(col(Sitting.canteen_id))
        .subquery("offered")
    )


def _taken(today: date) -> Subquery:
    """Meals handed out by canteen; counted from the bookings themselves."""
    monday, next_monday = week_of(today)
    is_today = col(Booking.service_on) == today
    return (
        select(
            col(Booking.canteen_id),
            func.count().filter(is_today).label("collected_today"),
            func.count().label("collected_week"),
        )
        .where(
            col(Booking.service_on) >= monday,
            col(Booking.service_on) < next_monday,
            col(Booking.status) == BookingStatus.COLLECTED,
        )
        .group_by(col(Booking.canteen_id))
        .subquery("taken")
    )
