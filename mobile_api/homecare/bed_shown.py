"""Beds at home as answers of the API."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from server import clock
from server.homecare.beds.models import HomeBedAgreement
from server.homecare.models import HomeBedState
from server.homecare.states import ON_THE_WAY

WAY = (*ON_THE_WAY, HomeBedState.SERVING)


def bed(row: Row[Any]) -> dict[str, Any]:
    """Return a bed in brief."""
    return {
        **row._mapping,
        "state": row.state.value,
        "pause_reason": row.pause_reason.value if row.pause_reason else None,
        "end_reason": row.end_reason.value if row.end_reason else None,
        "can_withdraw": row.state is not HomeBedState.ENDED,
    }


def one_bed(
    row: Row[Any], moves: Sequence[Row[Any]], agreements: Sequence[HomeBedAgreement]
) -> dict[str, Any]:
    """Return a bed with its way and its agreement."""
    today = clock.today()
    started = [one for one in reversed(agreements) if one.ends_on > today]
    return {
        **bed(row),
        "steps": _steps(row, moves),
        "agreement": vars(started[0]) if started else None,
    }


def _steps(row: Row[Any], moves: Sequence[Row[Any]]) -> list[dict[str, Any]]:
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
