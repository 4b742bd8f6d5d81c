"""Where a renovation stands: the one next step, and what is missing for it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from server.db.sessions import actor_of
from server.homecare.renovations.knowing import facts_of
from server.homecare.renovations.models import Renovation
from server.homecare.renovations.states import MOVES, NEXT, Move, Need, missing_before
from server.identity.roles import may


@dataclass(frozen=True)
class Outlook:
    """`move` is None where nothing is waited for; `is_mine` where the actor may take it."""

    move: Move | None
    missing: list[Need]
    is_mine: bool


def look_ahead(session: Session, renovation: Renovation | Row[Any]) -> Outlook:
    """Return what comes next for a renovation that the actor may see."""
    step = NEXT.get(renovation.state)
    if step is None:
        return Outlook(None, [], False)
    move = MOVES[step]
    lacking = missing_before(step, facts_of(session, renovation))
    is_mine = any(may(actor_of(session), one) for one in move.permissions)
    return Outlook(move, lacking, is_mine)
