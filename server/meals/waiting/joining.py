"""候补: join the line of a full sitting, leave it, take the place that is offered or pass it on."""

from typing import Any

from sqlalchemy import Row, update
from sqlmodel import Session, col

from server import clock
from server.db.refusals import refusing
from server.meals import service
from server.meals.errors import AlreadyBooked, PastCutOff, SittingClosed
from server.meals.models import BookedBy, Diet, Handing
from server.meals.offering import offer_places
from server.meals.queries.booking_facts import BookingFacts, get_booking_facts
from server.meals.waiting.errors import AlreadyWaiting, OfferOver, PlacesLeft
from server.meals.waiting.models import MealWaiting, MealWaitingState
from server.meals.waiting.queries import find_waiting
from server.residents.presence import check_still_here

OPEN = (MealWaitingState.WAITING, MealWaitingState.OFFERED)


def join(
    session: Session,
    *,
    sitting_id: int,
    resident_id: int,
    joined_by: BookedBy,
    diet: Diet | None = None,
    handing: Handing = Handing.AT_CANTEEN,
) -> MealWaiting:
    """Stand in line for a full sitting, behind whoever stands there already.

    Raises `PlacesLeft`, `AlreadyWaiting`, `AlreadyBooked`, `PastCutOff`, `SittingClosed`,
    `ResidentGone`, `NotFound`.
    """
    now = clock.now()
    check_still_here(session, resident_id)
    facts = get_booking_facts(session, sitting_id=sitting_id, resident_id=resident_id, figures=[])
    _check_may_wait(facts)
    waiting = MealWaiting(
        sitting_id=sitting_id, canteen_id=facts.canteen_id, resident_id=resident_id,
        service_on=facts.service_on, meal=facts.meal, diet=diet or Diet(facts.usual_diet),
        handing=handing,
        state=MealWaitingState.WAITING, joined_by=joined_by, joined_at=now,
    )  # fmt: skip
    with refusing(session, {"uq_meal_waiting_one_open": AlreadyWaiting()}):
        session.add(waiting)
    offer_places(session, [sitting_id])
    session.refresh(waiting)
    return waiting


def leave(session: Session, waiting_id: int) -> None:
    """Give up the place in the line, or what was offered; the next is asked. Twice is as once."""
    waiting = find_waiting(session, waiting_id)
    ended = MealWaitingState.LEFT
    if waiting.state is MealWaitingState.OFFERED:
        ended = MealWaitingState.DECLINED
    closed = _close(session, waiting_id, OPEN, ended)
    if closed is not None:
        offer_places(session, [waiting.sitting_id])


def accept(session: Session, waiting_id: int) -> Row[Any]:
    """Take the place that is held, and return the booking as `get_booking` does.

    Raises `OfferOver`, and what `book_meal` raises; then the place stays held.
    """
    waiting = find_waiting(session, waiting_id)
    taken = _close(session, waiting_id, (MealWaitingState.OFFERED,), MealWaitingState.TAKEN)
    if taken is None:
        raise OfferOver()
    booking = service.book_meal(
        session,
        sitting_id=waiting.sitting_id,
        resident_id=waiting.resident_id,
        booked_by=waiting.joined_by,
        diet=waiting.diet,
        handing=waiting.handing,
    )
    of_this = update(MealWaiting).where(col(MealWaiting.id) == waiting_id)
    session.execute(of_this.values(booking_id=booking.id))
    return booking


def _check_may_wait(facts: BookingFacts) -> None:
    if facts.booking_id is not None:
        raise AlreadyBooked(booking_id=facts.booking_id)
    if not facts.is_offered:
        raise SittingClosed()
    if facts.cutoff_at <= clock.now():
        raise PastCutOff(cutoff_at=facts.cutoff_at.isoformat())
    if facts.places_left > 0:
        raise PlacesLeft(sitting_id=facts.sitting_id)


def _close(
    session: Session,
    waiting_id: int,
    was: tuple[MealWaitingState, ...],
    becomes: MealWaitingState,
) -> int | None:
    """The row is written by whoever comes first; an offer that ran out can no longer be taken."""
    now = clock.now()
    query = update(MealWaiting).where(col(MealWaiting.id) == waiting_id,
                                      col(MealWaiting.state).in_(was))  # fmt: skip
    if becomes is MealWaitingState.TAKEN:
        query = query.where(col(MealWaiting.expires_at) > now)
    closed: int | None = session.execute(
        query.values(state=becomes, ended_at=now).returning(col(MealWaiting.id)),
        execution_options={"synchronize_session": False},
    ).scalar_one_or_none()
    return closed
