"""Whoever takes back the consent to share what a bed at home needs is not served by it any more."""

from sqlalchemy import select
from sqlmodel import Session, col

from server.db.sessions import reaching_everywhere
from server.homecare.beds import occupying
from server.homecare.beds.knowing import lock
from server.homecare.beds.steps import close, pause_by_itself
from server.homecare.models import HomeBed, HomeBedEnd, HomeBedPause, HomeBedState
from server.homecare.states import BED_LIFE, ON_THE_WAY, Step
from server.residents.consents.events import ConsentWithdrawn
from server.residents.consents.models import Purpose


def follow_consent_withdrawn(session: Session, event: ConsentWithdrawn) -> None:
    """A bed that serves pauses, and ends in time; an application is taken back."""
    if event.purpose is not Purpose.HOME_CARE:
        return
    with reaching_everywhere(session):
        bed = _find_open(session, event.resident_id)
        if bed is None:
            return
        lock(session, bed)
        if bed.state is HomeBedState.SERVING:
            pause_by_itself(session, bed, HomeBedPause.NO_CONSENT)
            occupying.leave(session, bed)
        elif bed.state is HomeBedState.PAUSED:
            bed.pause_reason = HomeBedPause.NO_CONSENT
            session.flush()
        elif bed.state in ON_THE_WAY:
            close(session, bed, BED_LIFE.moves[Step.WITHDRAW], HomeBedEnd.WITHDRAWN)


def _find_open(session: Session, resident_id: int) -> HomeBed | None:
    query = select(HomeBed).where(
        col(HomeBed.resident_id) == resident_id, col(HomeBed.state) != HomeBedState.ENDED
    )
    bed: HomeBed | None = session.execute(query).scalar_one_or_none()
    return bed
