"""Rows of meals made ready to be read on a phone."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Row

from mobile_api.meals.qr_symbols import qr_rows
from mobile_api.meals.signed_symbols import signed_qr_rows
from server.i18n.catalogues import pgettext
from server.meals import reasons, rules
from server.meals.counter.keys import Signer
from server.meals.models import BookingStatus
from server.meals.queries.booking_facts import BookingFacts
from server.meals.queries.bookings import can_cancel
from server.meals.queries.canteens import NEARNESS, USUAL
from server.meals.queries.sittings import state_at

MEALS_IN_ORDER = ("breakfast", "lunch", "dinner")
PHOTO_OF_A_DISH = "/api/v1/dishes/photos/{}"


def canteen(row: Row[Any]) -> dict[str, Any]:
    """A canteen with its nearness in words and the meals it serves, in order of the day."""
    serves = [meal for meal in MEALS_IN_ORDER if meal in (row.serves or [])]
    return {
        **row._mapping,
        "operating_model": row.operating_model.value,
        "distance_m": None,
        "nearness": NEARNESS[row.rank],
        "is_usual": row.rank == USUAL,
        "serves": serves,
        "opening_text": row.division_name,
    }


def menu(
    canteen_id: int, rows: Sequence[Row[Any]], *, first_day: date, days: int
) -> dict[str, Any]:
    """The days in order, each with its sittings; a day without one is there, and empty."""
    by_day = {day: list(group) for day, group in groupby(rows, key=lambda row: row.service_on)}
    every_day = [first_day + timedelta(days=number) for number in range(days)]
    return {
        "canteen_id": canteen_id,
        "first_day": first_day,
        "days": [
            {"day": day, "sittings": [sitting(row) for row in by_day.get(day, [])]}
            for day in every_day
        ],
    }


def sitting(row: Row[Any]) -> dict[str, Any]:
    """A sitting of the menu; places left are asked for apart, since they change every second."""
    return {
        **row._mapping,
        "meal": row.meal.value,
        "serves_from": clock_time(row.serves_from),
        "serves_until": clock_time(row.serves_until),
        "dishes": [dish(one) for one in row.dishes],
        "operator_discount_fen": rules.percent_of(row.list_price_fen, row.discount_percent),
    }


def dish(one: dict[str, Any]) -> dict[str, Any]:
    """A dish of the menu, with the address of its photo where it has one."""
    file_id = one.pop("photo_file_id")
    return one if file_id is None else one | {"photo_url": PHOTO_OF_A_DISH.format(file_id)}


def quote(
    facts: BookingFacts, split: rules.Split, *, clash: Row[Any], resident_id: int, now: datetime
) -> dict[str, Any]:
    """Who pays what, and why, in the reader's language."""
    return {
        "sitting_id": facts.sitting_id,
        "resident_id": resident_id,
        "list_price_fen": split.list_price_fen,
        "operator_discount_fen": split.operator_discount_fen,
        "subsidy_fen": split.subsidy_fen,
        "charity_fen": split.charity_fen,
        "own_pay_fen": split.own_pay_fen,
        "reasons": [
            {
                "code": reason.code,
                "text": pgettext("reason", reason.code),
                "amount_fen": reason.amount_fen,
            }
            for reason in split.reasons
        ],
        "places_left": max(facts.places_left, 0),
        "state": state_at(now, facts),
        "already_booked_id": facts.booking_id,
        "usual_diet": facts.usual_diet,
        "harmful_dishes": clash.harmful,
        "disliked_dishes": clash.disliked,
    }


def booking(
    row: Row[Any], *, now: datetime, today: date, signer: Signer | None = None
) -> dict[str, Any]:
    """A booking; its code is shown while it can still be used, signed where there is a key.

    The answer to booking itself has the short code, which counters check by their list alone.
    """
    usable = row.status is BookingStatus.BOOKED and row.service_on >= today
    over = row.status is BookingStatus.BOOKED and row.service_on < today
    missed = over or row.status is BookingStatus.MISSED
    return {
        **row._mapping,
        "meal": row.meal.value,
        "status": "not_collected" if missed else row.status.value,
        "booked_by": row.booked_by.value,
        "diet": row.diet.value,
        "handing": row.handing.value,
        "paid_how": None if row.paid_how is None else row.paid_how.value,
        "serves_from": clock_time(row.serves_from),
        "serves_until": clock_time(row.serves_until),
        "code": row.code if usable else None,
        "qr_modules": _qr(row, signer) if usable else None,
        "can_cancel": can_cancel(row, now=now),
        "cancel_text": _cancel_text(row),
        "dishes": [{"name": name} for name in row.dishes or []],
    }


def closure(row: Row[Any]) -> dict[str, Any]:
    """A closed day, or a meal of it, with the reason in the canteen's words."""
    return {**row._mapping, "meal": row.meal.value if row.meal else None}


def _cancel_text(row: Row[Any]) -> str | None:
    """Why a meal was cancelled: a code in words, or what somebody wrote."""
    if row.cancel_reason in reasons.CODES:
        return pgettext("cancel_reason", row.cancel_reason)
    reason: str | None = row.cancel_reason
    return reason


def _qr(row: Row[Any], signer: Signer | None) -> list[str]:
    if signer is not None:
        return signed_qr_rows(signer.token(row))
    return qr_rows(f"YL1:{row.id}:{row.code}")


def clock_time(at: time) -> str:
    """Return a time of day as it stands on the wall, 11:30."""
    return at.strftime("%H:%M")
