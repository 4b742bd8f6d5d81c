"""Beds at home as answers of the API."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from server import clock, masking
from server.homecare.alarms.rules import waited
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
    row: Row[Any],
    moves: Sequence[Row[Any]],
    agreements: Sequence[HomeBedAgreement],
    alarms: Sequence[Row[Any]],
) -> dict[str, Any]:
    """Return a bed with its way, its agreement, and what was called for from there."""
    today = clock.today()
    started = [one for one in reversed(agreements) if one.ends_on > today]
    return {
        **bed(row),
        "steps": _steps(row, moves),
        "agreement": vars(started[0]) if started else None,
        "alarms": [_alarm(one) for one in alarms if one.home_bed_id == row.id],
    }


def _alarm(row: Row[Any]) -> dict[str, Any]:
    answered_at, now = row.acknowledged_at, clock.now()
    waited_for = waited(row.raised_at, answered_at, now=now) if answered_at else None
    return {
        "id": row.id,
        "kind": row.kind.value,
        "raised_at": row.raised_at,
        "signals": row.signals,
        "is_over": row.closed_at is not None,
        "waited_seconds": int(waited_for.total_seconds()) if waited_for is not None else None,
        "answered_by": masking.name(row.staff_name) if row.staff_name else None,
        "outcome": row.outcome.value if row.outcome else None,
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
