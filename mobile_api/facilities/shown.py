"""Rows as answers of the API."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from server.facilities.viewings.models import AHEAD
from server.facilities.waiting.models import STILL_WAITS
from server.providers.models import OpeningState
from server.providers.positions import Position, metres_between
from server.providers.queries import NEARNESS


def home(
    row: Row[Any],
    beds: Mapping[int, Sequence[Row[Any]]],
    *,
    lives_at: Position | None,
    as_of: datetime,
) -> dict[str, Any]:
    """Return a home with its beds, which were counted at `as_of`, and how far it is."""
    is_open = row.opening_state is OpeningState.OPEN
    of_home = beds.get(row.id, ())
    is_known = lives_at is not None and row.x is not None
    return {
        **row._mapping,
        "kind": row.kind.value,
        "ownership": row.ownership.value if row.ownership else None,
        "is_open": is_open,
        "is_accepting": _is_accepting(is_open, of_home),
        "nearness": NEARNESS[row.rank],
        "distance_m": metres_between(lives_at, (row.x, row.y)) if is_known else None,
        "beds": [of_kind._mapping for of_kind in of_home],
        "as_of": as_of,
    }


def _is_accepting(is_open: bool, beds: Sequence[Row[Any]]) -> bool | None:
    """True where one can apply, be it to queue; None where the home records no beds."""
    if not is_open:
        return False
    return any(of_kind.beds for of_kind in beds) if beds else None


def price(row: Row[Any]) -> dict[str, Any]:
    """Return what a home asks for an item."""
    return {**row._mapping, "item": row.item.value}


def photo(row: Row[Any]) -> dict[str, Any]:
    """Return a photo by where everybody can fetch it."""
    return {"path": f"/sites/photos/{row.file_id}", "caption": row.caption}


def viewing(row: Row[Any]) -> dict[str, Any]:
    """Return a visit."""
    return {
        **row._mapping,
        "part": row.part.value,
        "state": row.state.value,
        "can_cancel": row.state in AHEAD,
    }


def application(row: Row[Any]) -> dict[str, Any]:
    """Return an application with the place in the list, and with the offer where one is open."""
    offer = {"id": row.offer_id, "bed": row.offered_bed, "expires_at": row.offer_until}
    by_day = row.place - 1 - row.ahead_by_ground if row.place else None
    return {
        **row._mapping,
        "kind": row.kind.value,
        "state": row.state.value,
        "ground": row.ground.value,
        "ahead_by_day": by_day,
        "offer": offer if row.offer_id is not None else None,
        "can_leave": row.state in STILL_WAITS,
    }
