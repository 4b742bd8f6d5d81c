"""取餐: hand out a meal, once."""

from sqlalchemy import update
from sqlmodel import Session, col

from server import clock
from server.db.tables import spelled_out
from server.meals.errors import AlreadyCollected, BookingCancelled, MealCodeUnknown
from server.meals.models import Booking, BookingStatus
from server.meals.queries import bookings
from server.meals.wallets.paying import pay_for


def collect_meal(session: Session, *, canteen_id: int, code: str) -> int:
    """Hand out today's meal of this code, settle its own pay, and return the booking's id.

    Raises `MealCodeUnknown`, `AlreadyCollected`, `BookingCancelled`.
    """
    collected = session.execute(
        update(Booking)
        .where(
            col(Booking.canteen_id) == canteen_id,
            col(Booking.service_on) == clock.today(),
            col(Booking.code) == code,
            col(Booking.status) == spelled_out(BookingStatus.BOOKED),
        )
        .values(status=BookingStatus.COLLECTED, collected_at=clock.now())
        .returning(col(Booking.id))
    ).scalar_one_or_none()
    if collected is None:
        _explain_why_not_collected(session, canteen_id, code)
    pay_for(session, int(collected))  # type: ignore[arg-type]
    return int(collected)  # type: ignore[arg-type]


def _explain_why_not_collected(session: Session, canteen_id: int, code: str) -> None:
    found = bookings.find_booking_by_code(
        session, canteen_id=canteen_id, day=clock.today(), code=code
    )
    if found is None:
        raise MealCodeUnknown()
    if found.status is BookingStatus.CANCELLED:
        raise BookingCancelled()
    raise AlreadyCollected(collected_at=found.collected_at.isoformat())
