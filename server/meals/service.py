"""Book and cancel a meal."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import Row, update
from sqlmodel import Session, col

from server import clock
from server.db.refusals import refusing_finally
from server.db.sessions import TryAgain
from server.meals import rules
from server.meals.entitlement import missing_figures
from server.meals.errors import (
    AlreadyBooked,
    AlreadyCollected,
    NobodyToFeed,
    PastCutOff,
    SittingClosed,
    SittingFull,
)
from server.meals.missing.policy import check_may_book_late
from server.meals.models import BookedBy, Booking, BookingStatus, Diet, Handing, Sitting
from server.meals.offering import offer_places
from server.meals.placing import TAKE_A_PLACE
from server.meals.queries import bookings, sittings
from server.meals.queries.booking_facts import BookingFacts, get_booking_facts
from server.places.workdays import is_workday
from server.policies.errors import RuleMissing


def quote(
    session: Session, *, sitting_id: int, resident_id: int
) -> tuple[BookingFacts, rules.Split]:
    """Return the facts and the price split of a sitting for a resident, on the day of service.

    Raises `NotFound`, and `RuleMissing` where no document sets a figure for that day.
    """
    facts = get_booking_facts(
        session,
        sitting_id=sitting_id,
        resident_id=resident_id,
        figures=(*rules.FIGURES_OF_A_SPLIT, *rules.FIGURES_THAT_MAY_HOLD),
    )
    return facts, _split(facts)


def book_meal(
    session: Session,
    *,
    sitting_id: int,
    resident_id: int,
    booked_by: BookedBy,
    diet: Diet | None = None,
    handing: Handing = Handing.AT_CANTEEN,
) -> Row[Any]:
    """Take a place for the resident and return the booking, as `get_booking` does.

    Between the cut-off and `late_until` one of the sitting's few late places is taken. Whoever
    walks in takes a place of today, as long as there is one. Without a `diet` it is cooked as was
    noted of the resident (饮食情况).

    Raises `SittingFull`, `PastCutOff`, `SittingClosed`, `AlreadyBooked`, `NobodyToFeed`,
    `LateRefused`, `NotFound`, `RuleMissing`. Who loses the last place to another between looking
    and taking gets `TryAgain`: the next run refuses with what is free nearby. A refusal ends the
    transaction.
    """
    now = clock.now()
    facts, split = quote(session, sitting_id=sitting_id, resident_id=resident_id)
    _check_still_bookable(session, facts, booked_by, now=now)
    if facts.cutoff_at <= now and booked_by is not BookedBy.WALK_IN:
        check_may_book_late(session, resident_id)

    values = _values(facts, split, resident_id, booked_by, now)
    values |= {"diet": diet or facts.usual_diet, "handing": handing.value}
    broken = {
        "ck_sitting_booked_within_capacity": TryAgain(SittingFull(nearby=[])),
        "ck_sitting_late_within_quota": TryAgain(PastCutOff(cutoff_at=facts.cutoff_at.isoformat())),
        "uq_booking_one_meal": TryAgain(AlreadyBooked(booking_id=None)),
        "uq_booking_code": TryAgain(),
        "uq_booking_subsidised_no": TryAgain(),
        "subsidy_within_the_day": TryAgain(),
    }
    with refusing_finally(broken):
        booking = session.connection().execute(TAKE_A_PLACE, values).one_or_none()

    if booking is None:
        raise TryAgain(SittingClosed())
    return booking


def cancel_booking(session: Session, booking_id: int, *, reason: str | None = None) -> None:
    """Give the place back before the cut-off; cancelling twice is as good as once.

    Raises `PastCutOff`, `AlreadyCollected`, `NotFound`.
    """
    now = clock.now()
    given_back = session.execute(
        update(Booking)
        .where(
            col(Booking.id) == booking_id,
            col(Booking.status) == BookingStatus.BOOKED,
            col(Booking.sitting_id) == col(Sitting.id),
            col(Sitting.cutoff_at) > now,
        )
        .values(status=BookingStatus.CANCELLED, cancelled_at=now, cancel_reason=reason)
        .returning(col(Booking.sitting_id))
    ).scalar_one_or_none()
    if given_back is None:
        _explain_why_not_cancelled(bookings.get_booking(session, booking_id))
    else:
        offer_places(session, [given_back])


def values_of_place(
    facts: BookingFacts, *, resident_id: int, booked_by: BookedBy, now: datetime
) -> dict[str, Any]:
    """Return what one place is written with, price and code, for those who take many at once.

    Diet and handing are the caller's to add. Raises `RuleMissing`.
    """
    return _values(facts, _split(facts), resident_id, booked_by, now)


def _split(facts: BookingFacts) -> rules.Split:
    for key in missing_figures(facts.figures):
        raise RuleMissing(parameter=key, day=facts.service_on.isoformat())
    price = rules.Price(facts.list_price_fen, facts.discount_percent, facts.charity_fen)
    eater = rules.Eater(
        age=rules.full_years(facts.born_on, on=facts.service_on),
        hardship_tier=facts.hardship_tier,
        subsidised_meals_that_day=len(facts.subsidised_meals),
        subsidised_fen_that_day=sum(fen for _, fen in facts.subsidised_meals),
        cares=facts.cares,
        division_code=facts.resident_division,
        is_own_county=facts.resident_division[:6] == facts.canteen_division[:6],
        meal=facts.meal.value,
        is_workday=is_workday(facts.service_on),
    )
    return rules.split_price(price, eater, facts.figures)


def _check_still_bookable(
    session: Session, facts: BookingFacts, booked_by: BookedBy, *, now: datetime
) -> None:
    """The kind refusals; the database holds the same lines under any concurrency."""
    if facts.booking_id is not None:
        raise AlreadyBooked(booking_id=facts.booking_id)
    if facts.is_gone:
        raise NobodyToFeed()
    if not facts.is_offered:
        raise SittingClosed()
    is_in_time = now < facts.cutoff_at or booked_by is BookedBy.WALK_IN
    if not is_in_time and not sittings.has_late_place(now, facts):
        raise PastCutOff(cutoff_at=facts.cutoff_at.isoformat())
    if facts.places_left <= 0:
        nearby = sittings.list_nearby_with_places(session, facts.sitting_id, now=now)
        raise SittingFull(nearby=list(nearby))


def _values(
    facts: BookingFacts,
    split: rules.Split,
    resident_id: int,
    booked_by: BookedBy,
    now: datetime,
) -> dict[str, Any]:
    return {
        "sitting": facts.sitting_id,
        "resident": resident_id,
        "service_on": facts.service_on,
        "by": booked_by.value,
        "now": now,
        "today": clock.day_of(now),
        "linked_until": rules.care_link_ends_on(facts.service_on),
        "code": rules.meal_code(secrets.randbelow(rules.CODE_NUMBERS)),
        "list_price": split.list_price_fen,
        "discount": split.operator_discount_fen,
        "subsidy": split.subsidy_fen,
        "charity": split.charity_fen,
        "own_pay": split.own_pay_fen,
        "subsidised_no": (
            rules.first_free_number(facts.subsidised_numbers) if split.subsidy_fen else None
        ),
        "subsidy_day": split.subsidy_day_fen,
        "reasons": [dict(vars(reason)) for reason in split.reasons],
    }


def _explain_why_not_cancelled(booking: Any) -> None:
    if booking.status is BookingStatus.COLLECTED:
        raise AlreadyCollected(collected_at=booking.collected_at.isoformat())
    if booking.status is BookingStatus.BOOKED:
        raise PastCutOff(cutoff_at=booking.cutoff_at.isoformat())
