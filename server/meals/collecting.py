"""取餐: hand out a meal, once."""

import secrets

from sqlmodel import Session

from server import clock
from server.meals.counter.models import How
from server.meals.counter.receiving import Telling, receive


def collect_meal(session: Session, *, canteen_id: int, code: str) -> int:
    """Hand out today's meal of this code, settle its own pay, and return the booking's id.

    Raises `MealCodeUnknown`, `AlreadyCollected`, `BookingCancelled`, `MealDaySettled`.
    """
    telling = Telling(secrets.token_hex(16), clock.now(), How.CODE, code=code)
    [receipt] = receive(session, canteen_id, [telling])
    if receipt.refusal is not None:
        raise receipt.refusal
    assert receipt.booking_id is not None, "what was handed out has its booking"
    return receipt.booking_id
