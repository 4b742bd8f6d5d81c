"""Where a renovation stands: the one next step, and what is missing for it."""

from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from server.homecare import stepping
from server.homecare.renovations.knowing import facts_of
from server.homecare.renovations.models import Renovation
from server.homecare.renovations.states import (
    RENOVATION_LIFE,
    Need,
    RenovationState,
    RenovationStep,
)


def look_ahead(
    session: Session, renovation: Renovation | Row[Any]
) -> stepping.Outlook[RenovationState, RenovationStep, Need]:
    """Return what comes next for a renovation that the actor may see."""
    return stepping.look_ahead(
        session, RENOVATION_LIFE, renovation.state, lambda: facts_of(session, renovation)
    )
