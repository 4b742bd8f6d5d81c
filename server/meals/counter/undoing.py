"""撤销: take a meal back that was handed out by mistake, within two minutes and for a reason."""

from datetime import datetime, timedelta

from sqlalchemy import text, update
from sqlmodel import Session, col

from server import clock
from server.errors import NotFound
from server.files.service import remove_file
from server.meals import reasons
from server.meals.counter import queries
from server.meals.counter.errors import MealDaySettled, UndoTooLate
from server.meals.counter.models import MealCollection
from server.meals.models import Booking, BookingStatus
from server.meals.wallets.paying import take_payment_back

TIME_TO_UNDO = timedelta(minutes=2)
# What was handed over at a door by mistake is still to be handed over there; a picture of that door
# shows somebody else's.
BRING_AGAIN = text(
    """
    WITH door AS MATERIALIZED (
        SELECT id, photo_file_id FROM meal_drop
         WHERE booking_id = :booking AND state = 'handed' FOR NO KEY UPDATE
    ), again AS (
        UPDATE meal_drop d
           SET state = 'waiting', told_at = NULL, received_by = NULL, photo_file_id = NULL
          FROM door WHERE d.id = door.id)
    SELECT photo_file_id FROM door WHERE photo_file_id IS NOT NULL
    """
)

# A canteen that closed the meal meanwhile hands nothing out any more, and nobody misses it.
CALL_OFF_IF_CLOSED = text(
    """
    UPDATE booking SET status = 'cancelled', cancelled_at = :now, cancel_reason = :code
      FROM sitting s
     WHERE booking.id = :booking AND booking.status = 'booked'
       AND s.id = booking.sitting_id AND s.closed_at IS NOT NULL
    """
)


def undo_collection(session: Session, client_key: str, *, at: datetime, reason: str) -> int:
    """Take a collection back and return its booking's id; twice is as good as once.

    `at` is when the counter did it, by its own clock put right: it may tell of it later.

    Raises `UndoTooLate`, `MealDaySettled`, `NotFound`.
    """
    found = queries.find_collection(session, client_key)
    if found is None:
        raise NotFound()
    if found.undone_at is not None:
        return int(found.booking_id)
    if not found.device_at <= at <= found.device_at + TIME_TO_UNDO:
        raise UndoTooLate()
    if found.is_settled:
        raise MealDaySettled(service_on=found.service_on.isoformat())
    _take_back(session, found.id, found.booking_id, at, reason)
    return int(found.booking_id)


def _take_back(
    session: Session, collection_id: int, booking_id: int, at: datetime, reason: str
) -> None:
    session.execute(
        update(MealCollection)
        .where(col(MealCollection.id) == collection_id)
        .values(undone_at=at, undo_reason=reason)
    )
    session.execute(
        update(Booking)
        .where(col(Booking.id) == booking_id, col(Booking.status) == BookingStatus.COLLECTED)
        .values(status=BookingStatus.BOOKED, collected_at=None)
    )
    photo_id = session.connection().execute(BRING_AGAIN, {"booking": booking_id}).scalar()
    if photo_id is not None:
        remove_file(session, photo_id)
    take_payment_back(session, booking_id)
    closed = {"booking": booking_id, "now": clock.now(), "code": reasons.CANTEEN_CLOSED}
    session.connection().execute(CALL_OFF_IF_CLOSED, closed)
