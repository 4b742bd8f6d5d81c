"""What a counter must know: its day's list, and what stands of the meals that it tells of."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, Text, and_, case, func, or_, select, tuple_
from sqlmodel import Session, col

from server.errors import NotFound
from server.meals.counter.models import MealCollection
from server.meals.models import Booking, BookingStatus, DietaryNote, Sitting
from server.residents.models import Resident

SHORTEST_TAIL = 4


def list_day(session: Session, canteen_id: int, *, day: date) -> Sequence[Row[Any]]:
    """Return everybody who eats at the canteen that day, by meal and as names are read out."""
    return session.execute(
        select(
            col(Booking.id),
            col(Booking.meal),
            col(Booking.code),
            col(Booking.status),
            col(Booking.diet),
            col(Booking.handing),
            col(Booking.own_pay_fen),
            col(Booking.collected_at),
            col(Resident.name),
            col(Resident.initials),
            func.right(func.coalesce(col(Resident.phone), ""), SHORTEST_TAIL).label("phone_tail"),
            allergens_of_diner().label("allergens"),
        )
        .join(Resident, col(Resident.id) == col(Booking.resident_id))
        .where(col(Booking.canteen_id) == canteen_id, col(Booking.service_on) == day)
        .order_by(_in_order(), col(Resident.pinyin), col(Booking.id))
    ).all()


def list_sittings_of_day(session: Session, canteen_id: int, *, day: date) -> Sequence[Row[Any]]:
    """Return the canteen's open sittings of a day with what they cost and the places left."""
    return session.execute(
        select(
            col(Sitting.id),
            col(Sitting.meal),
            col(Sitting.serves_from),
            col(Sitting.serves_until),
            col(Sitting.list_price_fen),
            (col(Sitting.capacity) - col(Sitting.booked)).label("places_left"),
        )
        .where(
            col(Sitting.canteen_id) == canteen_id,
            col(Sitting.service_on) == day,
            col(Sitting.published_at).is_not(None),
            col(Sitting.closed_at).is_(None),
        )
        .order_by(col(Sitting.serves_from), col(Sitting.id))
    ).all()


def list_told_of(
    session: Session,
    canteen_id: int,
    *,
    booking_ids: Sequence[int],
    codes: Sequence[tuple[date, str]],
) -> Sequence[Row[Any]]:
    """Return bookings of the canteen by number or by (day, six digits), the cancelled ones last."""
    columns = (
        col(Booking.id),
        col(Booking.resident_id),
        col(Booking.canteen_id),
        col(Booking.service_on),
        col(Booking.code),
        col(Booking.status),
        col(Booking.collected_at),
        func.meal_day_is_settled(col(Booking.canteen_id), col(Booking.service_on)).label(
            "is_settled"
        ),
    )
    named = or_(
        col(Booking.id).in_(booking_ids),
        tuple_(col(Booking.service_on), col(Booking.code)).in_(codes),
    )
    return session.execute(
        select(*columns)
        .where(col(Booking.canteen_id) == canteen_id, named)
        .order_by(col(Booking.status) == BookingStatus.CANCELLED, col(Booking.id).desc())
    ).all()


def get_handed_out(session: Session, booking_id: int) -> Row[Any]:
    """Return a meal with how it was handed out: who, when, by which device and code.

    What nobody entered at a counter has no collection. Raises `NotFound`.
    """
    mine = MealCollection
    row = session.execute(
        select(
            *(
                getattr(Booking, name)
                for name in (
                    "id",
                    "canteen_id",
                    "resident_id",
                    "service_on",
                    "meal",
                    "status",
                    "code",
                    "booked_at",
                    "booked_by",
                    "collected_at",
                    "list_price_fen",
                    "subsidy_fen",
                    "own_pay_fen",
                    "paid_how",
                    "paid_at",
                )
            ),
            col(mine.id).label("collection_id"),
            *(
                getattr(mine, name)
                for name in (
                    "how",
                    "reason",
                    "device_at",
                    "received_at",
                    "is_offline",
                    "client_key",
                    "sign_in_id",
                )
            ),
            func.name_of_staff(mine.staff_id, type_=Text).label("handed_out_by"),
            func.device_of_sign_in(mine.sign_in_id, type_=Text).label("device_label"),
        )
        .outerjoin(
            mine, and_(col(mine.booking_id) == col(Booking.id), col(mine.undone_at).is_(None))
        )
        .where(col(Booking.id) == booking_id)
    ).one_or_none()
    if row is None:
        raise NotFound()
    return row


def find_known(session: Session, keys: Sequence[str]) -> Mapping[str, Row[Any]]:
    """Return client key → its collection, for those that have come before."""
    rows = session.execute(
        select(
            col(MealCollection.client_key),
            col(MealCollection.booking_id),
            col(MealCollection.undone_at),
        ).where(col(MealCollection.client_key).in_(keys))
    ).all()
    return {row.client_key: row for row in rows}


def find_key_of(session: Session, canteen_id: int, booking_id: int) -> str:
    """Return under which key a canteen handed a meal out that was not taken back.

    Raises `NotFound`.
    """
    key: str | None = session.execute(
        select(col(MealCollection.client_key))
        .join(Booking, col(Booking.id) == col(MealCollection.booking_id))
        .where(
            col(Booking.id) == booking_id,
            col(Booking.canteen_id) == canteen_id,
            col(MealCollection.undone_at).is_(None),
        )
    ).scalar_one_or_none()
    if key is None:
        raise NotFound()
    return key


def find_collection(session: Session, client_key: str) -> Row[Any] | None:
    """Return a collection with its booking, locked until the transaction ends."""
    return session.execute(
        select(
            col(MealCollection.id),
            col(MealCollection.booking_id),
            col(MealCollection.device_at),
            col(MealCollection.undone_at),
            col(Booking.canteen_id),
            col(Booking.service_on),
            func.meal_day_is_settled(col(Booking.canteen_id), col(Booking.service_on)).label(
                "is_settled"
            ),
        )
        .join(Booking, col(Booking.id) == col(MealCollection.booking_id))
        .where(col(MealCollection.client_key) == client_key)
        .with_for_update(of=MealCollection)
    ).one_or_none()


def _in_order() -> Any:
    places = {"breakfast": 0, "lunch": 1, "dinner": 2}
    return case(places, value=col(Booking.meal))


def allergens_of_diner() -> Any:
    """What whoever booked may not eat, as was noted last; NULL where nobody asked."""
    return (
        select(col(DietaryNote.allergens))
        .where(col(DietaryNote.resident_id) == col(Booking.resident_id))
        .order_by(col(DietaryNote.noted_at).desc(), col(DietaryNote.id).desc())
        .limit(1)
        .correlate(Booking)
        .scalar_subquery()
    )


def name_diners(
    session: Session, canteen_id: int, booking_ids: Sequence[int]
) -> Mapping[int, Row[Any]]:
    """Return booking → its diner, for the canteen's own bookings among these."""
    rows = session.execute(
        select(
            col(Booking.id),
            col(Resident.name),
            col(Booking.diet),
            col(Booking.own_pay_fen),
            allergens_of_diner().label("allergens"),
        )
        .join(Resident, col(Resident.id) == col(Booking.resident_id))
        .where(col(Booking.canteen_id) == canteen_id, col(Booking.id).in_(booking_ids))
    ).all()
    return {row.id: row for row in rows}
