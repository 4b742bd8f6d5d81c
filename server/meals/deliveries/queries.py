"""A day's rounds, their stops, and what still waits for a carrier."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select
from sqlmodel import Session, col

from server.db.tables import spelled_out
from server.meals.deliveries.models import DropState, MealDrop, MealRound
from server.meals.deliveries.rules import DELIVERY, USUAL, Door, Pace
from server.meals.models import Booking, BookingStatus, Handing, Sitting
from server.places.models import Division
from server.places.ways import Place, place_of
from server.policies.errors import RuleMissing
from server.policies.queries import get_figures
from server.providers.models import Site
from server.residents.models import Resident


def list_rounds(session: Session, canteen_id: int, *, day: date) -> Sequence[Row[Any]]:
    """Return the canteen's rounds of a day with their counts, as they go out."""
    return session.execute(
        select(
            col(MealRound.id),
            col(MealRound.number),
            col(MealRound.sitting_id),
            col(MealRound.carrier),
            col(MealRound.sealed_at),
            col(Sitting.meal),
            func.count(col(MealDrop.id)).label("stops"),
            _counted(DropState.WAITING).label("waiting"),
            _counted(DropState.HANDED).label("handed"),
            _counted(DropState.NOT_HOME).label("not_home"),
        )
        .join(Sitting, col(Sitting.id) == col(MealRound.sitting_id))
        .outerjoin(MealDrop, col(MealDrop.round_id) == col(MealRound.id))
        .where(col(MealRound.canteen_id) == canteen_id, col(Sitting.service_on) == day)
        .group_by(col(MealRound.id), col(Sitting.id))
        .order_by(col(Sitting.serves_from), col(MealRound.number))
    ).all()


def get_pace(session: Session, *, on: date) -> Pace:
    """Return how fast meals are to be carried on a day; a city that says nothing carries as usual.

    Its tablets list their rounds all the same.
    """
    try:
        return Pace.of(get_figures(session, [DELIVERY], on=on)[DELIVERY].value)
    except RuleMissing:
        return USUAL


def find_start(session: Session, canteen_id: int) -> Place | None:
    """Return where a canteen is; None where nobody entered it."""
    found = select(col(Site.x), col(Site.y)).where(col(Site.id) == canteen_id)
    row = session.execute(found).one_or_none()
    return None if row is None else place_of(row.x, row.y)


def list_drops(session: Session, round_ids: Sequence[int]) -> Sequence[Row[Any]]:
    """Return the stops of these rounds in order, each with its diner, door and diet."""
    return session.execute(
        select(
            col(MealDrop.id),
            col(MealDrop.round_id),
            col(MealDrop.position),
            col(MealDrop.state),
            col(MealDrop.told_at),
            col(MealDrop.received_by),
            col(MealDrop.reason),
            col(MealDrop.photo_file_id),
            col(Booking.id).label("booking_id"),
            col(Booking.diet),
            col(Booking.own_pay_fen),
            col(Booking.status).label("booking_status"),
            col(Resident.name),
            col(Resident.phone),
            col(Resident.address),
            col(Resident.home_x).label("x"),
            col(Resident.home_y).label("y"),
            col(Division.name).label("village_name"),
        )
        .join(Booking, col(Booking.id) == col(MealDrop.booking_id))
        .join(Resident, col(Resident.id) == col(Booking.resident_id))
        .join(Division, col(Division.code) == col(Resident.village_code))
        .where(col(MealDrop.round_id).in_(round_ids))
        .order_by(col(MealDrop.round_id), col(MealDrop.position))
    ).all()


def list_to_carry(session: Session, sitting_id: int) -> list[Door]:
    """Return the doors of a sitting that wait for a round: by village, then address by address."""
    rows = session.execute(
        select(
            col(Booking.id),
            col(Resident.village_code),
            col(Resident.home_x),
            col(Resident.home_y),
        )
        .join(Resident, col(Resident.id) == col(Booking.resident_id))
        .outerjoin(MealDrop, col(MealDrop.booking_id) == col(Booking.id))
        .where(
            col(Booking.sitting_id) == sitting_id,
            col(Booking.handing) == spelled_out(Handing.DELIVERY),
            col(Booking.status) == spelled_out(BookingStatus.BOOKED),
            col(MealDrop.id).is_(None),
        )
        .order_by(col(Resident.village_code), col(Resident.address), col(Booking.id))
    ).all()
    return [Door(row.id, row.village_code, place_of(row.home_x, row.home_y)) for row in rows]


def list_sittings_with_deliveries(
    session: Session, canteen_id: int, *, day: date
) -> Sequence[Row[Any]]:
    """Return a day's sittings with how many meals go to a door and wait for a round."""
    waits = (
        select(func.count(col(Booking.id)))
        .outerjoin(MealDrop, col(MealDrop.booking_id) == col(Booking.id))
        .where(
            col(Booking.sitting_id) == col(Sitting.id),
            col(Booking.handing) == spelled_out(Handing.DELIVERY),
            col(Booking.status) == spelled_out(BookingStatus.BOOKED),
            col(MealDrop.id).is_(None),
        )
        .correlate(Sitting)
        .scalar_subquery()
    )
    return session.execute(
        select(col(Sitting.id), col(Sitting.meal), waits.label("to_carry"))
        .where(col(Sitting.canteen_id) == canteen_id, col(Sitting.service_on) == day)
        .order_by(col(Sitting.serves_from), col(Sitting.id))
    ).all()


def find_round(session: Session, round_id: int) -> Row[Any] | None:
    """Return a round with its canteen and day."""
    return session.execute(
        select(
            col(MealRound.id),
            col(MealRound.number),
            col(MealRound.canteen_id),
            col(MealRound.sealed_at),
            col(MealRound.carrier),
            col(Sitting.service_on),
            col(Sitting.meal),
        )
        .join(Sitting, col(Sitting.id) == col(MealRound.sitting_id))
        .where(col(MealRound.id) == round_id)
    ).one_or_none()


def find_photo(session: Session, canteen_id: int, drop_id: int) -> int | None:
    """Return the file of what was photographed at a door, for a stop of this canteen."""
    return session.execute(
        select(col(MealDrop.photo_file_id))
        .join(MealRound, col(MealRound.id) == col(MealDrop.round_id))
        .where(col(MealDrop.id) == drop_id, col(MealRound.canteen_id) == canteen_id)
    ).scalar_one_or_none()


def lock_drop(session: Session, drop_id: int) -> Row[Any] | None:
    """Return a stop with its booking and round, locked until the transaction ends."""
    return session.execute(
        select(
            col(MealDrop.id),
            col(MealDrop.state),
            col(MealDrop.booking_id),
            col(Booking.code),
            col(MealRound.canteen_id),
            col(MealRound.sealed_at),
        )
        .join(Booking, col(Booking.id) == col(MealDrop.booking_id))
        .join(MealRound, col(MealRound.id) == col(MealDrop.round_id))
        .where(col(MealDrop.id) == drop_id)
        .with_for_update(of=MealDrop)
    ).one_or_none()


def _counted(state: DropState) -> Any:
    return func.count(col(MealDrop.id)).filter(col(MealDrop.state) == spelled_out(state))
