"""Renovations of homes as answers of the API."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from server import clock
from server.homecare.renovations.models import (
    RenovationPhoto,
    RenovationQuote,
    RenovationQuoteLine,
)
from server.homecare.renovations.states import BEFORE_CONSENT, ON_THE_WAY, RenovationState

WAY = (*ON_THE_WAY, RenovationState.SETTLED)
DONE = (RenovationState.ACCEPTANCE, RenovationState.SETTLED)


def renovation(row: Row[Any]) -> dict[str, Any]:
    """Return a renovation in brief."""
    return {
        **row._mapping,
        "state": row.state.value,
        "end_reason": row.end_reason.value if row.end_reason else None,
        "can_withdraw": row.state in BEFORE_CONSENT,
        "can_rate": row.state in DONE,
    }


def way(row: Row[Any], moves: Sequence[Row[Any]]) -> list[dict[str, Any]]:
    """Every stage with the last day on which it was left, as far as it still counts."""
    left = {move.from_state: clock.day_of(move.at) for move in moves}
    at = WAY.index(row.state) if row.state in WAY else len(WAY)
    return [
        {
            "state": state.value,
            "done_on": left.get(state) if number < at else None,
            "is_now": state is row.state,
        }
        for number, state in enumerate(WAY)
    ]


def quote(
    offered: RenovationQuote | None, lines: Sequence[RenovationQuoteLine]
) -> dict[str, Any] | None:
    """Return the quote that stands with its lines."""
    if offered is None:
        return None
    told = [{**line.model_dump(), "room": line.room.value} for line in lines]
    return {**offered.model_dump(), "state": offered.state.value, "lines": told}


def picture(photo: RenovationPhoto) -> dict[str, Any]:
    """Return what a picture shows, and when it was taken."""
    return {**photo.model_dump(), "phase": photo.phase.value, "room": photo.room.value}
