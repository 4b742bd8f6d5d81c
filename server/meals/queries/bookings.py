"""Bookings as their residents and their canteen see them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, FromClause, Row, Select, bindparam, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlmodel import Session, col

from server.db.tables import spelled_out, table_of
from server.errors import NotFound
from server.meals.models import Booking, BookingStatus, Dish, Sitting, SittingDish
from server.providers.models import Site
from server.residents.models import Resident

# What is shown of a booking itself; why its price is what it is, is asked for apart.
SHOWN = (
    "id", "sitting_id", "canteen_id", "resident_id", "service_on", "meal", "status", "booked_by",
    "list_price_fen", "operator_discount_fen", "subsidy_fen", "charity_fen", "own_pay_fen",
    "code", "booked_at", "collected_at", "cancelled_at", "diet", "handing", "is_late",
    "cancel_reason", "paid_how",
)  # fmt: skip


def get_booking(session: Session, booking_id: int) -> Row[Any]:
    """Return one booking with its canteen, times and dishes; raises `NotFound`."""
    row = session.connection().execute(_ONE_BOOKING, {"booking": booking_id}).one_or_none()
    if row is None:
        raise NotFound()
    return row


def find_resident_of(session: Session, booking_id: int) -> int | None:
    """Return whose booking that is; None where this actor may not know."""
    return session.execute(
        select(col(Booking.resident_id)).where(col(Booking.id) == booking_id)
    ).scalar_one_or_none()


def list_coming_bookings(
    session: Session,
    resident_ids: Sequence[int],
    *,
    today: date,
    after: tuple[date, int] | None = None,
    limit: int,
) -> Sequence[Row[Any]]:
    """Return what is still to be eaten, soonest first, starting after (day, id)."""
    order = (col(Booking.service_on), col(Booking.id))
    query = _bookings().where(
        col(Booking.resident_id).in_(resident_ids),
        col(Booking.service_on) >= today,
        col(Booking.status) == spelled_out(BookingStatus.BOOKED),
    )
    if after is not None:
        query = query.where(tuple_(*order) > tuple_(*after))
    return session.execute(query.order_by(*order).limit(limit)).all()


def list_past_bookings(
    session: Session,
    resident_ids: Sequence[int],
    *,
    today: date,
    after: tuple[date, int] | None = None,
    limit: int,
) -> Sequence[Row[Any]]:
    """Return what was eaten, missed or cancelled, latest first, starting after (day, id)."""
    order = (col(Booking.service_on), col(Booking.id))
    query = _bookings().where(
        col(Booking.resident_id).in_(resident_ids),
        or_(col(Booking.service_on) < today, col(Booking.status) != BookingStatus.BOOKED),
    )
    if after is not None:
        query = query.where(tuple_(*order) < tuple_(*after))
    newest_first = [column.desc() for column in order]
    return session.execute(query.order_by(*newest_first).limit(limit)).all()


def list_diners(
    session: Session, sitting_id: int, *, search: str = "", status: BookingStatus | None = None
) -> Sequence[Row[Any]]:
    """Return who is booked at a sitting, as names are read out (by pinyin).

    `search` is part of a name, the beginning of its pinyin or initials, or of a code. Cancelled
    bookings are left out unless `status` asks for them.
    """
    wanted = col(Booking.status) != spelled_out(BookingStatus.CANCELLED)
    if status is not None:
        wanted = col(Booking.status) == status
    query = (
        select(
            col(Booking.id),
            col(Resident.name),
            col(Booking.code),
            col(Booking.status),
            col(Booking.own_pay_fen),
            col(Booking.collected_at),
            col(Booking.booked_by),
        )
        .join(Resident, col(Resident.id) == col(Booking.resident_id))
        .where(col(Booking.sitting_id) == sitting_id, wanted)
        .order_by(col(Resident.pinyin), col(Resident.name), col(Booking.id))
    )
    if search:
        query = query.where(
            or_(
                col(Resident.name).contains(search, autoescape=True),
                col(Resident.initials).startswith(search.lower(), autoescape=True),
                col(Resident.pinyin).startswith(search.lower(), autoescape=True),
                col(Booking.code).startswith(search, autoescape=True),
            )
        )
    return session.execute(query).all()


def list_last_collected(
    session: Session, canteen_id: int, *, day: date, at_most: int = 5
) -> Sequence[Row[Any]]:
    """Return the meals that the canteen handed out last on that day, the latest first."""
    return session.execute(
        select(
            col(Booking.id),
            col(Resident.name),
            col(Booking.code),
            col(Booking.meal),
            col(Booking.own_pay_fen),
            col(Booking.collected_at),
        )
        .join(Resident, col(Resident.id) == col(Booking.resident_id))
        .where(
            col(Booking.canteen_id) == canteen_id,
            col(Booking.service_on) == day,
            col(Booking.status) == spelled_out(BookingStatus.COLLECTED),
        )
        .order_by(col(Booking.collected_at).desc(), col(Booking.id).desc())
        .limit(at_most)
    ).all()


def find_booking_by_code(
    session: Session, *, canteen_id: int, day: date, code: str
) -> Row[Any] | None:
    """Return the latest booking of the canteen and day with that code, cancelled ones last."""
    return session.execute(
        _bookings()
        .where(
            col(Booking.canteen_id) == canteen_id,
            col(Booking.service_on) == day,
            col(Booking.code) == code,
            # The day's few sittings lead to the bookings; no index holds cancelled ones by code.
            col(Sitting.canteen_id) == canteen_id,
            col(Sitting.service_on) == day,
        )
        .order_by((col(Booking.status) == BookingStatus.CANCELLED), col(Booking.id).desc())
        .limit(1)
    ).one_or_none()


def as_shown(booking: FromClause) -> Select[Any]:
    """Return the statement that shows rows of `booking` (the table, or rows just written)."""
    return (
        select(
            *(booking.c[name] for name in SHOWN),
            col(Site.name).label("canteen_name"),
            col(Site.address).label("canteen_address"),
            col(Site.phone).label("canteen_phone"),
            col(Resident.name).label("resident_name"),
            col(Sitting.serves_from),
            col(Sitting.serves_until),
            col(Sitting.cutoff_at),
            _dish_names(booking).label("dishes"),
        )
        .select_from(booking)
        .join(Sitting, col(Sitting.id) == booking.c.sitting_id)
        .join(Site, col(Site.id) == booking.c.canteen_id)
        .join(Resident, col(Resident.id) == booking.c.resident_id)
    )


def _bookings() -> Select[Any]:
    return as_shown(table_of(Booking))


def _dish_names(booking: FromClause) -> Any:
    in_order = aggregate_order_by(col(Dish.name), col(SittingDish.position), col(Dish.id))
    return (
        select(func.array_agg(in_order))
        .select_from(SittingDish)
        .join(Dish, col(Dish.id) == col(SittingDish.dish_id))
        .where(col(SittingDish.sitting_id) == booking.c.sitting_id)
        .correlate(booking)
        .scalar_subquery()
    )


def can_cancel(booking: Row[Any], *, now: datetime) -> bool:
    """True while the kitchen has not begun to count on the booking."""
    return bool(booking.status is BookingStatus.BOOKED and now < booking.cutoff_at)


_ONE_BOOKING = _bookings().where(col(Booking.id) == bindparam("booking", type_=BigInteger))
