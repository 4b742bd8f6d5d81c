"""What counters handed out, taken in row by row: each is answered by itself, and none is lost.

A counter without a network decides by its list and the signature, and tells later. Where two have
handed out the same meal, the first that arrives counts and the second becomes a finding.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlmodel import Session

from server import clock
from server.db.refusals import refusing_finally
from server.db.sessions import TryAgain, actor_of, reaching_everywhere
from server.errors import DomainError
from server.findings.models import FindingKind
from server.findings.service import Suspicion, put_findings
from server.meals.counter import codes, queries
from server.meals.counter.errors import (
    MealDaySettled,
    MealOfAnotherCanteen,
    MealOfAnotherDay,
)
from server.meals.counter.keys import list_public_keys
from server.meals.counter.models import How
from server.meals.errors import AlreadyCollected, BookingCancelled, MealCodeUnknown
from server.meals.models import BookingStatus
from server.meals.wallets.paying import pay_for

# One statement: who comes second to a booking is turned away by uq_meal_collection_of_booking.
HAND_OUT = text(
    """
    WITH told AS (
        SELECT * FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS t(client_key text,
               booking_id bigint, device_at timestamptz, how text, reason text, is_offline boolean)
    ), written AS (
        INSERT INTO meal_collection (client_key, booking_id, device_at, how, reason, is_offline,
                                     received_at, staff_id, sign_in_id)
        SELECT t.client_key, t.booking_id, t.device_at, t.how, t.reason, t.is_offline,
               :now, :staff, :sign_in
          FROM told t JOIN booking b ON b.id = t.booking_id AND b.status IN ('booked', 'missed')
         ORDER BY t.booking_id, t.device_at
        ON CONFLICT DO NOTHING
        RETURNING client_key, booking_id, device_at
    ), done AS (
        UPDATE booking b SET status = 'collected', collected_at = w.device_at, missed_at = NULL
          FROM written w WHERE b.id = w.booking_id AND b.status IN ('booked', 'missed')
        RETURNING b.id
    )
    SELECT w.client_key, done.id AS booking_id
      FROM written w LEFT JOIN done ON done.id = w.booking_id
    """
)

FOUND_AS: Mapping[type[DomainError], FindingKind] = {
    AlreadyCollected: FindingKind.MEAL_HANDED_OUT_TWICE,
    BookingCancelled: FindingKind.MEAL_HANDED_OUT_UNBOOKED,
    MealDaySettled: FindingKind.MEAL_TOLD_AFTER_SETTLEMENT,
}


@dataclass(frozen=True)
class Telling:
    """A meal as a counter tells of it: named by booking, by signed code, or by six digits."""

    key: str
    at: datetime
    how: How
    booking_id: int | None = None
    token: str | None = None
    code: str | None = None
    reason: str | None = None
    is_offline: bool = False


@dataclass(frozen=True)
class Receipt:
    """What became of it: handed out by this key, or refused and why."""

    key: str
    booking_id: int | None = None
    refusal: DomainError | None = None


@dataclass(frozen=True)
class _Meant:
    """A telling beside the booking it means, or why it means none."""

    telling: Telling
    booking: Row[Any] | None = None
    refusal: DomainError | None = None


def receive(session: Session, canteen_id: int, told: Sequence[Telling]) -> list[Receipt]:
    """Take in what a counter of this canteen handed out; returns one receipt each, in order.

    Told again under its key, a meal is answered as the first time.
    """
    known = queries.find_known(session, [one.key for one in told])
    fresh = [one for one in told if one.key not in known]
    meant = [_judged(one) for one in _find_meant(session, canteen_id, fresh)] if fresh else []
    kept = _hand_out(session, [one for one in meant if one.refusal is None])
    settled = [one if one.refusal or one.telling.key in kept else _lost(one) for one in meant]
    _find_doubtful(session, settled)
    answers = {one.telling.key: _receipt(one) for one in settled}
    answers |= {key: Receipt(key, row.booking_id) for key, row in known.items()}
    return [answers[one.key] for one in told]


def _find_meant(session: Session, canteen_id: int, told: Sequence[Telling]) -> list[_Meant]:
    signed = any(one.token for one in told)
    public_keys = list_public_keys(session) if signed else {}
    claims = {one.key: _claim(one, canteen_id, public_keys) for one in told}
    rows = queries.list_told_of(
        session,
        canteen_id,
        booking_ids=[one for one in map(_number_of, claims.values()) if one],
        codes=[(clock.day_of(one.at), one.code) for one in told if one.code],
    )
    by_number = {row.id: row for row in rows}
    by_code = {(row.service_on, row.code): row for row in reversed(rows)}
    return [_found(one, claims[one.key], by_number, by_code) for one in told]


def _claim(
    telling: Telling, canteen_id: int, public_keys: Mapping[int, bytes]
) -> int | DomainError | None:
    """The booking that a telling names by number or signature; a refusal where it cannot be."""
    if telling.token is None:
        return telling.booking_id
    try:
        claim = codes.read(telling.token, public_keys)
    except DomainError as forged:
        return forged
    if claim.canteen_id != canteen_id:
        return MealOfAnotherCanteen()
    return claim.booking_id


def _number_of(claim: int | DomainError | None) -> int | None:
    return claim if isinstance(claim, int) else None


def _found(
    telling: Telling,
    claim: int | DomainError | None,
    by_number: Mapping[int, Row[Any]],
    by_code: Mapping[tuple[Any, str], Row[Any]],
) -> _Meant:
    if isinstance(claim, DomainError):
        return _Meant(telling, refusal=claim)
    if claim is not None:
        return _Meant(telling, by_number.get(claim))
    return _Meant(telling, by_code.get((clock.day_of(telling.at), telling.code or "")))


def _judged(meant: _Meant) -> _Meant:
    """Refuse what cannot be handed out; the database holds the same line under any concurrency."""
    refusal = meant.refusal or _refusal_of(meant.booking, meant.telling)
    return _Meant(meant.telling, meant.booking, refusal)


def _refusal_of(booking: Row[Any] | None, telling: Telling) -> DomainError | None:
    if booking is None:
        return MealCodeUnknown()
    if booking.service_on != clock.day_of(telling.at):
        return MealOfAnotherDay(service_on=booking.service_on.isoformat())
    if booking.status is BookingStatus.COLLECTED:
        return AlreadyCollected(collected_at=booking.collected_at.isoformat())
    if booking.status is BookingStatus.CANCELLED:
        return BookingCancelled()
    if booking.is_settled:
        return MealDaySettled(service_on=booking.service_on.isoformat())
    return None


def _hand_out(session: Session, meant: Sequence[_Meant]) -> set[str]:
    """Write what can be handed out and return the keys of those that were the first."""
    if not meant:
        return set()
    actor = actor_of(session)
    rows = [
        {
            "client_key": one.telling.key,
            "booking_id": one.booking.id if one.booking else None,
            "device_at": min(one.telling.at, clock.now()),
            "how": one.telling.how.value,
            "reason": one.telling.reason,
            "is_offline": one.telling.is_offline,
        }
        for one in meant
    ]
    values = {"rows": json.dumps(rows, default=str), "now": clock.now()}
    values |= {"staff": actor.staff_id, "sign_in": actor.sign_in_id}
    # A month settled in this very moment: the next run says so of each meal.
    with refusing_finally({"month_of_meals_is_open": TryAgain()}):
        written = session.connection().execute(HAND_OUT, values).all()
    if any(row.booking_id is None for row in written):
        raise TryAgain()  # Given back in the same moment: the next run says so.
    session.expire_all()
    pay_for(session, [row.booking_id for row in written])
    return {row.client_key for row in written}


def _lost(meant: _Meant) -> _Meant:
    """Somebody else was first, a moment ago."""
    return _Meant(
        meant.telling, meant.booking, AlreadyCollected(collected_at=clock.now().isoformat())
    )


def _find_doubtful(session: Session, meant: Sequence[_Meant]) -> None:
    """A refusal after the meal has left the counter is somebody's to look into."""
    doubtful = [one for one in meant if one.telling.is_offline and type(one.refusal) in FOUND_AS]
    if doubtful:
        with reaching_everywhere(session):
            put_findings(session, [_suspicion(session, one) for one in doubtful])


def _suspicion(session: Session, meant: _Meant) -> Suspicion:
    booking, telling = meant.booking, meant.telling
    assert booking is not None, "what is found doubtful means a booking"
    return Suspicion(
        FOUND_AS[type(meant.refusal)],  # type: ignore[index]
        f"collection:{telling.key}",
        booking.resident_id,
        {
            "booking_id": booking.id,
            "canteen_id": booking.canteen_id,
            "service_on": booking.service_on.isoformat(),
            "handed_out_at": telling.at.astimezone(clock.CITY).isoformat(),
            "how": telling.how.value,
            "sign_in_id": actor_of(session).sign_in_id,
        },
    )


def _receipt(meant: _Meant) -> Receipt:
    return Receipt(meant.telling.key, meant.booking.id if meant.booking else None, meant.refusal)
