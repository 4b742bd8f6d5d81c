"""Rows of a counter made ready for its tablet."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from sqlalchemy import Row

from server import clock
from server.i18n.catalogues import problem_sentence
from server.meals.counter.receiving import Receipt
from server.meals.deliveries.rules import Pace, is_late
from server.meals.errors import AlreadyCollected
from server.meals.models import BookingStatus


def counter_day(
    canteen_id: int,
    day: date,
    *,
    diners: Sequence[Row[Any]],
    sittings: Sequence[Row[Any]],
    keys: Mapping[int, bytes],
) -> dict[str, Any]:
    """The day's list with what a tablet needs to check a code by itself."""
    return {
        "canteen_id": canteen_id,
        "day": day,
        "as_of": clock.now(),
        "diners": [_diner(canteen_id, day, row) for row in diners],
        "sittings": [_sitting(row) for row in sittings],
        "keys": [
            {"number": number, "public_key": public_key.hex()}
            for number, public_key in sorted(keys.items())
        ],
    }


def code_digest(canteen_id: int, day: date, code: str) -> str:
    """Return by what a tablet knows six digits again without keeping them."""
    return hashlib.sha256(f"{canteen_id}/{day.isoformat()}/{code}".encode()).hexdigest()


def receipt(one: Receipt, diner: Row[Any] | None) -> dict[str, Any]:
    """What became of one meal, with its diner for the screen."""
    refused = one.refusal
    state = "already" if isinstance(refused, AlreadyCollected) else "refused"
    return {
        "key": one.key,
        "booking_id": one.booking_id,
        "state": "accepted" if refused is None else state,
        "name": diner and diner.name,
        "diet": diner and diner.diet.value,
        "allergens": (diner and diner.allergens) or [],
        "own_pay_fen": diner and diner.own_pay_fen,
        "code": refused and refused.code,
        "detail": refused and problem_sentence(refused.code, refused.facts),
    }


def delivery_round(row: Row[Any], drops: Sequence[Row[Any]], pace: Pace) -> dict[str, Any]:
    """A round with its stops in order."""
    return {
        **row._mapping,
        "meal": row.meal.value,
        "is_late": is_late(row.sealed_at, row.waiting, now=clock.now(), pace=pace),
        "minutes_allowed": pace.minutes,
        "drops": [_drop(drop) for drop in drops if drop.round_id == row.id],
    }


def _drop(row: Row[Any]) -> dict[str, Any]:
    return {
        **row._mapping,
        "state": row.state.value,
        "diet": row.diet.value,
        "is_cancelled": row.booking_status is BookingStatus.CANCELLED,
        "has_photo": row.photo_file_id is not None,
    }


def _diner(canteen_id: int, day: date, row: Row[Any]) -> dict[str, Any]:
    return {
        "booking_id": row.id,
        "meal": row.meal.value,
        "name": row.name,
        "initials": row.initials,
        "phone_tail": row.phone_tail,
        "code_digest": code_digest(canteen_id, day, row.code),
        "status": row.status.value,
        "diet": row.diet.value,
        "handing": row.handing.value,
        "allergens": row.allergens or [],
        "own_pay_fen": row.own_pay_fen,
        "collected_at": row.collected_at,
    }


def _sitting(row: Row[Any]) -> dict[str, Any]:
    return {
        **row._mapping,
        "meal": row.meal.value,
        "serves_from": _on_the_wall(row.serves_from),
        "serves_until": _on_the_wall(row.serves_until),
        "places_left": max(row.places_left, 0),
    }


def _on_the_wall(at: time) -> str:
    return at.strftime("%H:%M")
