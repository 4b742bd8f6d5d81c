"""Book, cancel and collect a meal."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    Date,
    DateTime,
    Integer,
    Row,
    Text,
    bindparam,
    func,
    insert,
    literal,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlmodel import Session, col

from server import clock
from server.db.refusals import refusing_finally
from server.db.sessions import TryAgain
from server.db.tables import spelled_out, table_of
from server.meals import rules
from server.meals.errors import (
    AlreadyBooked,
    AlreadyCollected,
    BookingCancelled,
    MealCodeUnknown,
    NobodyToFeed,
    PastCutOff,
    SittingClosed,
    SittingFull,
)
from server.meals.models import BookedBy, Booking, BookingStatus, Sitting
from server.meals.queries import bookings, sittings
from server.meals.queries.booking_facts import BookingFacts, get_booking_facts
from server.policies.errors import RuleMissing
from server.residents.models import CareLink, Resident


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
        figures=rules.FIGURES_OF_A_SPLIT,
    )
    return facts, _split(facts)


def book_meal(
    session: Session, *, sitting_id: int, resident_id: int, booked_by: BookedBy
) -> Row[Any]:
    """Take a place for the resident and return the booking, as `get_booking` does.

    Raises `SittingFull`, `PastCutOff`, `SittingClosed`, `AlreadyBooked`, `NobodyToFeed`,
    `NotFound`, `RuleMissing`. Who loses the last place to another between looking and taking gets
    `TryAgain`: the next run refuses with what is free nearby. A refusal ends the transaction.
    """
    now = clock.now()
    facts, split = quote(session, sitting_id=sitting_id, resident_id=resident_id)
    _check_still_bookable(session, facts, now=now)

    broken = {
        "ck_sitting_booked_within_capacity": TryAgain(SittingFull(nearby=[])),
        "uq_booking_one_meal": TryAgain(AlreadyBooked(booking_id=None)),
        "uq_booking_code": TryAgain(),
        "uq_booking_subsidised_no": TryAgain(),
    }
    with refusing_finally(broken):
        booking = (
            session.connection()
            .execute(_TAKE_A_PLACE, _values(facts, split, resident_id, booked_by, now))
            .one_or_none()
        )

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
        .returning(col(Booking.id))
    ).scalar_one_or_none()
    if given_back is None:
        _explain_why_not_cancelled(bookings.get_booking(session, booking_id))


def collect_meal(session: Session, *, canteen_id: int, code: str) -> int:
    """Hand out today's meal of this code and return the booking's id.

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
    return int(collected)  # type: ignore[arg-type]


def _split(facts: BookingFacts) -> rules.Split:
    for key in rules.FIGURES_OF_A_SPLIT:
        if key not in facts.figures:
            raise RuleMissing(parameter=key, day=facts.service_on.isoformat())
    price = rules.Price(facts.list_price_fen, facts.discount_percent, facts.charity_fen)
    eater = rules.Eater(
        age=rules.full_years(facts.born_on, on=facts.service_on),
        hardship_tier=facts.hardship_tier,
        subsidised_meals_that_day=len(facts.subsidised_numbers),
    )
    return rules.split_price(price, eater, facts.figures)


def _check_still_bookable(session: Session, facts: BookingFacts, *, now: datetime) -> None:
    """The kind refusals; the database holds the same lines under any concurrency."""
    if facts.booking_id is not None:
        raise AlreadyBooked(booking_id=facts.booking_id)
    if facts.is_gone:
        raise NobodyToFeed()
    if not facts.is_offered:
        raise SittingClosed()
    if facts.cutoff_at <= now:
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
        "reasons": [dict(vars(reason)) for reason in split.reasons],
    }


def _explain_why_not_cancelled(booking: Any) -> None:
    if booking.status is BookingStatus.COLLECTED:
        raise AlreadyCollected(collected_at=booking.collected_at.isoformat())
    if booking.status is BookingStatus.BOOKED:
        raise PastCutOff(cutoff_at=booking.cutoff_at.isoformat())


