"""Where a bed stands and what is waited for: the one next step, and what is missing for it."""

from typing import Any

from sqlalchemy import Row
from sqlmodel import Session

from server.homecare import stepping
from server.homecare.beds.knowing import facts_of
from server.homecare.models import HomeBed, HomeBedState
from server.homecare.states import BED_LIFE, Need, Step


def look_ahead(
    session: Session, bed: HomeBed | Row[Any]
) -> stepping.Outlook[HomeBedState, Step, Need]:
    """Return what comes next for a bed that the actor may see."""
    return stepping.look_ahead(session, BED_LIFE, bed.state, lambda: facts_of(session, bed))
