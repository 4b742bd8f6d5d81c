"""How far a claim is on its way through its offices, what is next, and whose turn it is."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from admin.formats import long_day
from admin.subsidies.road import Road
from admin.words import word
from server.i18n.catalogues import pgettext
from server.policies.programmes.schema import Programme
from server.subsidies.claims.models import ClaimState
from server.subsidies.claims.rules import STATE_AT

TO_BE_FILLED = (ClaimState.DRAFT, ClaimState.RETURNED)
STOPPED = (ClaimState.REFUSED, ClaimState.WITHDRAWN)


def road_of(row: Row[Any], programme: Programme, *, is_yours: bool) -> Road:
    """Return the way of a claim; one that was refused or taken back left it."""
    steps = _steps(programme)
    day = row.closes_on if row.state in TO_BE_FILLED else row.due_on
    told = "yours" if is_yours else row.state.value
    if row.state in TO_BE_FILLED and day is None:
        told = "all_year"
    return Road(
        [word("claim_road", one) for one in steps],
        _at(steps, row.state),
        pgettext("claim_next", told, day=long_day(day)),
    )


def _steps(programme: Programme) -> Sequence[str]:
    stages = programme.approval.stages if programme.approval else []
    return ["fill", *(STATE_AT[one.at].value for one in stages), "accepted"]


def _at(steps: Sequence[str], state: ClaimState) -> int | None:
    if state in STOPPED:
        return None
    if state in TO_BE_FILLED:
        return 0
    return len(steps) if state is ClaimState.ACCEPTED else steps.index(state.value)
