"""Book many people's meals at once: the same number of statements for two as for thirty.

Only what is plain is taken here: a published sitting before its cut-off, with a place left, for
somebody who has no meal there yet. Whoever is left out asks again alone, where a refusal is found
out and said with all its facts. So no rule has a second home: price and values are those of one
booking, and the database's own lines hold in either.
"""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Row, bindparam, text
from sqlmodel import Session

from server.db.together import act_for
from server.errors import DomainError
from server.meals import rules, service
from server.meals.models import BookedBy, Diet, Handing
from server.meals.placing_many import TAKE_AND_SHOW
from server.meals.queries.booking_facts import BookingFacts, list_booking_facts

log = logging.getLogger(__name__)

# Residents, then sittings, each in the order of their numbers, as everybody who holds several does.
HOLD = text(
    """
    WITH here AS MATERIALIZED (
        SELECT id FROM resident WHERE id = ANY(:residents) ORDER BY id FOR KEY SHARE)
    SELECT id FROM sitting
     WHERE id = ANY(:sittings) AND (SELECT count(*) FROM here) >= 0
     ORDER BY id FOR NO KEY UPDATE
    """
).bindparams(
    bindparam("residents", type_=ARRAY(BigInteger)), bindparam("sittings", type_=ARRAY(BigInteger))
)


@dataclass(frozen=True)
class Wish:
    """A meal that somebody asks for; without a `diet` it is cooked as was noted of the resident."""

    sitting_id: int
    resident_id: int
    booked_by: BookedBy
    diet: Diet | None = None
    handing: Handing = Handing.AT_CANTEEN


class SomeWereLost(Exception):
    """Some of those who were to be taken lost to others; the transaction must not be kept.

    `residents` are those who were not lost: they can be taken at once, by a new one.
    """

    def __init__(self, residents: set[int]) -> None:
        super().__init__()
        self.residents = residents


def book_together(
    session: Session, wishes: Sequence[Wish], *, now: datetime
) -> Mapping[int, Row[Any]]:
    """Take what is plain, and return the bookings by resident, as `get_booking` does.

    The session is one of `transaction_together`, and no two wishes are of one resident. Who comes
    first in `wishes` has the last place. Raises `SomeWereLost`.
    """
    _hold(session, wishes)
    values = _values(session, wishes, now)
    if not values:
        return {}
    act_for(session, list(values))
    taken = session.connection().execute(TAKE_AND_SHOW, {"rows": list(values.values())})
    bookings = {row.resident_id: row for row in taken}
    if len(bookings) < len(values):
        raise SomeWereLost(set(bookings))
    return bookings


def _hold(session: Session, wishes: Sequence[Wish]) -> None:
    held = {
        "residents": [wish.resident_id for wish in wishes],
        "sittings": list({wish.sitting_id for wish in wishes}),
    }
    session.connection().execute(HOLD, held).all()


def _values(session: Session, wishes: Sequence[Wish], now: datetime) -> dict[int, dict[str, Any]]:
    """By resident, what the places of those who can be taken are written with."""
    pairs = [(wish.sitting_id, wish.resident_id) for wish in wishes]
    found = list_booking_facts(
        session, pairs, figures=(*rules.FIGURES_OF_A_SPLIT, *rules.FIGURES_THAT_MAY_HOLD)
    )
    taken: Counter[int] = Counter()
    values = {}
    for wish in wishes:
        facts = found.get((wish.sitting_id, wish.resident_id))
        if facts is None or not _is_plain(facts, taken[wish.sitting_id], now):
            continue
        priced = _priced(facts, wish, now)
        if priced is not None:
            values[wish.resident_id] = priced
            taken[wish.sitting_id] += 1
    return values


def _is_plain(facts: BookingFacts, taken: int, now: datetime) -> bool:
    return (
        facts.booking_id is None
        and facts.is_offered
        and not facts.is_gone
        and now < facts.cutoff_at
        and facts.places_left > taken
    )


def _priced(facts: BookingFacts, wish: Wish, now: datetime) -> dict[str, Any] | None:
    """What one place is written with; None where it has no price: the others go on."""
    try:
        values = service.values_of_place(
            facts, resident_id=wish.resident_id, booked_by=wish.booked_by, now=now
        )
    except DomainError:
        return None
    except Exception:
        log.exception("a meal among others was not priced")
        return None
    diet = Diet(wish.diet or facts.usual_diet)
    return values | {"diet": diet.value, "handing": wish.handing.value}
