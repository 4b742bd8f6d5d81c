"""现场用餐: somebody who has not booked eats too, while the database still has a place.

Whoever the register does not know is not noted: they pay the full price, as the counter is told.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from server import clock
from server.db.sessions import reaching_everywhere
from server.db.tables import spelled_out
from server.meals.counter.cards import find_holder
from server.meals.counter.errors import DinerUnknown, NothingServed
from server.meals.counter.models import How
from server.meals.counter.queries import list_sittings_of_day
from server.meals.counter.receiving import Receipt, Telling, receive
from server.meals.models import BookedBy, Booking, BookingStatus
from server.meals.service import book_meal
from server.people.papers import check_id_number
from server.residents.models import ID_NUMBER_FIELD, Resident
from server.secrets.fields import keyring


@dataclass(frozen=True)
class Shown:
    """What a walk-in shows at the counter: an ID number, or a meal card."""

    id_number: str | None = None
    card_number: str | None = None

    @property
    def how(self) -> How:
        return How.CARD if self.card_number else How.WALK_IN


def serve_walk_in(
    session: Session, *, canteen_id: int, sitting_id: int, shown: Shown, key: str
) -> Receipt:
    """Book and hand out a meal of today at once; a meal that was booked here is handed out.

    Raises `DinerUnknown`, `MealCardUnknown`, `IdNumberUnusable`, `NothingServed`, and as
    `book_meal` does; `AlreadyBooked` where the meal was booked at another canteen.
    """
    _check_served(session, canteen_id, sitting_id)
    with reaching_everywhere(session):
        resident_id = _find_diner(session, shown)
        booking_id = _find_booked(session, sitting_id, resident_id)
        if booking_id is None:
            booking = book_meal(
                session,
                sitting_id=sitting_id,
                resident_id=resident_id,
                booked_by=BookedBy.WALK_IN,
            )
            booking_id = int(booking.id)
    telling = Telling(key, clock.now(), shown.how, booking_id=booking_id)
    [receipt] = receive(session, canteen_id, [telling])
    return receipt


def _check_served(session: Session, canteen_id: int, sitting_id: int) -> None:
    """A sitting of today, until it is over; whether it has begun is the cook's affair."""
    now = clock.now().astimezone(clock.CITY).time()
    served = list_sittings_of_day(session, canteen_id, day=clock.today())
    if not any(row.id == sitting_id and now < row.serves_until for row in served):
        raise NothingServed()


def _find_diner(session: Session, shown: Shown) -> int:
    if shown.card_number:
        return find_holder(session, shown.card_number)
    digest = keyring().digest(check_id_number(shown.id_number or ""), ID_NUMBER_FIELD)
    found = session.execute(
        select(col(Resident.id), col(Resident.merged_into_id)).where(
            col(Resident.id_number_digest) == digest
        )
    ).one_or_none()
    if found is None:
        raise DinerUnknown()
    return int(found.merged_into_id or found.id)


def _find_booked(session: Session, sitting_id: int, resident_id: int) -> int | None:
    """The diner's own booking of this sitting: they left the phone at home."""
    found: int | None = session.execute(
        select(col(Booking.id)).where(
            col(Booking.resident_id) == resident_id,
            col(Booking.sitting_id) == sitting_id,
            col(Booking.status) != spelled_out(BookingStatus.CANCELLED),
        )
    ).scalar_one_or_none()
    return found
