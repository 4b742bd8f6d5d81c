"""Whom a window or a canteen can book for, and how their week stands."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, and_, or_, select
from sqlmodel import Session, col

from server.db.tables import spelled_out
from server.errors import NotFound
from server.meals.models import Booking, BookingStatus, Sitting
from server.meals.waiting.models import MealWaiting
from server.meals.waiting.queries import OPEN
from server.places.models import Division
from server.residents.models import Resident

MOST_FOUND = 20


def find_eaters(session: Session, term: str) -> Sequence[Row[Any]]:
    """Return whom the actor may know of, by part of the name or the beginning of its pinyin.

    At most `MOST_FOUND`, by name: a longer list is narrowed by typing more.
    """
    return session.execute(
        _eaters()
        .where(
            col(Resident.died_on).is_(None),
            col(Resident.moved_away_on).is_(None),
            or_(
                col(Resident.name).contains(term, autoescape=True),
                col(Resident.initials).startswith(term.lower(), autoescape=True),
                col(Resident.pinyin).startswith(term.lower(), autoescape=True),
            ),
        )
        .order_by(col(Resident.pinyin), col(Resident.name), col(Resident.id))
        .limit(MOST_FOUND)
    ).all()


def get_eater(session: Session, resident_id: int) -> Row[Any]:
    """Return one of them; raises `NotFound` for whom the actor may not know of."""
    row = session.execute(_eaters().where(col(Resident.id) == resident_id)).one_or_none()
    if row is None:
        raise NotFound()
    return row


def list_week_of_eater(
    session: Session, resident_id: int, canteen_id: int, *, first_day: date, end_day: date
) -> Sequence[Row[Any]]:
    """Return the canteen's published sittings of the days with what the resident has of each:
    the booking of that day and meal, wherever it is, and a place in the line."""
    kept = and_(
        col(Booking.resident_id) == resident_id,
        col(Booking.service_on) == col(Sitting.service_on),
        col(Booking.meal) == col(Sitting.meal),
        col(Booking.status) != spelled_out(BookingStatus.CANCELLED),
    )
    in_line = and_(
        col(MealWaiting.sitting_id) == col(Sitting.id),
        col(MealWaiting.resident_id) == resident_id,
        col(MealWaiting.state).in_(OPEN),
    )
    return session.execute(
        select(
            col(Sitting.id),
            col(Sitting.service_on),
            col(Sitting.meal),
            col(Sitting.serves_from),
            col(Sitting.serves_until),
            col(Sitting.cutoff_at),
            col(Sitting.late_until),
            (col(Sitting.late_places) - col(Sitting.late_booked)).label("late_places_left"),
            (col(Sitting.capacity) - col(Sitting.booked) - col(Sitting.held)).label("places_left"),
            col(Sitting.closed_at).is_(None).label("is_offered"),
            col(Booking.id).label("booking_id"),
            col(Booking.status),
            col(Booking.booked_by),
            col(Booking.canteen_id).label("booked_at_canteen"),
            col(MealWaiting.id).label("waiting_id"),
            col(MealWaiting.state).label("waiting_state"),
        )
        .select_from(Sitting)
        .outerjoin(Booking, kept)
        .outerjoin(MealWaiting, in_line)
        .where(
            col(Sitting.canteen_id) == canteen_id,
            col(Sitting.service_on) >= first_day,
            col(Sitting.service_on) < end_day,
            col(Sitting.published_at).is_not(None),
        )
        .order_by(col(Sitting.service_on), col(Sitting.serves_from), col(Sitting.id))
    ).all()


def _eaters() -> Any:
    return (
        select(
            col(Resident.id),
            col(Resident.name),
            col(Resident.born_on),
            col(Resident.village_code),
            col(Resident.usual_canteen_id),
            col(Division.name).label("village_name"),
        )
        .join(Division, col(Division.code) == col(Resident.village_code))
        .where(col(Resident.merged_into_id).is_(None))
    )
