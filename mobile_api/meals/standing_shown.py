"""Rows of standing orders and lines made ready to be read on a phone."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from mobile_api.meals.shown import clock_time
from server import clock
from server.meals.standing import queries
from server.meals.standing.models import MealPause
from server.meals.standing.refusals import words_of
from server.meals.standing.rules import days_of_week


def orders(session: Session, rows: Sequence[Row[Any]]) -> list[dict[str, Any]]:
    """Each order with its pauses, also by an absence, and the days that could not be booked."""
    residents = sorted({row.resident_id for row in rows})
    today = clock.today()
    pauses = queries.list_pauses(session, residents, today=today) if rows else []
    refused = queries.list_refusals(session, resident_ids=residents, today=today) if rows else []
    return [_order(row, pauses, refused) for row in rows]


def waiting(row: Row[Any]) -> dict[str, Any]:
    """A place in a line, with how many stand there up to it."""
    return {
        **row._mapping,
        "meal": row.meal.value,
        "state": row.state.value,
        "serves_from": clock_time(row.serves_from),
        "serves_until": clock_time(row.serves_until),
    }


def _order(
    row: Row[Any], pauses: Sequence[MealPause], refused: Sequence[Row[Any]]
) -> dict[str, Any]:
    return {
        **row._mapping,
        "meal": row.meal.value,
        "diet": row.diet.value,
        "handing": row.handing.value,
        "weekdays": days_of_week(row.weekdays),
        "pauses": [
            {**pause.model_dump(), "cause": pause.cause.value}
            for pause in pauses
            if pause.order_id == row.id
            or (pause.order_id is None and pause.resident_id == row.resident_id)
        ],
        "refused": [
            {"service_on": one.service_on, "code": one.code, "text": words_of(one.code)}
            for one in refused
            if one.order_id == row.id
        ],
    }