def _explain_why_not_collected(session: Session, canteen_id: int, code: str) -> None:
    found = bookings.find_booking_by_code(
        session, canteen_id=canteen_id, day=clock.today(), code=code
    )
    if found is None:
        raise MealCodeUnknown()
    if found.status is BookingStatus.CANCELLED:
        raise BookingCancelled()
    raise AlreadyCollected(collected_at=found.collected_at.isoformat())


def _still_here() -> Any:
    """The resident, held as the foreign key will hold the row anyway, but before it is written.

    A report of death, or a merge, holds the row for itself: whichever comes second knows of the
    first.
    """
    gone_since = func.least(col(Resident.died_on), col(Resident.moved_away_on))
    return (
        select(col(Resident.id))
        .where(
            col(Resident.id) == bindparam("resident", type_=BigInteger),
            col(Resident.merged_into_id).is_(None),
            func.coalesce(gone_since >= bindparam("service_on", type_=Date), True),
        )
        .with_for_update(read=True, key_share=True)
    )


def _take_a_place() -> Any:
    """The whole taking of a place as one statement, which answers with the booking as it is shown.

    Resident and sitting are looked at once more as they are written, the place is counted by the
    database's own trigger under `ck_sitting_booked_within_capacity`, and the canteen may know its
    diner from now.
    """
    here, offered = _still_here().cte("here"), _still_offered().cte("offered")
    place = _place(here, offered)
    taken = (
        insert(table_of(Booking))
        .from_select(list(place), select(*place.values()).join_from(here, offered, true()))
        .returning(*table_of(Booking).c)
        .cte("taken")
    )
    return bookings.as_shown(taken).add_cte(_linking(here, offered).cte("linked"))


def _still_offered() -> Any:
    """The sitting, if it can be booked at this moment."""
    return select(
        col(Sitting.id), col(Sitting.canteen_id), col(Sitting.service_on), col(Sitting.meal)
    ).where(
        col(Sitting.id) == bindparam("sitting", type_=BigInteger),
        col(Sitting.published_at).is_not(None),
        col(Sitting.closed_at).is_(None),
        col(Sitting.cutoff_at) > bindparam("now", type_=DateTime(timezone=True)),
    )


def _linking(here: CTE, offered: CTE) -> Any:
    """The canteen may know its diner until `linked_until`, or longer where it may already."""
    today, until = bindparam("today", type_=Date), bindparam("linked_until", type_=Date)
    known = select(here.c.id, offered.c.canteen_id, today, until).join_from(here, offered, true())
    link = upsert(table_of(CareLink)).from_select(
        ["resident_id", "site_id", "starts_on", "ends_on"], known
    )
    return link.on_conflict_do_update(
        index_elements=["resident_id", "site_id"],
        set_={"ends_on": link.excluded.ends_on},
        where=col(CareLink.ends_on) < link.excluded.ends_on,
    )


def _place(here: CTE, offered: CTE) -> dict[str, Any]:
    """Column of a booking → what is written there."""
    return {
        "sitting_id": offered.c.id,
        "canteen_id": offered.c.canteen_id,
        "service_on": offered.c.service_on,
        "meal": offered.c.meal,
        "resident_id": here.c.id,
        "status": literal(BookingStatus.BOOKED.value, Text),
        "booked_by": bindparam("by", type_=Text),
        "list_price_fen": bindparam("list_price", type_=Integer),
        "operator_discount_fen": bindparam("discount", type_=Integer),
        "subsidy_fen": bindparam("subsidy", type_=Integer),
        "charity_fen": bindparam("charity", type_=Integer),
        "own_pay_fen": bindparam("own_pay", type_=Integer),
        "subsidised_no": bindparam("subsidised_no", type_=Integer),
        "reasons": bindparam("reasons", type_=JSONB),
        "code": bindparam("code", type_=Text),
        "booked_at": bindparam("now", type_=DateTime(timezone=True)),
    }


_TAKE_A_PLACE = _take_a_place()
